/** Who may do what, wherever Keepset can be called from outside. */
@NullMarked
package io.keepset.access;

import org.jspecify.annotations.NullMarked;
