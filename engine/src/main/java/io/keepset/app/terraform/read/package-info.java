/** What the engine tells the Terraform shim's reading sections. */
@NullMarked
package io.keepset.app.terraform.read;

import org.jspecify.annotations.NullMarked;
