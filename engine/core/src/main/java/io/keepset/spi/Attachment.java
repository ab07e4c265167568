package io.keepset.spi;

/**
 * A small file beside the artifact ({@code globals.sql}); stored, encrypted and checked like it.
 *
 * @param name lower-case letters, digits, {@code . - _}
 */
@SuppressWarnings("ArrayRecordComponent") // written once, read once, never compared
public record Attachment(String name, byte[] content) {}
