package io.keepset.app.terraform;

import io.keepset.app.Keepset;
import io.keepset.app.LocalState;
import io.keepset.app.PolicyFeed;
import io.keepset.app.terraform.objects.InForceView;
import io.keepset.app.terraform.objects.PolicyObjects;

/**
 * What sections are made of.
 *
 * @param feed the policies that are followed; only its place is used, never what it reads next
 * @param wake makes the engine look at the policies at once
 * @param objects how objects are kept
 */
public record Engine(
    Keepset keepset,
    LocalState state,
    PolicyFeed feed,
    InForceView inForce,
    Runnable wake,
    PolicyObjects.Settings objects) {}
