/** MySQL and MariaDB, by the logical dumps of their own tools. */
@NullMarked
package io.keepset.drivers.engine.mysql;

import org.jspecify.annotations.NullMarked;
