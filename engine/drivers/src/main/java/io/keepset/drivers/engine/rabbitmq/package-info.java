/** RabbitMQ's definitions, by the management API. */
@NullMarked
package io.keepset.drivers.engine.rabbitmq;

import org.jspecify.annotations.NullMarked;
