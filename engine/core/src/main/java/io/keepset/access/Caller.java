package io.keepset.access;

/**
 * Who asks.
 *
 * @param name as the audit names people and machines
 */
public record Caller(String name, Role role) {}
