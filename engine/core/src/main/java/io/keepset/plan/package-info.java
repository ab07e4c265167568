/** Desired against actual: changes, their grade and impact, the plan and its printers. Pure. */
@NullMarked
package io.keepset.plan;

import org.jspecify.annotations.NullMarked;
