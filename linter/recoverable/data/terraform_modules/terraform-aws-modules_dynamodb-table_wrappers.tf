# What terraform-aws-modules/dynamodb-table/aws//wrappers makes: the module once for each of `items`.
# https://registry.terraform.io/modules/terraform-aws-modules/dynamodb-table/aws/latest/submodules/wrappers

variable "defaults" { default = {} }
variable "items" { default = {} }

module "wrapper" {
  source                                = "terraform-aws-modules/dynamodb-table/aws"
  for_each                              = var.items
  create_table                          = try(each.value.create_table, var.defaults.create_table, true)
  autoscaling_enabled                   = try(each.value.autoscaling_enabled, var.defaults.autoscaling_enabled, false)
  ignore_changes_global_secondary_index = try(each.value.ignore_changes_global_secondary_index, var.defaults.ignore_changes_global_secondary_index, false)
  name                                  = try(each.value.name, var.defaults.name, null)
  hash_key                              = try(each.value.hash_key, var.defaults.hash_key, null)
  deletion_protection_enabled           = try(each.value.deletion_protection_enabled, var.defaults.deletion_protection_enabled, null)
  stream_enabled                        = try(each.value.stream_enabled, var.defaults.stream_enabled, false)
  restore_source_name                   = try(each.value.restore_source_name, var.defaults.restore_source_name, null)
  restore_source_table_arn              = try(each.value.restore_source_table_arn, var.defaults.restore_source_table_arn, null)
  region                                = try(each.value.region, var.defaults.region, null)
  tags                                  = try(each.value.tags, var.defaults.tags, {})
  ttl_enabled                           = try(each.value.ttl_enabled, var.defaults.ttl_enabled, false)
  point_in_time_recovery_enabled        = try(each.value.point_in_time_recovery_enabled, var.defaults.point_in_time_recovery_enabled, false)
  point_in_time_recovery_period_in_days = try(each.value.point_in_time_recovery_period_in_days, var.defaults.point_in_time_recovery_period_in_days, null)
  server_side_encryption_enabled        = try(each.value.server_side_encryption_enabled, var.defaults.server_side_encryption_enabled, false)
  server_side_encryption_kms_key_arn    = try(each.value.server_side_encryption_kms_key_arn, var.defaults.server_side_encryption_kms_key_arn, null)
  replica_regions                       = try(each.value.replica_regions, var.defaults.replica_regions, [])
  resource_policy                       = try(each.value.resource_policy, var.defaults.resource_policy, null)
}

output "wrapper" { value = module.wrapper }
