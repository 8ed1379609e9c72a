"""What is known of popular modules that are not installed: the inputs that matter to a table, and their defaults.

https://registry.terraform.io/modules/terraform-aws-modules/dynamodb-table/aws
https://registry.terraform.io/modules/cloudposse/dynamodb/aws
"""

from __future__ import annotations

from recoverable.read.hcl.scan import read_hcl
from recoverable.read.terraform.configuration import together

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.terraform.configuration import Module

# In the words of Terraform, so that they are read like the modules themselves.
_TABLE = """
  name                        = var.name
  hash_key                    = var.hash_key
  deletion_protection_enabled = var.deletion_protection_enabled
  stream_enabled              = var.stream_enabled
  restore_source_name         = var.restore_source_name
  restore_source_table_arn    = var.restore_source_table_arn
  region                      = var.region
  tags                        = merge(var.tags, { "Name" = format("%s", var.name) })
  ttl {
    enabled = var.ttl_enabled
  }
  point_in_time_recovery {
    enabled                 = var.point_in_time_recovery_enabled
    recovery_period_in_days = var.point_in_time_recovery_period_in_days
  }
  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }
  dynamic "replica" {
    for_each = var.replica_regions
    content {
      region_name                 = replica.value.region_name
      kms_key_arn                 = try(replica.value.kms_key_arn, null)
      propagate_tags              = try(replica.value.propagate_tags, null)
      point_in_time_recovery      = try(replica.value.point_in_time_recovery, null)
      deletion_protection_enabled = try(replica.value.deletion_protection_enabled, null)
    }
  }
"""

_DYNAMODB_TABLE = f"""
variable "create_table" {{ default = true }}
variable "autoscaling_enabled" {{ default = false }}
variable "ignore_changes_global_secondary_index" {{ default = false }}
variable "name" {{ default = null }}
variable "hash_key" {{ default = null }}
variable "deletion_protection_enabled" {{ default = null }}
variable "stream_enabled" {{ default = false }}
variable "restore_source_name" {{ default = null }}
variable "restore_source_table_arn" {{ default = null }}
variable "region" {{ default = null }}
variable "tags" {{ default = {{}} }}
variable "ttl_enabled" {{ default = false }}
variable "point_in_time_recovery_enabled" {{ default = false }}
variable "point_in_time_recovery_period_in_days" {{ default = null }}
variable "server_side_encryption_enabled" {{ default = false }}
variable "server_side_encryption_kms_key_arn" {{ default = null }}
variable "replica_regions" {{ default = [] }}
variable "resource_policy" {{ default = null }}
resource "aws_dynamodb_table" "this" {{
  count = var.create_table && !var.autoscaling_enabled ? 1 : 0
{_TABLE}
}}
resource "aws_dynamodb_table" "autoscaled" {{
  count = var.create_table && var.autoscaling_enabled && !var.ignore_changes_global_secondary_index ? 1 : 0
{_TABLE}
}}
resource "aws_dynamodb_table" "autoscaled_gsi_ignore" {{
  count = var.create_table && var.autoscaling_enabled && var.ignore_changes_global_secondary_index ? 1 : 0
{_TABLE}
}}
resource "aws_dynamodb_resource_policy" "this" {{
  count        = var.create_table && var.resource_policy != null ? 1 : 0
  resource_arn = local.arn
  policy       = var.resource_policy
}}
locals {{
  arn = try(
    aws_dynamodb_table.this[0].arn, aws_dynamodb_table.autoscaled[0].arn,
    aws_dynamodb_table.autoscaled_gsi_ignore[0].arn
  )
  id = try(
    aws_dynamodb_table.this[0].id, aws_dynamodb_table.autoscaled[0].id,
    aws_dynamodb_table.autoscaled_gsi_ignore[0].id
  )
}}
output "dynamodb_table_arn" {{ value = local.arn }}
output "dynamodb_table_id" {{ value = local.id }}
"""

# Its name is put together from a dozen inputs of a module of its own.
_CLOUDPOSSE = """
variable "enabled" { default = true }
variable "hash_key" {}
variable "table_name" { default = null }
variable "deletion_protection_enabled" { default = false }
variable "enable_streams" { default = false }
variable "tags" { default = {} }
variable "ttl_enabled" { default = false }
variable "enable_point_in_time_recovery" { default = true }
variable "enable_encryption" { default = true }
variable "server_side_encryption_kms_key_arn" { default = null }
variable "replicas" { default = [] }
variable "name_made_of_inputs" {}
resource "aws_dynamodb_table" "default" {
  count                       = var.enabled ? 1 : 0
  name                        = var.table_name == null ? var.name_made_of_inputs : var.table_name
  hash_key                    = var.hash_key
  deletion_protection_enabled = var.deletion_protection_enabled
  stream_enabled              = length(var.replicas) > 0 ? true : var.enable_streams
  tags                        = var.tags
  ttl {
    enabled = var.ttl_enabled
  }
  point_in_time_recovery {
    enabled = var.enable_point_in_time_recovery
  }
  server_side_encryption {
    enabled     = var.enable_encryption
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }
  dynamic "replica" {
    for_each = var.replicas
    content {
      region_name    = replica.value
      propagate_tags = true
    }
  }
}
output "table_arn" { value = one(aws_dynamodb_table.default[*].arn) }
output "table_name" { value = one(aws_dynamodb_table.default[*].name) }
output "table_id" { value = one(aws_dynamodb_table.default[*].id) }
"""

_SUMMARIES = {"terraform-aws-modules/dynamodb-table/aws": _DYNAMODB_TABLE, "cloudposse/dynamodb/aws": _CLOUDPOSSE}


def summary_of(source: str) -> Module | None:
    """What is known of a module, by its source as a call gives it; None if nothing is."""
    text = _SUMMARIES.get(source.removeprefix("registry.terraform.io/").removeprefix("registry.opentofu.org/"))
    if text is None:
        return None
    return together(f"{source} (not installed)", [(source, read_hcl(text, source, []))])
