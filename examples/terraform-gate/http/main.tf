# The same by single questions. Needs the provider hashicorp/http.

terraform {
  required_providers {
    http = {
      source = "hashicorp/http"
    }
  }
}

variable "keepset" {
  default = "http://localhost:8080"
}

variable "token" {
  description = "A token with the role planner; reader is enough without the plan."
  sensitive   = true
}

locals {
  headers = { Authorization = "Bearer ${var.token}" }
}

data "http" "latest" {
  url             = "${var.keepset}/terraform/v1/databases/files/backups/latest?max_age=26h"
  request_headers = local.headers
}

data "http" "coverage" {
  url             = "${var.keepset}/terraform/v1/coverage?require=files"
  request_headers = local.headers
}

# What the policies beside this configuration would do, before they are merged.
data "http" "plan" {
  url             = "${var.keepset}/terraform/v1/plan"
  method          = "POST"
  request_headers = local.headers
  request_body = jsonencode({
    files = { for path in fileset("${path.module}/../policies", "**/*.yaml") : path => file("${path.module}/../policies/${path}") }
  })

  lifecycle {
    postcondition {
      condition     = self.status_code == 200 && jsondecode(self.response_body).ok
      error_message = jsondecode(self.response_body).reason
    }
  }
}

check "backups" {
  assert {
    condition     = jsondecode(data.http.latest.response_body).ok
    error_message = "files: ${try(jsondecode(data.http.latest.response_body).reason, data.http.latest.response_body)}"
  }
  assert {
    condition     = jsondecode(data.http.coverage.response_body).ok
    error_message = try(jsondecode(data.http.coverage.response_body).reason, data.http.coverage.response_body)
  }
}
