policy "gold" {
  schedule "nightly" {
    cron = "${var.cron}"
    timezone = zone
  }
  retention {
    daily = 7 * 4
    last: 3
    weekly = length([1, 2])
    within = 30d
  }
  grace = 'three days'
  point_in_time = policy.gold.grace
}
database "orders" {
  engine = "postgresql", policy = "gold"
  connection = {
    host = "db1" port = 5432
  }
  labels = { for k, v in x : k => v }
}
store "main" {
  path = <<EOT
never closed
