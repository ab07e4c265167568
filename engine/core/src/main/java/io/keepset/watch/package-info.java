/** What should have happened against what did: the problems somebody has to be told about. */
@NullMarked
package io.keepset.watch;

import org.jspecify.annotations.NullMarked;
