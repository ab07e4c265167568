policy "gold" {
  schedule "nightly" {
    cron     = "0 2 * * *"
    timezone = "Europe/Berlin"
  }
  retention {
    daily = 7
  }
}
store "main" {
  type = "directory"
  path = "/b"
}
database "orders" {
  engine = "postgresql"
  store  = "main"
  policy = "gold"
  connection {
    host = "orders.internal"
  }
}
