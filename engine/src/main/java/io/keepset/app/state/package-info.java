/** The state database: catalogue, schedules and tokens, in an H2 file or in PostgreSQL. */
@NullMarked
package io.keepset.app.state;

import org.jspecify.annotations.NullMarked;
