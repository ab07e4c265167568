/** Receives the logs of databases and keeps them, while a server runs. */
@NullMarked
package io.keepset.app.wal;

import org.jspecify.annotations.NullMarked;
