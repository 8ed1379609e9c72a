# What cloudposse/label/null makes of its inputs: names and tags, and a context for labels that go on from it.
# https://registry.terraform.io/modules/cloudposse/label/null (facts of 0.25; written here anew)

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
# A name that is too long ends in letters that nobody needs to know.
variable "shortened_name" {}

locals {
  # `try` takes what is null for left out; what is not known stays so, and makes no choices.
  # What is given here wins over the context; attributes and tags come in addition.
  context = {
    enabled             = var.enabled == null ? var.context.enabled : var.enabled
    namespace           = var.namespace == null ? var.context.namespace : var.namespace
    tenant              = var.tenant == null ? lookup(var.context, "tenant", null) : var.tenant
    environment         = var.environment == null ? var.context.environment : var.environment
    stage               = var.stage == null ? var.context.stage : var.stage
    name                = var.name == null ? var.context.name : var.name
    delimiter           = var.delimiter == null ? var.context.delimiter : var.delimiter
    attributes          = compact(distinct(concat(coalesce(var.context.attributes, []), coalesce(var.attributes, []))))
    tags                = merge(var.context.tags, var.tags)
    additional_tag_map  = merge(var.context.additional_tag_map, var.additional_tag_map)
    label_order         = var.label_order == null ? var.context.label_order : var.label_order
    id_length_limit     = var.id_length_limit == null ? var.context.id_length_limit : var.id_length_limit
    regex_replace_chars = var.regex_replace_chars == null ? var.context.regex_replace_chars : var.regex_replace_chars
    label_key_case      = var.label_key_case == null ? lookup(var.context, "label_key_case", null) : var.label_key_case
    label_value_case    = var.label_value_case == null ? lookup(var.context, "label_value_case", null) : var.label_value_case
    labels_as_tags      = try(contains(var.context.labels_as_tags, "unset"), true) ? var.labels_as_tags : var.context.labels_as_tags
    descriptor_formats  = merge(lookup(var.context, "descriptor_formats", {}), var.descriptor_formats)
  }
  removed    = coalesce(local.context.regex_replace_chars, "/[^-a-zA-Z0-9]/")
  delimiter  = try(lower(local.context.delimiter), "-")
  value_case = coalesce(local.context.label_value_case, "lower")
  key_case   = coalesce(local.context.label_key_case, "title")
  order = coalescelist(
    compact(flatten([local.context.label_order])),
    ["namespace", "environment", "stage", "name", "attributes"]
  )
  plain = { for key in ["namespace", "tenant", "environment", "stage", "name"] :
    key => replace(try(coalesce(local.context[key]), ""), local.removed, "")
  }
  cased = { for key, value in local.plain : key =>
    local.value_case == "none" ? value : local.value_case == "title" ? title(lower(value)) :
    local.value_case == "upper" ? upper(value) : lower(value)
  }
  attributes = compact(distinct([for value in local.context.attributes :
    local.value_case == "none" ? replace(value, local.removed, "") :
    local.value_case == "title" ? title(lower(replace(value, local.removed, ""))) :
    local.value_case == "upper" ? upper(replace(value, local.removed, "")) : lower(replace(value, local.removed, ""))
  ]))
  parts  = merge(local.cased, { attributes = join(local.delimiter, local.attributes) })
  full   = join(local.delimiter, [for key in local.order : local.parts[key] if length(local.parts[key]) > 0])
  limit  = try(local.context.id_length_limit + 0, 0)
  id     = local.limit != 0 && length(local.full) > local.limit ? var.shortened_name : local.full
  tagged = contains(local.context.labels_as_tags, "default") ? keys(local.parts) : local.context.labels_as_tags
  label_tags = { for key, value in merge(local.parts, { name = local.id }) :
    (local.key_case == "upper" ? upper(key) : local.key_case == "lower" ? key : title(key)) => value
    if length(value) > 0 && contains(local.tagged, key)
  }
  tags = merge(local.label_tags, local.context.tags)
}

output "id" { value = local.context.enabled ? local.id : "" }
output "id_full" { value = local.context.enabled ? local.full : "" }
output "enabled" { value = local.context.enabled }
output "namespace" { value = local.context.enabled ? local.cased.namespace : "" }
output "tenant" { value = local.context.enabled ? local.cased.tenant : "" }
output "environment" { value = local.context.enabled ? local.cased.environment : "" }
output "stage" { value = local.context.enabled ? local.cased.stage : "" }
output "name" { value = local.context.enabled ? local.cased.name : "" }
output "delimiter" { value = local.context.enabled ? local.delimiter : "" }
output "attributes" { value = local.context.enabled ? local.attributes : [] }
output "tags" { value = local.context.enabled ? local.tags : {} }
output "additional_tag_map" { value = local.context.additional_tag_map }
output "context" { value = local.context }
