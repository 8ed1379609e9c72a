"""Modules of Terraform made up at random: tables, plans, selections and vaults with expressions of many kinds.

The same seed makes the same modules. Every variable has a default, so that there is one way to deploy them.
"""

from __future__ import annotations

import random

HEAD = """\
variable "stage" { default = "STAGE" }
variable "prefix" { default = "PREFIX" }
variable "flag" { default = FLAG }
variable "days" { default = DAYS }
variable "names" { default = NAMES }
variable "tags" { default = TAGS }
variable "nothing" { default = null }
variable "settings" {
  type = object({
    on    = optional(bool, true)
    days  = optional(number)
    inner = optional(object({ name = optional(string, "inner"), list = optional(list(string), ["x", "y"]) }), {})
  })
  default = SETTINGS
}
variable "tables" {
  type = map(object({ key = optional(string, "id"), on = optional(bool, false), days = optional(number, 20) }))
  default = TABLES
}
locals {
  enabled = BOOL
  number  = NUMBER
  label   = TEXT
  labels  = MAP
  listed  = LIST
}
"""

BOOLS = (
    *r"""
true
false
var.flag
!var.flag
var.stage == "prod"
var.stage != "dev"
length(var.names) > 1
contains(["prod", "live"], var.stage)
lookup(var.tags, "team", "") != ""
try(var.settings.missing, false)
try(var.settings.on, false)
can(regex("^p", var.stage))
alltrue([for n in var.names : n != ""])
coalesce(var.nothing, true)
tobool("true")
anytrue([var.flag, false])
startswith(var.stage, "p")
var.settings.on
var.days > 7 && var.flag
var.flag || var.days < 5
var.flag ? var.settings.on : false
can(var.names[9])
length(regexall("a", join("", var.names))) > 0
var.nothing == null
contains(keys(var.tags), "team")
try(tobool(var.tags["on"]), var.flag)
one([var.flag])
sum(concat([0], [for t in var.tables : t.on ? 1 : 0])) > 0
element([true, false], length(var.names))
jsondecode("{\"a\": true}").a
{ prod = true, dev = false, live = true }[var.stage]
merge({ a = false }, { a = var.flag })["a"]
setunion([true], [true]) == toset([true])
endswith("orders", "s")
strcontains(var.stage, "o")
flatten([[var.flag], []])[0]
!contains([for k, v in var.tags : v], "none")
""".strip().splitlines(),
)
NUMBERS = (
    *r"""
7
35
var.days
min(35, var.days + 3)
max(1, var.days - 3)
length(var.names) * 3 + 1
parseint("c", 16)
ceil(6.2)
coalesce(var.settings.days, 14)
var.flag ? 10 : 20
abs(-9)
sum([1, 2, 3])
floor(35 / 2)
30 % 7 + 1
try(var.settings.none, 28)
tonumber("21")
pow(2, 4)
length([for k, t in var.tables : k if t.on]) + 2
lookup({ prod = 31, dev = 3, live = 30 }, var.stage, 5)
length(split(",", "a,b,c"))
signum(-3) + 5
index([5, 6, 7], 6) + 8
var.stage == "prod" ? 33 : var.days
""".strip().splitlines(),
)
TEXTS = (
    *r"""
"orders"
"${var.stage}-orders"
format("%s-%s", var.stage, var.prefix)
join("-", compact([var.prefix, "t"]))
lower("ORDERS")
var.names[0]
element(var.names, 1)
replace("a.b.c", ".", "-")
trimsuffix("orders-x", "-x")
substr("orders-table", 0, 6)
coalesce("", var.prefix)
title("orders")
keys(merge(var.tags, { a = 1 }))[0]
join("", var.names)
var.flag ? "on" : "off"
try(var.tags["none"], "absent")
lookup(var.tags, "team", "nobody")
one([var.prefix])
format("%03d-%s", var.days, upper(var.stage))
var.settings.inner.name
sort(var.names)[0]
md5("a")
"%{ if var.flag }yes%{ else }no%{ endif }"
"%{ for n in var.names }${n}.%{ endfor }"
chomp("orders\n")
regex("[a-z]+", "12orders34")
split("-", "a-b-c")[1]
join("", [for n in var.names : substr(n, 0, 1)])
trim("??orders??", "?")
strrev("sredro")
base64decode("b3JkZXJz")
yamldecode("a: orders").a
values({ a = "first", b = "second" })[1]
coalescelist([], ["fallback"])[0]
basename("/tables/orders")
[for t in ["b", "a"] : t][1]
indent(0, "orders")
format("%s", var.days)
join("_", slice(["a", "b", "c"], 0, 2))
""".strip().splitlines(),
    """\
trimspace(<<-EOT
    ${var.stage}-heredoc
    EOT
  )""",
)
MAPS = (
    *r"""
{ backup = "daily" }
var.tags
merge(var.tags, { backup = "daily" })
{}
var.flag ? var.tags : {}
{ for k, v in var.tags : upper(k) => v if v != "" }
zipmap(["a", "b"], ["x", "y"])
tomap({ stage = var.stage })
merge([for n in var.names : { (n) = "1" }]...)
{ for n in toset(var.names) : n => length(n) }
merge(var.tags, var.flag ? { flag = "on" } : null)
{ "${var.stage}:key" = var.prefix, (var.prefix) = "v" }
{ for pair in setproduct(["a", "b"], ["x"]) : join("-", pair) => "both" }
transpose({ a = ["x"] }) == {} ? {} : { t = "t" }
""".strip().splitlines(),
)
LISTS = (
    *r"""
var.names
["a", "b"]
[for n in var.names : upper(n)]
concat(var.names, ["c"])
distinct(concat(var.names, var.names))
compact([var.prefix, ""])
reverse(var.names)
[for k, t in var.tables : k if t.on]
flatten([var.names, ["z"]])
var.flag ? var.names : []
var.settings.inner.list
sort(keys(var.tags))
slice(var.names, 0, 1)
[for i in range(3) : tostring(i)]
tolist(toset(var.names))
split(",", "p,q")
[for i, n in var.names : "${i}-${n}"]
chunklist(["a", "b", "c"], 2)[0]
setsubtract(toset(var.names), toset([var.names[0]]))
matchkeys(["a", "b"], ["x", "y"], ["y"])
""".strip().splitlines(),
)

TABLE = """\
resource "aws_dynamodb_table" "RESOURCE" {
  REPEAT
  name                        = "${KEYED}LABEL"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = BOOL
  attribute {
    name = "id"
    type = "S"
  }
  STREAM
  PITR
  SSE
  REPLICAS
  tags = MAP
}
"""
PITRS = (
    "",
    """\
point_in_time_recovery {
    enabled = BOOL
  }""",
    """\
point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = NUMBER
  }""",
    """\
dynamic "point_in_time_recovery" {
    for_each = BOOL ? [1] : []
    content {
      enabled = true
    }
  }""",
    """\
dynamic "point_in_time_recovery" {
    for_each = { on = BOOL }
    iterator = it
    content {
      enabled = it.value
    }
  }""",
)
SSES = (
    "",
    """\
server_side_encryption {
    enabled = BOOL
  }""",
    """\
server_side_encryption {
    enabled     = true
    kms_key_arn = BOOL ? "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" : null
  }""",
)
REPLICAS = (
    "",
    "",
    """\
replica {
    region_name            = "us-east-1"
    point_in_time_recovery = BOOL
  }""",
    """\
dynamic "replica" {
    for_each = toset(BOOL ? ["us-east-1", "us-west-2"] : ["eu-central-1"])
    content {
      region_name            = replica.value
      point_in_time_recovery = BOOL
    }
  }""",
)
#: Each with what stands before a name to tell instances apart.
REPEATS = (
    ("", ""),
    ("", ""),
    ("count = BOOL ? 1 : 0", ""),
    ("count = length(var.names)", "${count.index}-"),
    ("for_each = toset(var.names)", "${each.key}-"),
    ("for_each = { for k, t in var.tables : k => t if t.on }", "${each.key}-${each.value.days}-"),
    ("for_each = var.tables", "${each.value.key}${each.key}-"),
)
PLAN = """\
resource "aws_backup_vault" "RESOURCE" {
  name          = "v-LABEL"
  force_destroy = BOOL
}
resource "aws_backup_vault_lock_configuration" "RESOURCE" {
  count               = BOOL ? 1 : 0
  backup_vault_name   = aws_backup_vault.RESOURCE.name
  min_retention_days  = NUMBER
  max_retention_days  = NUMBER + 100
  changeable_for_days = BOOL ? 3 + NUMBER : null
}
resource "aws_backup_plan" "RESOURCE" {
  name = "p-LABEL"
  rule {
    rule_name         = TEXT
    target_vault_name = aws_backup_vault.RESOURCE.name
    schedule          = BOOL ? "cron(0 5 ? * * *)" : null
    lifecycle {
      delete_after = NUMBER
    }
  }
  dynamic "rule" {
    for_each = { for i, n in LIST : i => n }
    content {
      rule_name                = "r${rule.key}-${rule.value}"
      target_vault_name        = "other"
      schedule                 = "rate(${rule.key + 12} hours)"
      enable_continuous_backup = BOOL
      dynamic "copy_action" {
        for_each = BOOL ? ["central"] : []
        content {
          destination_vault_arn = "arn:aws:backup:eu-west-1:444455556666:backup-vault:${copy_action.value}"
          lifecycle {
            delete_after = NUMBER + 7
          }
        }
      }
    }
  }
}
resource "aws_backup_selection" "RESOURCE" {
  name          = "s-LABEL"
  plan_id       = aws_backup_plan.RESOURCE.id
  iam_role_arn  = "arn:aws:iam::111122223333:role/backup"
  resources     = [for n in LIST : "arn:aws:dynamodb:*:*:table/${n}-*"]
  not_resources = BOOL ? ["arn:aws:dynamodb:*:*:table/tmp-*"] : null
  dynamic "selection_tag" {
    for_each = MAP
    content {
      type  = "STRINGEQUALS"
      key   = selection_tag.key
      value = selection_tag.value
    }
  }
  condition {
    dynamic "string_equals" {
      for_each = BOOL ? { team = "shop" } : {}
      content {
        key   = "aws:ResourceTag/${string_equals.key}"
        value = string_equals.value
      }
    }
    dynamic "string_not_like" {
      for_each = LIST
      content {
        key   = "aws:ResourceTag/stage"
        value = "${string_not_like.value}*"
      }
    }
  }
}
"""
#: A module that the module calls, with what it is given; `null` takes the default where that is said.
INNER = """\
variable "name" {}
variable "on" {
  default  = true
  nullable = NULLABLE
}
variable "extra" {
  type    = map(string)
  default = {}
}
resource "aws_dynamodb_table" "inner" {
  name         = var.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  deletion_protection_enabled = var.on == null ? false : var.on
  tags                        = var.extra
}
output "name" { value = aws_dynamodb_table.inner.name }
output "on" { value = var.on }
"""
CALL = """\
module "inner" {
  source   = "./inner"
  for_each = toset(LIST)
  name     = "LABEL-${each.value}"
  on       = BOOL ? BOOL : null
  extra    = { for k, v in MAP : k => v if BOOL }
}
resource "aws_dynamodb_table" "after" {
  count        = length(module.inner) > 1 ? 1 : 0
  name         = "LABEL-after-${join("-", [for m in values(module.inner) : substr(m.name, 0, 3)])}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  deletion_protection_enabled = anytrue([for m in values(module.inner) : m.on == true])
}
"""


class ModuleMaker:
    """Makes modules, one after the other."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def next(self, label: str) -> dict[str, str]:
        """The files of a module; `label` makes its names its own."""
        parts = [HEAD]
        for number in range(self.random.randint(1, 2)):
            parts.append(self._table(f"t{number}"))
        if self.random.random() < 0.6:
            parts.append(PLAN.replace("RESOURCE", "backup"))
        files = {}
        if self.random.random() < 0.4:
            parts.append(CALL)
            files["inner/main.tf"] = INNER.replace("NULLABLE", self.random.choice(("true", "false")))
        files["main.tf"] = self._filled("\n".join(parts)).replace("LABEL", label)
        return files

    def _table(self, name: str) -> str:
        choose = self.random.choice
        repeat, keyed = choose(REPEATS)
        replicas = choose(REPLICAS)
        stream = 'stream_enabled = true\n  stream_view_type = "NEW_AND_OLD_IMAGES"' if replicas else ""
        text = TABLE.replace("RESOURCE", name).replace("REPEAT", repeat).replace("${KEYED}", keyed + name + "-")
        text = text.replace("PITR", choose(PITRS)).replace("SSE", choose(SSES)).replace("STREAM", stream)
        return text.replace("REPLICAS", replicas)

    def _filled(self, text: str) -> str:
        own = {
            "STAGE": ("prod", "dev", "live"), "PREFIX": ("eg", "x", "shop"), "FLAG": ("true", "false"),
            "DAYS": ("3", "14", "29"), "NAMES": ('["b", "a"]', '["one"]', '["x", "y", "z"]'),
            "TAGS": ("{}", '{ team = "shop" }', '{ team = "shop", stage = "prod", on = "true" }'),
            "SETTINGS": ("{}", "{ on = false, days = 9 }", '{ inner = { name = "n" } }'),
            "TABLES": ("{}", "{ a = {}, b = { on = true } }", '{ c = { key = "k", on = true, days = 3 } }'),
        }  # fmt: skip
        for name, choices in own.items():
            text = text.replace(name, self.random.choice(choices))
        pools = {
            "BOOL": (*BOOLS, "local.enabled"),
            "NUMBER": (*NUMBERS, "local.number"),
            "TEXT": (*TEXTS, "local.label"),
        }
        pools |= {"MAP": (*MAPS, "local.labels"), "LIST": (*LISTS, "local.listed")}
        head, _, rest = text.partition("}\nlocals {")
        lines, _, rest = rest.partition("\n}\n")
        for name, pool in pools.items():
            # What `locals` says must not be about itself.
            lines = self._replaced(lines, name, pool[:-1])
            rest = self._replaced(rest, name, pool)
        return f"{head}}}\nlocals {{{lines}\n}}\n{rest}"

    def _replaced(self, text: str, name: str, pool: tuple[str, ...]) -> str:
        pieces = text.split(name)
        made = [pieces[0]]
        for piece in pieces[1:]:
            chosen = self.random.choice(pool)
            made += [f"({chosen})" if name in {"BOOL", "NUMBER"} else chosen, piece]
        return "".join(made)
