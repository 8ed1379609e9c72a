# What terraform-aws-modules/dynamodb-table/aws makes of those of its inputs that matter to whether a table comes back.
# https://registry.terraform.io/modules/terraform-aws-modules/dynamodb-table/aws (facts of 5.x; written here anew)

variable "create_table" { default = true }
variable "autoscaling_enabled" { default = false }
variable "ignore_changes_global_secondary_index" { default = false }
variable "name" { default = null }
variable "hash_key" { default = null }
variable "deletion_protection_enabled" { default = null }
variable "stream_enabled" { default = false }
variable "restore_source_name" { default = null }
variable "restore_source_table_arn" { default = null }
variable "region" { default = null }
variable "tags" { default = {} }
variable "ttl_enabled" { default = false }
variable "point_in_time_recovery_enabled" { default = false }
variable "point_in_time_recovery_period_in_days" { default = null }
variable "server_side_encryption_enabled" { default = false }
variable "server_side_encryption_kms_key_arn" { default = null }
variable "replica_regions" { default = [] }
variable "resource_policy" { default = null }

locals {
  arn = try(
    aws_dynamodb_table.this[0].arn, aws_dynamodb_table.autoscaled[0].arn,
    aws_dynamodb_table.autoscaled_gsi_ignore[0].arn, ""
  )
}

resource "aws_dynamodb_table" "this" {
  count                       = var.create_table && !var.autoscaling_enabled ? 1 : 0
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
}

resource "aws_dynamodb_table" "autoscaled" {
  count                       = var.create_table && var.autoscaling_enabled && !var.ignore_changes_global_secondary_index ? 1 : 0
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
}

resource "aws_dynamodb_table" "autoscaled_gsi_ignore" {
  count                       = var.create_table && var.autoscaling_enabled && var.ignore_changes_global_secondary_index ? 1 : 0
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
}

resource "aws_dynamodb_resource_policy" "this" {
  count        = var.create_table && var.resource_policy != null ? 1 : 0
  resource_arn = local.arn
  policy       = replace(var.resource_policy, "__DYNAMODB_TABLE_ARN__", local.arn)
}

output "dynamodb_table_arn" { value = local.arn }
output "dynamodb_table_id" {
  value = try(
    aws_dynamodb_table.this[0].id, aws_dynamodb_table.autoscaled[0].id,
    aws_dynamodb_table.autoscaled_gsi_ignore[0].id, ""
  )
}
