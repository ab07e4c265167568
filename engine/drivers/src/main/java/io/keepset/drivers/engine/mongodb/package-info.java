/** MongoDB: mongodump archives, by the tool where it is, else over the driver. */
@NullMarked
package io.keepset.drivers.engine.mongodb;

import org.jspecify.annotations.NullMarked;
