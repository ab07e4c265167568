/** From a revision to applied changes: the stations of one reconciliation. */
@NullMarked
package io.keepset.reconcile;

import org.jspecify.annotations.NullMarked;
