# What cloudposse/dynamodb/aws makes of those of its inputs that matter to whether a table comes back.
# https://registry.terraform.io/modules/cloudposse/dynamodb/aws (facts of 0.37; written here anew)

variable "context" { default = null }
variable "enabled" { default = null }
variable "namespace" { default = null }
variable "tenant" { default = null }
variable "environment" { default = null }
variable "stage" { default = null }
variable "name" { default = null }
variable "delimiter" { default = null }
variable "attributes" { default = [] }
variable "tags" { default = {} }
variable "label_order" { default = null }
variable "id_length_limit" { default = null }
variable "regex_replace_chars" { default = null }
variable "label_value_case" { default = null }
variable "label_key_case" { default = null }
variable "labels_as_tags" { default = ["unset"] }
variable "additional_tag_map" { default = {} }
variable "descriptor_formats" { default = {} }
variable "label_made_of_inputs" {}
variable "tags_made_of_inputs" {}

# The name and the tags that the module cloudposse/label/null makes of these, where nothing but names is given.
locals {
  enabled = var.enabled == null ? true : var.enabled
  simple = alltrue([
    var.context == null, var.label_order == null, var.id_length_limit == null, var.regex_replace_chars == null,
    var.label_value_case == null, var.label_key_case == null, length(var.descriptor_formats) == 0,
    try(var.labels_as_tags[0] == "unset", false),
  ])
  labels = {
    for key, value in {
      namespace = var.namespace, tenant = var.tenant, environment = var.environment, stage = var.stage, name = var.name
    } : key => lower(replace(value == null ? "" : value, "/[^-a-zA-Z0-9]/", ""))
  }
  attributes = [for each in compact(distinct(var.attributes)) : lower(replace(each, "/[^-a-zA-Z0-9]/", ""))]
  joint      = var.delimiter == null ? "-" : var.delimiter
  parts = compact(concat(
    [for key in ["namespace", "environment", "stage", "name"] : local.labels[key]], local.attributes
  ))
  id = local.simple && length(local.parts) > 0 ? join(local.joint, local.parts) : var.label_made_of_inputs
  label_tags = {
    for key, value in merge(local.labels, { name = local.id, attributes = join(local.joint, local.attributes) }) :
    title(key) => value if length(value) > 0
  }
  tags = merge(local.simple ? local.label_tags : var.tags_made_of_inputs, var.tags)
}

variable "table_name" { default = null }
variable "hash_key" {}
variable "deletion_protection_enabled" { default = false }
variable "enable_streams" { default = false }
variable "ttl_enabled" { default = true }
variable "ttl_attribute" { default = "Expires" }
variable "enable_point_in_time_recovery" { default = true }
variable "enable_encryption" { default = true }
variable "server_side_encryption_kms_key_arn" { default = null }
variable "replicas" { default = [] }
variable "tags_enabled" { default = true }

resource "aws_dynamodb_table" "default" {
  count                       = local.enabled ? 1 : 0
  name                        = var.table_name != null && var.table_name != "" ? var.table_name : local.id
  hash_key                    = var.hash_key
  deletion_protection_enabled = var.deletion_protection_enabled
  stream_enabled              = length(var.replicas) > 0 ? true : var.enable_streams
  tags                        = var.tags_enabled ? local.tags : null
  ttl {
    enabled = var.ttl_attribute != "" ? var.ttl_enabled : false
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
      region_name            = replica.value
      propagate_tags         = false
      point_in_time_recovery = false
    }
  }
}

output "table_arn" { value = join("", aws_dynamodb_table.default[*].arn) }
output "table_name" { value = join("", aws_dynamodb_table.default[*].name) }
output "table_id" { value = join("", aws_dynamodb_table.default[*].id) }
