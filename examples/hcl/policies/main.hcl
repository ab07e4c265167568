// The same language in HCL: blocks, labels, references.
policy "gold" {
  schedule "nightly" {
    cron     = "30 1 * * *"
    timezone = "America/New_York"
  }
  schedule "hourly" {
    cron     = "@hourly"
    timezone = "UTC"
  }
  retention {
    hourly  = 24
    daily   = 30
    monthly = 12
  }
}

database "orders" {
  engine = "postgresql"
  policy = policy.gold // a reference; "gold" means the same
  store  = store.archive

  connection {
    host     = "db1.internal"
    database = "orders"
    user     = "backup"
    password = "env:ORDERS_PASSWORD"
  }
}

store "archive" {
  type = "directory"
  path = "/mnt/archive/keepset"
}
