/** Talking to a running server, so that commands need not know whether one runs. */
@NullMarked
package io.keepset.app.remote;

import org.jspecify.annotations.NullMarked;
