/** The platform that Keepset itself is: what the runner decides, free of clock and database. */
@NullMarked
package io.keepset.runner;

import org.jspecify.annotations.NullMarked;
