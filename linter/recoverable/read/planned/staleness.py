"""Whether sources have changed since a plan was made from them, as far as a plan shows what it was made from."""

from __future__ import annotations

from recoverable.read.hcl.syntax import Literal, Template
from recoverable.read.planned.belonging import declared_in, names_in
from recoverable.read.planned.configuration import mapping, sequence, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.hcl.syntax import Argument, Block, Body
    from recoverable.read.planned.documents import Outcome
    from recoverable.read.terraform.configuration import Module

#: Arguments and blocks that a plan does not show among the expressions of a resource.
_NOT_SHOWN = {"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"}

#: Stands for an expression that is more than a plain value.
_MADE = object()


def changed_since(outcome: Outcome, module: Module) -> str:
    """What is in the sources of a plan's root module and not in the plan, or otherwise; empty if nothing is seen."""
    declared, names = declared_in(outcome), names_in(module)
    for name in sorted(declared ^ names):
        return f"{name} is {'not in the plan' if name in names else 'no longer in its sources'}"
    for each in sequence(mapping(outcome.configuration.get("root_module")).get("resources")):
        node = mapping(each)
        resource = module.resources.get(text(node.get("address")))
        if resource is not None:
            differs = _differs(resource.body, mapping(node.get("expressions")))
            if differs:
                return f"{differs} of {resource.address} is written otherwise in its sources"
    return ""


def _differs(body: Body, expressions: dict[str, object]) -> str:
    """The argument or block that is written otherwise than a plan has it."""
    blocks: dict[str, list[Block]] = {}
    for block in body.blocks:
        name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
        blocks.setdefault(name, []).append(block)
    for name, argument in body.arguments.items():
        if name not in _NOT_SHOWN and _is_other(argument, expressions.get(name)):
            return name
    for name, found in blocks.items():
        if name in _NOT_SHOWN or any(block.type == "dynamic" for block in found):
            continue
        shown = expressions.get(name)
        listed = shown if isinstance(shown, list) else [] if shown is None else [shown]
        if len(listed) != len(found):
            return name
        for block, each in zip(found, listed, strict=True):
            inside = _differs(block.body, mapping(each))
            if inside:
                return f"{name}.{inside}"
    left = expressions.keys() - body.arguments.keys() - blocks.keys()
    return min(left, default="")


def _is_other(argument: Argument, shown: object) -> bool:
    """Whether an argument is a plain value and was another one, or none. Of more than plain values nothing is said."""
    value = _plain(argument)
    if value is _MADE:
        return False
    if shown is None:
        return value is not None
    node = mapping(shown)
    if "constant_value" in node:
        return str(node["constant_value"]) != str(value)
    return value is not None


def _plain(argument: Argument) -> object:
    match argument.expression():
        case Literal(value):
            return value
        case Template(parts) if all(isinstance(part, str) for part in parts):
            return "".join(map(str, parts))
        case _:
            return _MADE
