/**
 * Talking to S3: clients, requests, uploads, downloads, and what its refusals mean. Shared by the
 * store and the engine of that name.
 */
@NullMarked
package io.keepset.drivers.aws;

import org.jspecify.annotations.NullMarked;
