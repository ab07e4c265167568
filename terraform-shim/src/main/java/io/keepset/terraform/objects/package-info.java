/**
 * Policies, databases, environments, stores and holds as objects of a REST API: each is written and
 * read back by a name that the client chooses.
 */
@NullMarked
package io.keepset.terraform.objects;

import org.jspecify.annotations.NullMarked;
