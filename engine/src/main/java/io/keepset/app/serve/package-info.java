/** The server's own life: following the policies, applying them, stopping in good order. */
@NullMarked
package io.keepset.app.serve;

import org.jspecify.annotations.NullMarked;
