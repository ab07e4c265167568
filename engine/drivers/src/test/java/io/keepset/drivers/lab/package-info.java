/** Real servers for tests, started and stopped by the test that needs them. */
@NullMarked
package io.keepset.drivers.lab;

import org.jspecify.annotations.NullMarked;
