/** Pictures of what a retention keeps, as SVG. Pure: the same input gives the same bytes. */
@NullMarked
package io.keepset.retention.picture;

import org.jspecify.annotations.NullMarked;
