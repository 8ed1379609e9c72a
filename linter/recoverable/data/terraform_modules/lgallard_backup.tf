# What lgallard/backup/aws makes of those of its inputs that matter to what is backed up, where and for how long.
# https://registry.terraform.io/modules/lgallard/backup/aws (facts of 1.x; written here anew)

variable "enabled" { default = true }
variable "vault_name" { default = null }
variable "vault_name_validation_bypass" { default = false }
variable "vault_kms_key_arn" { default = null }
variable "vault_force_destroy" { default = false }
variable "vault_type" { default = "standard" }
variable "vault_policy" { default = null }
variable "locked" { default = false }
variable "changeable_for_days" { default = null }
variable "max_retention_days" { default = null }
variable "min_retention_days" { default = null }
variable "plan_name" { default = null }
variable "plans" { default = {} }
variable "rule_name" { default = null }
variable "rule_schedule" { default = null }
variable "rule_schedule_expression_timezone" { default = null }
variable "rule_start_window" { default = null }
variable "rule_completion_window" { default = null }
variable "rule_lifecycle_cold_storage_after" { default = null }
variable "rule_lifecycle_delete_after" { default = null }
variable "rule_enable_continuous_backup" { default = false }
variable "rules" { default = [] }
variable "selection_name" { default = null }
variable "selection_resources" { default = [] }
variable "selection_not_resources" { default = [] }
variable "selection_conditions" { default = {} }
variable "selection_tags" { default = [] }
variable "selections" { default = [] }
variable "tags" { default = {} }
variable "notifications" { default = {} }
variable "iam_role_arn" { default = null }
variable "iam_role_name" { default = "" }
variable "reports" { default = [] }
variable "audit_framework" { default = { create = false, controls = [] } }
variable "enable_org_policy" { default = false }
variable "org_policy_name" { default = "backup-policy" }
variable "org_policy_target_id" { default = null }
variable "backup_policies" { default = {} }
variable "backup_selections" { default = {} }
variable "backup_regions" { default = [] }
variable "restore_testing_plans" { default = {} }
variable "restore_testing_selections" { default = {} }
variable "restore_testing_iam_role_arn" { default = null }
variable "enable_global_settings" { default = false }
variable "global_settings" { default = { isCrossAccountBackupEnabled = "false" } }
variable "enable_region_settings" { default = false }
variable "region_settings" { default = null }
variable "restore_testing_role" {}

locals {
  # A vault is not made under a name with one of these words in it.
  refused    = var.vault_name != null && can(regex("(?i)(test|temp|delete|remove|default)", var.vault_name)) && !var.vault_name_validation_bypass
  vault      = var.enabled && var.vault_name != null && !local.refused
  standard   = local.vault && var.vault_type == "standard"
  airgapped  = local.vault && var.vault_type == "logically_air_gapped"
  vault_name = local.standard ? try(aws_backup_vault.ab_vault[0].name, null) : local.airgapped ? try(aws_backup_logically_air_gapped_vault.ab_airgapped_vault[0].name, null) : null
  rule = var.rule_name == null ? [] : [{
    name                         = var.rule_name
    target_vault_name            = var.vault_name != null ? var.vault_name : "Default"
    schedule                     = var.rule_schedule
    schedule_expression_timezone = var.rule_schedule_expression_timezone
    start_window                 = var.rule_start_window
    completion_window            = var.rule_completion_window
    enable_continuous_backup     = var.rule_enable_continuous_backup
    lifecycle = var.rule_lifecycle_cold_storage_after == null ? {} : {
      cold_storage_after = var.rule_lifecycle_cold_storage_after
      delete_after       = var.rule_lifecycle_delete_after
    }
  }]
  rules    = concat(local.rule, var.rules)
  role_arn = var.iam_role_arn == null ? aws_iam_role.ab_role[0].arn : var.iam_role_arn
  selections = {
    for key, value in try(
      tomap(var.selections),
      { for at, each in try(tolist(var.selections), []) : tostring(coalesce(try(each.name, null), at)) => each },
    ) : key => value if var.enabled && length(var.plans) == 0
  }
  plan_selections = merge([
    for plan, value in var.plans : {
      for key, each in try(value.selections, null) == null ? {} : value.selections :
      "${plan}-${key}" => { plan = plan, name = key, selection = each }
    }
  ]...)
  restore_role = var.restore_testing_iam_role_arn != null ? var.restore_testing_iam_role_arn : var.restore_testing_role
}

resource "aws_backup_vault" "ab_vault" {
  count         = local.standard ? 1 : 0
  name          = var.vault_name
  kms_key_arn   = var.vault_kms_key_arn
  force_destroy = var.vault_force_destroy
}

resource "aws_backup_logically_air_gapped_vault" "ab_airgapped_vault" {
  count              = local.airgapped ? 1 : 0
  name               = var.vault_name
  encryption_key_arn = var.vault_kms_key_arn
  min_retention_days = var.min_retention_days
  max_retention_days = var.max_retention_days
}

resource "aws_backup_vault_lock_configuration" "ab_vault_lock_configuration" {
  count               = local.standard && var.locked ? 1 : 0
  backup_vault_name   = aws_backup_vault.ab_vault[0].name
  min_retention_days  = var.min_retention_days
  max_retention_days  = var.max_retention_days
  changeable_for_days = var.changeable_for_days
}

resource "aws_backup_vault_policy" "ab_vault_policy" {
  count             = var.enabled && var.vault_policy != null && local.vault ? 1 : 0
  backup_vault_name = local.vault_name
  policy            = var.vault_policy
}

resource "aws_backup_vault_notifications" "backup_events" {
  count               = var.enabled && length(var.notifications) > 0 ? 1 : 0
  backup_vault_name   = var.vault_name != null ? aws_backup_vault.ab_vault[0].name : "Default"
  sns_topic_arn       = lookup(var.notifications, "sns_topic_arn", null)
  backup_vault_events = lookup(var.notifications, "backup_vault_events", [])
}

resource "aws_backup_plan" "ab_plan" {
  count = var.enabled && length(var.plans) == 0 && length(local.rules) > 0 ? 1 : 0
  name  = coalesce(var.plan_name, "aws-backup-plan-${var.vault_name != null ? var.vault_name : "default"}")
  dynamic "rule" {
    for_each = local.rules
    content {
      rule_name                                    = try(rule.value.name, null)
      target_vault_name                            = try(rule.value.target_vault_name, null) != null ? rule.value.target_vault_name : var.vault_name != null ? local.vault_name : "Default"
      target_logically_air_gapped_backup_vault_arn = try(rule.value.target_logically_air_gapped_backup_vault_arn, null)
      schedule                                     = try(rule.value.schedule, null)
      schedule_expression_timezone                 = try(rule.value.schedule_expression_timezone, null)
      start_window                                 = try(rule.value.start_window, null)
      completion_window                            = try(rule.value.completion_window, null)
      enable_continuous_backup                     = try(rule.value.enable_continuous_backup, null)
      dynamic "lifecycle" {
        for_each = length(try(rule.value.lifecycle, null) == null ? {} : rule.value.lifecycle) == 0 ? [] : [rule.value.lifecycle]
        content {
          cold_storage_after = try(lifecycle.value.cold_storage_after, null)
          delete_after       = try(lifecycle.value.delete_after, null)
        }
      }
      dynamic "copy_action" {
        for_each = try(rule.value.copy_actions, null) == null ? [] : rule.value.copy_actions
        content {
          destination_vault_arn = try(copy_action.value.destination_vault_arn, null)
          dynamic "lifecycle" {
            for_each = length(try(copy_action.value.lifecycle, null) == null ? {} : copy_action.value.lifecycle) == 0 ? [] : [copy_action.value.lifecycle]
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

resource "aws_backup_plan" "ab_plans" {
  for_each = var.enabled ? var.plans : {}
  name     = coalesce(try(each.value.name, null), each.key)
  dynamic "rule" {
    for_each = each.value.rules
    content {
      rule_name                                    = try(rule.value.name, null)
      target_vault_name                            = try(rule.value.target_vault_name, null) != null ? rule.value.target_vault_name : var.vault_name != null ? local.vault_name : "Default"
      target_logically_air_gapped_backup_vault_arn = try(rule.value.target_logically_air_gapped_backup_vault_arn, null)
      schedule                                     = try(rule.value.schedule, null)
      schedule_expression_timezone                 = try(rule.value.schedule_expression_timezone, null)
      start_window                                 = try(rule.value.start_window, null)
      completion_window                            = try(rule.value.completion_window, null)
      enable_continuous_backup                     = try(rule.value.enable_continuous_backup, null)
      dynamic "lifecycle" {
        for_each = length(try(rule.value.lifecycle, null) == null ? {} : rule.value.lifecycle) == 0 ? [] : [rule.value.lifecycle]
        content {
          cold_storage_after = try(lifecycle.value.cold_storage_after, null)
          delete_after       = try(lifecycle.value.delete_after, null)
        }
      }
      dynamic "copy_action" {
        for_each = try(rule.value.copy_actions, null) == null ? [] : rule.value.copy_actions
        content {
          destination_vault_arn = try(copy_action.value.destination_vault_arn, null)
          dynamic "lifecycle" {
            for_each = length(try(copy_action.value.lifecycle, null) == null ? {} : copy_action.value.lifecycle) == 0 ? [] : [copy_action.value.lifecycle]
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

resource "aws_backup_selection" "ab_selection" {
  count         = var.enabled && var.selection_name != null && length(var.plans) == 0 ? 1 : 0
  iam_role_arn  = local.role_arn
  name          = var.selection_name
  plan_id       = aws_backup_plan.ab_plan[0].id
  resources     = var.selection_resources
  not_resources = var.selection_not_resources
  dynamic "condition" {
    for_each = length(try(var.selection_conditions, null) == null ? {} : var.selection_conditions) > 0 ? [var.selection_conditions] : []
    content {
      dynamic "string_equals" {
        for_each = try(condition.value.string_equals, null) == null ? {} : condition.value.string_equals
        content {
          key   = string_equals.key
          value = string_equals.value
        }
      }
      dynamic "string_like" {
        for_each = try(condition.value.string_like, null) == null ? {} : condition.value.string_like
        content {
          key   = string_like.key
          value = string_like.value
        }
      }
      dynamic "string_not_equals" {
        for_each = try(condition.value.string_not_equals, null) == null ? {} : condition.value.string_not_equals
        content {
          key   = string_not_equals.key
          value = string_not_equals.value
        }
      }
      dynamic "string_not_like" {
        for_each = try(condition.value.string_not_like, null) == null ? {} : condition.value.string_not_like
        content {
          key   = string_not_like.key
          value = string_not_like.value
        }
      }
    }
  }
  dynamic "selection_tag" {
    for_each = try(var.selection_tags, null) == null ? [] : var.selection_tags
    content {
      type  = try(selection_tag.value.type, null)
      key   = try(selection_tag.value.key, null)
      value = try(selection_tag.value.value, null)
    }
  }
}

resource "aws_backup_selection" "ab_selections" {
  for_each      = local.selections
  iam_role_arn  = local.role_arn
  name          = each.key
  plan_id       = aws_backup_plan.ab_plan[0].id
  resources     = try(each.value.resources, [])
  not_resources = try(each.value.not_resources, [])
  dynamic "condition" {
    for_each = length(try(each.value.conditions, null) == null ? {} : each.value.conditions) > 0 ? [each.value.conditions] : []
    content {
      dynamic "string_equals" {
        for_each = try(condition.value.string_equals, null) == null ? {} : condition.value.string_equals
        content {
          key   = string_equals.key
          value = string_equals.value
        }
      }
      dynamic "string_like" {
        for_each = try(condition.value.string_like, null) == null ? {} : condition.value.string_like
        content {
          key   = string_like.key
          value = string_like.value
        }
      }
      dynamic "string_not_equals" {
        for_each = try(condition.value.string_not_equals, null) == null ? {} : condition.value.string_not_equals
        content {
          key   = string_not_equals.key
          value = string_not_equals.value
        }
      }
      dynamic "string_not_like" {
        for_each = try(condition.value.string_not_like, null) == null ? {} : condition.value.string_not_like
        content {
          key   = string_not_like.key
          value = string_not_like.value
        }
      }
    }
  }
  dynamic "selection_tag" {
    for_each = try(each.value.selection_tags, null) == null ? [] : each.value.selection_tags
    content {
      type  = try(selection_tag.value.type, null)
      key   = try(selection_tag.value.key, null)
      value = try(selection_tag.value.value, null)
    }
  }
}

resource "aws_backup_selection" "plan_selections" {
  for_each      = var.enabled ? local.plan_selections : {}
  iam_role_arn  = local.role_arn
  name          = each.value.name
  plan_id       = aws_backup_plan.ab_plans[each.value.plan].id
  resources     = try(each.value.selection.resources, [])
  not_resources = try(each.value.selection.not_resources, [])
  dynamic "condition" {
    for_each = length(try(each.value.selection.conditions, null) == null ? {} : each.value.selection.conditions) > 0 ? [each.value.selection.conditions] : []
    content {
      dynamic "string_equals" {
        for_each = try(condition.value.string_equals, null) == null ? {} : condition.value.string_equals
        content {
          key   = string_equals.key
          value = string_equals.value
        }
      }
      dynamic "string_like" {
        for_each = try(condition.value.string_like, null) == null ? {} : condition.value.string_like
        content {
          key   = string_like.key
          value = string_like.value
        }
      }
      dynamic "string_not_equals" {
        for_each = try(condition.value.string_not_equals, null) == null ? {} : condition.value.string_not_equals
        content {
          key   = string_not_equals.key
          value = string_not_equals.value
        }
      }
      dynamic "string_not_like" {
        for_each = try(condition.value.string_not_like, null) == null ? {} : condition.value.string_not_like
        content {
          key   = string_not_like.key
          value = string_not_like.value
        }
      }
    }
  }
  dynamic "selection_tag" {
    for_each = try(each.value.selection.selection_tags, null) == null ? [] : each.value.selection.selection_tags
    content {
      type  = try(selection_tag.value.type, null)
      key   = try(selection_tag.value.key, null)
      value = try(selection_tag.value.value, null)
    }
  }
}

resource "aws_backup_global_settings" "ab_global_settings" {
  count           = var.enabled && var.enable_global_settings ? 1 : 0
  global_settings = var.global_settings
}

resource "aws_backup_region_settings" "this" {
  count                               = var.enable_region_settings && var.region_settings != null ? 1 : 0
  resource_type_opt_in_preference     = var.region_settings.resource_type_opt_in_preference
  resource_type_management_preference = try(var.region_settings.resource_type_management_preference, null)
}

resource "aws_backup_restore_testing_plan" "this" {
  for_each                     = var.enabled ? var.restore_testing_plans : {}
  name                         = each.value.name
  schedule_expression          = each.value.schedule_expression
  schedule_expression_timezone = try(each.value.schedule_expression_timezone, null)
  recovery_point_selection {
    algorithm             = each.value.recovery_point_selection.algorithm
    include_vaults        = each.value.recovery_point_selection.include_vaults
    recovery_point_types  = each.value.recovery_point_selection.recovery_point_types
    exclude_vaults        = try(each.value.recovery_point_selection.exclude_vaults, null)
    selection_window_days = try(each.value.recovery_point_selection.selection_window_days, null)
  }
}

resource "aws_backup_restore_testing_selection" "this" {
  for_each                   = var.enabled ? var.restore_testing_selections : {}
  name                       = each.value.name
  restore_testing_plan_name  = aws_backup_restore_testing_plan.this[each.value.restore_testing_plan_name].name
  protected_resource_type    = each.value.protected_resource_type
  iam_role_arn               = try(each.value.iam_role_arn, null) != null ? each.value.iam_role_arn : local.restore_role
  protected_resource_arns    = try(each.value.protected_resource_arns, null)
  restore_metadata_overrides = try(each.value.restore_metadata_overrides, null)
  dynamic "protected_resource_conditions" {
    for_each = try(each.value.protected_resource_conditions, null) == null ? [] : [each.value.protected_resource_conditions]
    content {
      dynamic "string_equals" {
        for_each = try(protected_resource_conditions.value.string_equals, null) == null ? [] : protected_resource_conditions.value.string_equals
        content {
          key   = string_equals.value.key
          value = string_equals.value.value
        }
      }
      dynamic "string_not_equals" {
        for_each = try(protected_resource_conditions.value.string_not_equals, null) == null ? [] : protected_resource_conditions.value.string_not_equals
        content {
          key   = string_not_equals.value.key
          value = string_not_equals.value.value
        }
      }
    }
  }
}

resource "aws_backup_framework" "ab_framework" {
  count = var.audit_framework.create ? 1 : 0
  name  = var.audit_framework.name
  dynamic "control" {
    for_each = var.audit_framework.controls
    content {
      name = control.value.name
    }
  }
}

resource "aws_backup_report_plan" "ab_report" {
  for_each = { for report in var.reports : report.name => report }
  name     = each.value.name
  report_setting {
    report_template = each.value.report_template
  }
}

# The content is as the module writes it, which is not what AWS calls a backup policy.
resource "aws_organizations_policy" "backup_policy" {
  count = var.enable_org_policy ? 1 : 0
  name  = var.org_policy_name
  type  = "BACKUP_POLICY"
  content = jsonencode({
    plans = { rules = var.backup_policies, selections = var.backup_selections, regions = var.backup_regions }
  })
}

resource "aws_organizations_policy_attachment" "backup_policy" {
  count     = var.enable_org_policy ? 1 : 0
  policy_id = aws_organizations_policy.backup_policy[0].id
  target_id = var.org_policy_target_id
}

resource "aws_iam_role" "ab_role" {
  count              = var.enabled && var.iam_role_arn == null ? 1 : 0
  name               = coalesce(var.iam_role_name, "aws-backup-${var.vault_name != null ? var.vault_name : "default"}")
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
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

resource "aws_iam_role_policy_attachment" "ab_managed_policies" {
  for_each = toset(var.enabled && var.iam_role_arn == null ? [
    "service-role/AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForS3Backup",
    "service-role/AWSBackupServiceRolePolicyForRestores", "AWSBackupServiceRolePolicyForS3Restore"
  ] : [])
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.value}"
  role       = aws_iam_role.ab_role[0].name
}

output "vault_id" {
  value = var.vault_type == "standard" ? try(aws_backup_vault.ab_vault[0].id, null) : try(aws_backup_logically_air_gapped_vault.ab_airgapped_vault[0].id, null)
}
output "vault_arn" {
  value = var.vault_type == "standard" ? try(aws_backup_vault.ab_vault[0].arn, null) : try(aws_backup_logically_air_gapped_vault.ab_airgapped_vault[0].arn, null)
}
output "vault_type" { value = var.vault_type }
output "airgapped_vault_id" { value = try(aws_backup_logically_air_gapped_vault.ab_airgapped_vault[0].id, null) }
output "airgapped_vault_arn" { value = try(aws_backup_logically_air_gapped_vault.ab_airgapped_vault[0].arn, null) }
output "plan_id" { value = try(aws_backup_plan.ab_plan[0].id, null) }
output "plan_arn" { value = try(aws_backup_plan.ab_plan[0].arn, null) }
output "plans" { value = { for key, value in aws_backup_plan.ab_plans : key => { id = value.id, arn = value.arn } } }
output "plan_role" { value = var.iam_role_arn == null ? try(aws_iam_role.ab_role[0].arn, null) : var.iam_role_arn }
