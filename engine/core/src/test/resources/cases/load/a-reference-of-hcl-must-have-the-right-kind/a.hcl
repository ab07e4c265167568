store "main" {
  type = "directory"
  path = "/backups"
}

policy "gold" {
  schedule "nightly" {
    cron = policy.gold
  }
  retention {
    daily = 7
  }
}

database "uploads" {
  engine = "volume"
  policy = store.main
  store  = store.main

  connection {
    path = "/srv"
  }
}
