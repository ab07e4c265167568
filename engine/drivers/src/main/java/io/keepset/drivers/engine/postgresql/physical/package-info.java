/** PostgreSQL's files as they lie on disk: base backups and write-ahead log. */
@NullMarked
package io.keepset.drivers.engine.postgresql.physical;

import org.jspecify.annotations.NullMarked;
