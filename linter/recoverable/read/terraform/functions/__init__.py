"""Terraform's built-in functions that are pure, on values that may not be known.

A function is loaded when it is called for the first time: most configurations call a handful of them. Those that ask
for the time, chance or a secret are not here: what they give is known only when Terraform runs.

https://developer.hashicorp.com/terraform/language/functions
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.data import Datum
    from recoverable.read.terraform.values import Files
    from recoverable.source import Span

    Function = Callable[[Files, tuple[Datum, ...], Span], Datum]

#: The modules of this package, and the functions that each has.
MODULES = {
    "arns": "provider::aws::arn_build provider::aws::arn_parse provider::aws::trim_iam_role_path",
    "addresses": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "encodings": "base64decode base64encode base64sha256 base64sha512 csvdecode md5 sha1 sha256 sha512 textdecodebase64"
    " textencodebase64 urlencode uuidv5",
    "formatting": "format formatlist",
    "json_texts": "jsondecode jsonencode",
    "lists": "alltrue anytrue chunklist coalescelist compact concat contains distinct element flatten index length"
    " matchkeys one reverse slice",
    "maps": "coalesce keys lookup merge transpose values zipmap",
    "numeric": "abs ceil floor log max min parseint pow range signum sum",
    "paths": "abspath basename dirname file fileexists fileset pathexpand",
    "regexes": "regex regexall",
    "sets": "ephemeralasnull issensitive nonsensitive sensitive setintersection setproduct setsubtract setunion tobool"
    " tolist tomap tonumber toset tostring",
    "texts": "chomp endswith indent join lower replace sort split startswith strcontains strrev substr title trim"
    " trimprefix trimspace trimsuffix upper",
    "times": "formatdate timeadd timecmp",
    "yaml_texts": "yamldecode yamlencode",
}

#: Those that give a text whatever they are given.
GIVING_TEXT = frozenset((
    "basename", "base64decode", "base64encode", "base64sha256", "base64sha512", "chomp", "cidrhost", "cidrnetmask",
    "cidrsubnet", "dirname", "file", "format", "formatdate", "indent", "join", "jsonencode", "lower", "md5", "replace",
    "sha1", "sha256", "sha512", "strrev", "substr", "textdecodebase64", "textencodebase64", "timeadd", "title",
    "tostring", "trim", "trimprefix", "trimspace", "trimsuffix", "upper", "urlencode", "uuidv5",
    "yamlencode",
))  # fmt: skip


def _later(module: str, name: str) -> Function:
    """The function, loaded when it is called."""

    def call(files: Files, arguments: tuple[Datum, ...], span: Span) -> Datum:
        from recoverable.read.terraform.functions.arguments import applied  # noqa: PLC0415 (only with a first call)

        function = import_module(f"{__name__}.{module}").FUNCTIONS[name]
        return applied(name, function, files, arguments, span)

    return call


#: By name: the files that may be read, the arguments, and the call's own place. `core::lower` is `lower`.
FUNCTIONS: dict[str, Function] = {
    spelled: _later(module, name)
    for module, names in MODULES.items()
    for name in names.split()
    for spelled in (name, f"core::{name}")
}
