/** When runs and chores happen: Quartz on the state database. */
@NullMarked
package io.keepset.app.schedule;

import org.jspecify.annotations.NullMarked;
