/** Bytes on their way from one thread to another. */
@NullMarked
package io.keepset.stream;

import org.jspecify.annotations.NullMarked;
