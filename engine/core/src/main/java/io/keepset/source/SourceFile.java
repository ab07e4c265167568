package io.keepset.source;

/**
 * One policy file as it came from a directory or a commit.
 *
 * @param path relative to the policy root, with forward slashes; its extension names the spelling
 * @param bytes as stored, not yet known to be UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the reader of files to the parser, once
public record SourceFile(String path, byte[] bytes) {}
