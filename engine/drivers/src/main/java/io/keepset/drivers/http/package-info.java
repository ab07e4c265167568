/** Servers that speak JSON over HTTP; shared by the engines that are such. */
@NullMarked
package io.keepset.drivers.http;

import org.jspecify.annotations.NullMarked;
