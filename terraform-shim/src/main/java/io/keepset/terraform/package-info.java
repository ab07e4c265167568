/**
 * What Terraform talks to, without a server of its own: requests come in as {@link
 * io.keepset.terraform.Request}, answers go out as {@link io.keepset.terraform.Reply}, whoever
 * listens.
 */
@NullMarked
package io.keepset.terraform;

import org.jspecify.annotations.NullMarked;
