# The same by a generic REST provider, which also sees when somebody changes the object.

terraform {
  required_providers {
    restapi = {
      source  = "Mastercard/restapi"
      version = ">= 1.20.0, < 3.0.0"
    }
  }
}

variable "keepset" {
  type    = string
  default = "http://127.0.0.1:8080"
}

variable "token" {
  description = "A token of the server with the role operator."
  type        = string
  sensitive   = true
}

provider "restapi" {
  uri                  = "${var.keepset}/terraform/v1/objects"
  headers              = { Authorization = "Bearer ${var.token}" }
  create_method        = "PUT"
  write_returns_object = true
}

resource "restapi_object" "orders" {
  path        = "/database"
  create_path = "/database/{id}"
  object_id   = "orders"

  data = jsonencode({
    engine     = "volume"
    policy     = "gold"
    store      = "main"
    connection = { path = "/srv/orders" }
    override   = { retention = { daily = 14 } }
  })
}
