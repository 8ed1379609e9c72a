# What cloudposse/backup/aws makes of those of its inputs that matter to what is backed up, where and for how long.
# https://registry.terraform.io/modules/cloudposse/backup/aws (facts of 1.1; written here anew)

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

variable "kms_key_arn" { default = null }
variable "rules" { default = [] }
variable "backup_resources" { default = [] }
variable "not_resources" { default = [] }
variable "selection_tags" { default = [] }
variable "selection_conditions" { default = {} }
variable "plan_name_suffix" { default = null }
variable "vault_name" { default = null }
variable "vault_enabled" { default = true }
variable "plan_enabled" { default = true }
variable "iam_role_enabled" { default = true }
variable "iam_role_name" { default = null }
variable "permissions_boundary" { default = null }
variable "backup_vault_lock_configuration" { default = null }
variable "existing_role" {}

# Before version 1 there was one rule, of these.
variable "schedule" { default = null }
variable "start_window" { default = null }
variable "completion_window" { default = null }
variable "cold_storage_after" { default = null }
variable "delete_after" { default = null }
variable "destination_vault_arn" { default = null }
variable "copy_action_cold_storage_after" { default = null }
variable "copy_action_delete_after" { default = null }

locals {
  vault_name  = var.vault_name == null || var.vault_name == "" ? module.this.id : var.vault_name
  role_name   = var.iam_role_name == null || var.iam_role_name == "" ? "${module.this.id}${module.this.delimiter}backup" : var.iam_role_name
  role_arn    = var.iam_role_enabled ? join("", aws_iam_role.default[*].arn) : var.existing_role
  rule_of_old = anytrue([for each in [var.schedule, var.delete_after, var.cold_storage_after, var.destination_vault_arn] : each != null])
  rules = local.rule_of_old ? [{
    name      = module.this.id, schedule = var.schedule, start_window = var.start_window, completion_window = var.completion_window
    lifecycle = { cold_storage_after = var.cold_storage_after, delete_after = var.delete_after }
    copy_action = var.destination_vault_arn == null ? null : {
      destination_vault_arn = var.destination_vault_arn
      lifecycle = {
        cold_storage_after = var.copy_action_cold_storage_after, delete_after = var.copy_action_delete_after
      }
    }
  }] : var.rules
}

resource "aws_backup_vault" "default" {
  count       = module.this.enabled && var.vault_enabled ? 1 : 0
  name        = local.vault_name
  kms_key_arn = var.kms_key_arn
}

resource "aws_backup_vault_lock_configuration" "default" {
  count               = module.this.enabled && var.vault_enabled && var.backup_vault_lock_configuration != null ? 1 : 0
  backup_vault_name   = aws_backup_vault.default[0].id
  changeable_for_days = try(var.backup_vault_lock_configuration.changeable_for_days, null)
  max_retention_days  = try(var.backup_vault_lock_configuration.max_retention_days, null)
  min_retention_days  = try(var.backup_vault_lock_configuration.min_retention_days, null)
}

resource "aws_backup_plan" "default" {
  count = module.this.enabled && var.plan_enabled ? 1 : 0
  name  = var.plan_name_suffix == null ? module.this.id : format("%s_%s", module.this.id, var.plan_name_suffix)
  dynamic "rule" {
    for_each = local.rules
    content {
      rule_name                = rule.value.name
      target_vault_name        = var.vault_enabled ? join("", aws_backup_vault.default[*].name) : local.vault_name
      schedule                 = try(rule.value.schedule, null)
      start_window             = try(rule.value.start_window, null)
      completion_window        = try(rule.value.completion_window, null)
      enable_continuous_backup = try(rule.value.enable_continuous_backup, null)
      dynamic "lifecycle" {
        for_each = try(rule.value.lifecycle, null) == null ? [] : [rule.value.lifecycle]
        content {
          cold_storage_after = try(lifecycle.value.cold_storage_after, null)
          delete_after       = try(lifecycle.value.delete_after, null)
        }
      }
      dynamic "copy_action" {
        for_each = try(rule.value.copy_action.destination_vault_arn, null) == null ? [] : [rule.value.copy_action]
        content {
          destination_vault_arn = copy_action.value.destination_vault_arn
          dynamic "lifecycle" {
            for_each = try(copy_action.value.lifecycle, null) == null ? [] : [copy_action.value.lifecycle]
            content {
              cold_storage_after = try(lifecycle.value.cold_storage_after, null)
              delete_after       = try(lifecycle.value.delete_after, null)
            }
          }
        }
      }
    }
  }
}

resource "aws_backup_selection" "default" {
  count         = module.this.enabled && var.plan_enabled ? 1 : 0
  name          = module.this.id
  iam_role_arn  = local.role_arn
  plan_id       = join("", aws_backup_plan.default[*].id)
  resources     = var.backup_resources
  not_resources = var.not_resources
  dynamic "selection_tag" {
    for_each = var.selection_tags
    content {
      type  = selection_tag.value.type
      key   = selection_tag.value.key
      value = selection_tag.value.value
    }
  }
  condition {
    dynamic "string_equals" {
      for_each = try(var.selection_conditions.string_equals, null) == null ? [] : var.selection_conditions.string_equals
      content {
        key   = "aws:ResourceTag/${string_equals.value.key}"
        value = string_equals.value.value
      }
    }
    dynamic "string_like" {
      for_each = try(var.selection_conditions.string_like, null) == null ? [] : var.selection_conditions.string_like
      content {
        key   = "aws:ResourceTag/${string_like.value.key}"
        value = string_like.value.value
      }
    }
    dynamic "string_not_equals" {
      for_each = try(var.selection_conditions.string_not_equals, null) == null ? [] : var.selection_conditions.string_not_equals
      content {
        key   = "aws:ResourceTag/${string_not_equals.value.key}"
        value = string_not_equals.value.value
      }
    }
    dynamic "string_not_like" {
      for_each = try(var.selection_conditions.string_not_like, null) == null ? [] : var.selection_conditions.string_not_like
      content {
        key   = "aws:ResourceTag/${string_not_like.value.key}"
        value = string_not_like.value.value
      }
    }
  }
}

# It may back up, and not restore: AWSBackupServiceRolePolicyForRestores is not among its policies.
resource "aws_iam_role" "default" {
  count                = module.this.enabled && var.iam_role_enabled ? 1 : 0
  name                 = local.role_name
  assume_role_policy   = data.aws_iam_policy_document.assume_role.json
  permissions_boundary = var.permissions_boundary
}

data "aws_iam_policy_document" "assume_role" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}

data "aws_partition" "current" {}

resource "aws_iam_role_policy_attachment" "default" {
  for_each = toset(module.this.enabled && var.iam_role_enabled ? [
    "policy/service-role/AWSBackupServiceRolePolicyForBackup", "policy/AWSBackupServiceRolePolicyForS3Backup"
  ] : [])
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:${each.value}"
  role       = join("", aws_iam_role.default[*].name)
}

output "backup_vault_id" { value = join("", aws_backup_vault.default[*].id) }
output "backup_vault_arn" { value = join("", aws_backup_vault.default[*].arn) }
output "backup_plan_arn" { value = join("", aws_backup_plan.default[*].arn) }
output "backup_selection_id" { value = join("", aws_backup_selection.default[*].id) }
output "role_name" { value = local.role_name }
output "role_arn" { value = local.role_arn }
