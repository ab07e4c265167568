instance "db2" {
  engine = "postgresql"
  connection {
    host = "db2.internal"
    port = 5433
  }
  excluded "scratch" {
    reason = "filled anew every night"
    until  = "2027-03-31"
  }
}
database "shop" {
  engine   = "postgresql"
  instance = instance.db2
  policy   = "compose"
  store    = store.main
}
