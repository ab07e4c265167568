/** The demo: everything that Keepset does, once, on this machine, with a voice that explains it. */
@NullMarked
package io.keepset.app.demo;

import org.jspecify.annotations.NullMarked;
