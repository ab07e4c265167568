/** The list of drivers; one package per platform, database engine and store below it. */
@NullMarked
package io.keepset.drivers;

import org.jspecify.annotations.NullMarked;
