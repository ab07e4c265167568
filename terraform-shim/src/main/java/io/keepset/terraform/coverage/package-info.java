/**
 * Which databases, buckets, volumes and file systems in a plan of Terraform's have backups by
 * policy. Pure: works on the JSON that {@code terraform show -json} prints (format version 1).
 */
@NullMarked
package io.keepset.terraform.coverage;

import org.jspecify.annotations.NullMarked;
