/** What teams declare: policies, databases, environments, stores; resolved to protections. */
@NullMarked
package io.keepset.policy;

import org.jspecify.annotations.NullMarked;
