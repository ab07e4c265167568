/** Elasticsearch and OpenSearch, by the snapshot API. */
@NullMarked
package io.keepset.drivers.engine.elasticsearch;

import org.jspecify.annotations.NullMarked;
