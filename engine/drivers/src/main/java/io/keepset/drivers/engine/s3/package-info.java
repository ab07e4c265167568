/** The objects of a bucket, or of a prefix in it. */
@NullMarked
package io.keepset.drivers.engine.s3;

import org.jspecify.annotations.NullMarked;
