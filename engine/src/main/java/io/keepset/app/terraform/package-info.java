/** What the Terraform shim needs from the engine, and how its sections are put together. */
@NullMarked
package io.keepset.app.terraform;

import org.jspecify.annotations.NullMarked;
