/** Connections of ours secured by certificates from PEM files; shared by drivers. */
@NullMarked
package io.keepset.drivers.tls;

import org.jspecify.annotations.NullMarked;
