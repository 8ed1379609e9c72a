# What cloudposse/dynamodb/aws makes of those of its inputs that matter to whether a table comes back.
# https://registry.terraform.io/modules/cloudposse/dynamodb/aws (facts of 0.37; written here anew)

variable "enabled" { default = null }
variable "namespace" { default = null }
variable "tenant" { default = null }
variable "environment" { default = null }
variable "stage" { default = null }
variable "name" { default = null }
variable "delimiter" { default = null }
variable "attributes" { default = [] }
variable "tags" { default = {} }
variable "additional_tag_map" { default = {} }
variable "label_order" { default = null }
variable "id_length_limit" { default = null }
variable "regex_replace_chars" { default = null }
variable "label_key_case" { default = null }
variable "label_value_case" { default = null }
variable "labels_as_tags" { default = ["default"] }
variable "descriptor_formats" { default = {} }
variable "context" {
  default = {
    enabled             = true
    namespace           = null
    tenant              = null
    environment         = null
    stage               = null
    name                = null
    delimiter           = null
    attributes          = []
    tags                = {}
    additional_tag_map  = {}
    label_order         = []
    id_length_limit     = null
    regex_replace_chars = null
    label_key_case      = null
    label_value_case    = null
    labels_as_tags      = ["unset"]
    descriptor_formats  = {}
  }
}

module "this" {
  source              = "cloudposse/label/null"
  enabled             = var.enabled
  namespace           = var.namespace
  tenant              = var.tenant
  environment         = var.environment
  stage               = var.stage
  name                = var.name
  delimiter           = var.delimiter
  attributes          = var.attributes
  tags                = var.tags
  additional_tag_map  = var.additional_tag_map
  label_order         = var.label_order
  id_length_limit     = var.id_length_limit
  regex_replace_chars = var.regex_replace_chars
  label_key_case      = var.label_key_case
  label_value_case    = var.label_value_case
  labels_as_tags      = var.labels_as_tags
  descriptor_formats  = var.descriptor_formats
  context             = var.context
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
  count                       = module.this.enabled ? 1 : 0
  name                        = var.table_name != null && var.table_name != "" ? var.table_name : module.this.id
  hash_key                    = var.hash_key
  deletion_protection_enabled = var.deletion_protection_enabled
  stream_enabled              = length(var.replicas) > 0 ? true : var.enable_streams
  tags                        = var.tags_enabled ? module.this.tags : null
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
