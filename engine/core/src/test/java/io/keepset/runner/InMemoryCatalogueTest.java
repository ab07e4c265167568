package io.keepset.runner;

class InMemoryCatalogueTest extends CatalogueContract {
  @Override
  protected Catalogue open() {
    return new InMemoryCatalogue();
  }
}
