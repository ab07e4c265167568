# Declares backups next to what Terraform makes, with nothing but curl.
# Needs KEEPSET_TOKEN in the environment: a token with the role operator.

variable "keepset" {
  description = "Where the server answers."
  type        = string
  default     = "http://127.0.0.1:8080"
}

variable "daily" {
  description = "How many daily backups of orders are kept."
  type        = number
  default     = 14
}

locals {
  objects = "${var.keepset}/terraform/v1/objects"

  orders = {
    engine     = "volume"
    policy     = "gold"
    store      = "main"
    connection = { path = "/srv/orders" }
    override   = { retention = { daily = var.daily } }
  }
}

# Lives as long as the object: only its end removes it.
resource "terraform_data" "orders" {
  input = "${local.objects}/database/orders"

  provisioner "local-exec" {
    when    = destroy
    command = "curl --silent --show-error --fail-with-body --request DELETE --header \"Authorization: Bearer $KEEPSET_TOKEN\" --header 'Accept: text/plain' \"$URL\""
    environment = {
      URL = self.input
    }
  }
}

# Replaced with each change of the content, which writes it again and removes nothing.
resource "terraform_data" "orders_content" {
  triggers_replace = local.orders
  depends_on       = [terraform_data.orders]

  provisioner "local-exec" {
    command = "curl --silent --show-error --fail-with-body --request PUT --header \"Authorization: Bearer $KEEPSET_TOKEN\" --header 'Accept: text/plain' --data-binary \"$BODY\" \"$URL\""
    environment = {
      URL  = "${local.objects}/database/orders?message=Terraform%20wants%20orders%20backed%20up"
      BODY = jsonencode(local.orders)
    }
  }
}
