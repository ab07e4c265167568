/** Backups in a bucket of S3 or of a service that speaks its language. */
@NullMarked
package io.keepset.drivers.store.s3;

import org.jspecify.annotations.NullMarked;
