/**
 * What Terraform reads: documents for {@code terraform_remote_state} and for {@code data "http"}.
 * They change when what they tell changes, not with the clock, and reading leaves no trace.
 */
@NullMarked
package io.keepset.terraform.read;

import org.jspecify.annotations.NullMarked;
