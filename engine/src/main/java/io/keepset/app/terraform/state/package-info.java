/** Terraform's states, kept in the state database: sealed, with former versions and locks. */
@NullMarked
package io.keepset.app.terraform.state;

import org.jspecify.annotations.NullMarked;
