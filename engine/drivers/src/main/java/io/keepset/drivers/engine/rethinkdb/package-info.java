/** RethinkDB, in the archive format of its own dump tool. */
@NullMarked
package io.keepset.drivers.engine.rethinkdb;

import org.jspecify.annotations.NullMarked;
