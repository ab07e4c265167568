package io.keepset.runner.artifact;

import java.util.Optional;

/**
 * One object in a store as it was written: what went in, what lies there, and how the one became
 * the other. Part of the manifest; with it {@link ArtifactReader} gets the plain bytes back and
 * knows whether they are right.
 *
 * @param key of the object in the store
 * @param plain the engine's own bytes
 * @param stored the bytes in the store
 * @param keyId of the encryption key; empty if the object is only compressed
 */
public record SealedObject(
    String key, Fingerprint plain, Fingerprint stored, Optional<String> keyId) {}
