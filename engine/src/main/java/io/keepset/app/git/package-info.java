/** Policy files from a Git repository: one revision at a time, as bytes, without a work tree. */
@NullMarked
package io.keepset.app.git;

import org.jspecify.annotations.NullMarked;
