# Fails a plan when something is without backups, and warns when a backup is too old.
# Needs the terraform binary alone: no provider is downloaded.

variable "keepset" {
  description = "Address of the Keepset server."
  default     = "http://localhost:8080"
}

variable "token" {
  description = "A token with the role reader."
  sensitive   = true
}

variable "environment" {
  default = "production"
}

variable "required" {
  description = "Databases that must be protected."
  type        = list(string)
  default     = ["files"]
}

variable "max_age" {
  description = "How old the newest good backup may be."
  default     = "26h"
}

data "terraform_remote_state" "backups" {
  backend = "http"

  config = {
    address  = "${var.keepset}/terraform/outputs/${var.environment}"
    username = "terraform"
    password = var.token
  }

  lifecycle {
    # A postcondition stops the plan.
    postcondition {
      condition     = length(setsubtract(var.required, keys(self.outputs.databases))) == 0
      error_message = "not protected: ${join(", ", setsubtract(var.required, keys(self.outputs.databases)))}"
    }
    postcondition {
      condition     = self.outputs.coverage.complete
      error_message = "protected by no policy: ${join(", ", self.outputs.coverage.uncovered)}"
    }
  }
}

locals {
  latest = data.terraform_remote_state.backups.outputs.latest_backups

  missing = [for name in var.required : name if !contains(keys(local.latest), name)]
  too_old = [
    for name in var.required : name
    if contains(keys(local.latest), name)
    && try(timecmp(timeadd(local.latest[name].at, var.max_age), plantimestamp()) < 0, false)
  ]
}

# A check warns and lets the plan go on.
check "backups" {
  assert {
    condition     = length(local.missing) == 0
    error_message = "no good backup yet: ${join(", ", local.missing)}"
  }
  assert {
    condition     = length(local.too_old) == 0
    error_message = "the newest backup is older than ${var.max_age}: ${join(", ", local.too_old)}"
  }
}
