/** The laws that every engine keeps, and what a test of one engine has to bring. */
@NullMarked
package io.keepset.drivers.engine;

import org.jspecify.annotations.NullMarked;
