/** Writes what REST providers submit into the policies that are followed. */
@NullMarked
package io.keepset.app.terraform.objects;

import org.jspecify.annotations.NullMarked;
