/** PostgreSQL by {@code pg_dump} custom archives. */
@NullMarked
package io.keepset.drivers.engine.postgresql;

import org.jspecify.annotations.NullMarked;
