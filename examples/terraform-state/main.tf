# Everything that is particular to Keepset is in this block and in TF_HTTP_PASSWORD.
terraform {
  backend "http" {
    address        = "http://127.0.0.1:8080/terraform/state/network"
    lock_address   = "http://127.0.0.1:8080/terraform/state/network"
    unlock_address = "http://127.0.0.1:8080/terraform/state/network"
    username       = "ci" # any; the password is the token
  }
}

variable "vlan" {
  type    = number
  default = 100
}

resource "terraform_data" "network" {
  input = { vlan = var.vlan }
}

output "vlan" {
  value = terraform_data.network.output.vlan
}
