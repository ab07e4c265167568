/** Policy text in three spellings, read into one tree whose every node knows its place. */
@NullMarked
package io.keepset.source;

import org.jspecify.annotations.NullMarked;
