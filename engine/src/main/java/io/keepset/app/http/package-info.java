/**
 * The HTTP API: controllers that carry trees in and out, and the one Spring context. They decide
 * nothing.
 */
@NullMarked
package io.keepset.app.http;

import org.jspecify.annotations.NullMarked;
