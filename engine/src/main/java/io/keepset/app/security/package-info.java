/** Tokens and certificates: who may call, and how the line is kept private. */
@NullMarked
package io.keepset.app.security;

import org.jspecify.annotations.NullMarked;
