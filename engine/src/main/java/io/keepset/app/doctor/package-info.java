/** What must be in order on this machine before policies can be kept. */
@NullMarked
package io.keepset.app.doctor;

import org.jspecify.annotations.NullMarked;
