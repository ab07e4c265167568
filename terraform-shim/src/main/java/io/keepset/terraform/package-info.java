/**
 * What Terraform talks to: HTTP endpoints that the app mounts under {@code /terraform}. Uses the
 * public types of core only, never the app.
 */
@NullMarked
package io.keepset.terraform;

import org.jspecify.annotations.NullMarked;
