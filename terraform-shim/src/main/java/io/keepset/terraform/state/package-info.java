/** Terraform's own states, for its {@code http} backend. */
@NullMarked
package io.keepset.terraform.state;

import org.jspecify.annotations.NullMarked;
