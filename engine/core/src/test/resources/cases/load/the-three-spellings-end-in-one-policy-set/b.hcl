policy "gold" {
  schedule "nightly" {
    cron = "0 2 * * *"
  }
  retention {
    daily = 30
  }
}

database "uploads" {
  engine = "volume"
  policy = policy.gold
  store  = store.main

  connection {
    path = "/srv/uploads"
  }
}
