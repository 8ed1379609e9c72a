"""What a plan shows of the configuration it was made from, as the modules that the files would have given.

A plan names what an expression refers to, and no more: `aws_dynamodb_table.orders.arn` is taken for that table's ARN
although a text around it may be missing. What is made of several things, or of a local value, is not known.

https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

from recoverable.read.hcl.parse import parse_expression
from recoverable.read.hcl.syntax import (
    Argument,
    Attribute,
    Block,
    Body,
    ListOf,
    Literal,
    Name,
    ObjectItem,
    ObjectOf,
    Template,
    Unreadable,
)
from recoverable.read.nodes import MalformedError
from recoverable.read.terraform.configuration import Call, Module, Resource, Variable
from recoverable.read.terraform.relocated import relocated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recoverable.read.hcl.syntax import Expression
    from recoverable.source import Span

#: The keys of an expression; anything else under a name of an argument is a block.
_OF_EXPRESSIONS = {"constant_value", "references"}

#: Behind the name of an argument: what it refers to, thing by thing, should it be a list.
ITEMS = "[]"

#: Blocks in blocks, deeper than any provider has them.
DEEPEST = 20


def module_of(node: dict[str, object], path: str, span: Span, place: Callable[[str], Span | None]) -> Module:
    """A module of a plan's configuration. Everything stands at `span`, or where `place` says by the address."""
    module = Module(path, {}, {}, {}, {}, {}, {}, foreign=True)
    for name, each in mapping(node.get("variables")).items():
        default = mapping(each)
        value = _argument("default", {"constant_value": default["default"]}, span) if "default" in default else None
        module.variables[name] = Variable(name, value, None, None, span)
    for name, each in mapping(node.get("outputs")).items():
        body = Body({"value": _argument("value", mapping(each).get("expression"), span)}, ())
        module.outputs[name] = Block("output", (name,), body, span, span)
    for made in sequence(node.get("resources")):
        resource = _resource(made, span, place)
        if resource is not None:
            module.resources[resource.address] = resource
    for name, each in mapping(node.get("module_calls")).items():
        call = mapping(each)
        at = place(f"module.{name}") or span
        body = _with_repetition(_body(mapping(call.get("expressions")), at), call, at)
        module.calls[name] = Call(name, text(call.get("source")), body, at, at)
    return module


def providers_of(configuration: dict[str, object], span: Span) -> dict[str, Block]:
    """All providers by the keys that resources name them with: `aws`, `aws.eu`, or `module.tables:aws`."""
    found: dict[str, Block] = {}
    for key, each in mapping(configuration.get("provider_config")).items():
        body = _body(mapping(mapping(each).get("expressions")), span)
        found[key] = Block("provider", (text(mapping(each).get("name")),), body, span, span)
    return found


def handed_on(call: Call, keys: Iterable[str]) -> Call:
    """A call that hands all providers on by their keys, which hold everywhere in a plan."""
    at = call.span
    items = tuple(ObjectItem(constant(key, at), constant(key, at)) for key in keys)
    providers = Argument("providers", at, at, lambda: ObjectOf(items, at))
    return call._replace(body=call.body._replace(arguments={**call.body.arguments, "providers": providers}))


def _resource(made: object, span: Span, place: Callable[[str], Span | None]) -> Resource | None:
    node = mapping(made)
    type_, name = text(node.get("type")), text(node.get("name"))
    if not type_ or not name:
        return None
    address = f"data.{type_}.{name}" if node.get("mode") == "data" else f"{type_}.{name}"
    at = place(address) or span
    body = _with_repetition(_body(mapping(node.get("expressions")), at), node, at)
    provider = text(node.get("provider_config_key"))
    if provider:
        body.arguments["provider"] = _argument("provider", {"constant_value": provider}, at)
    return Resource(address, type_, name, body, at, at)


def _with_repetition(body: Body, node: dict[str, object], at: Span) -> Body:
    for name in ("count", "for_each"):
        expression = node.get(f"{name}_expression")
        if expression is not None:
            body.arguments[name] = _argument(name, expression, at)
    return body


def repetition(name: str, at: Span) -> Argument:
    """A `count` or `for_each` of which nothing is known but that there is one."""
    return _argument(name, {}, at)


def _body(expressions: dict[str, object], at: Span, depth: int = 0) -> Body:
    arguments: dict[str, Argument] = {}
    blocks: list[Block] = []
    for name, each in expressions.items():
        inner = each if isinstance(each, list) else [each]
        if isinstance(each, list) or (isinstance(each, dict) and each.keys() - _OF_EXPRESSIONS):
            if depth < DEEPEST:
                blocks.extend(Block(name, (), _body(mapping(one), at, depth + 1), at, at) for one in inner)
        else:
            arguments[name] = _argument(name, each, at)
            references = _references(mapping(each).get("references"))
            if references:
                arguments[name + ITEMS] = _items(name, references, at)
    return Body(arguments, tuple(blocks))


def _items(name: str, references: list[str], at: Span) -> Argument:
    return Argument(name, at, at, lambda: ListOf(tuple(_traversal(each, at) for each in references), at))


def _argument(name: str, expression: object, at: Span) -> Argument:
    return Argument(name, at, at, lambda: _expression(mapping(expression), at))


def _expression(node: dict[str, object], at: Span) -> Expression:
    if "constant_value" in node:
        return constant(node["constant_value"], at)
    references = _references(node.get("references"))
    if len(references) == 1:
        return _traversal(references[0], at)
    if references:
        shown = ", ".join(dict.fromkeys(references))
        return Unreadable(f"it is made of {shown}, and a plan does not show how", at)
    return Unreadable("a plan does not show what it is made of", at)


def _references(written: object) -> list[str]:
    """What is referred to: each reference comes with all that it begins with, and those are left out."""
    found = [text(each) for each in sequence(written) if text(each)]
    return [
        each
        for number, each in enumerate(found)
        if not (number and (found[number - 1].startswith((f"{each}.", f"{each}["))))
    ]


def _traversal(reference: str, at: Span) -> Expression:
    """A reference as an expression. Local values are in no plan."""
    if reference.startswith("local."):
        return Unreadable(f"it comes from {reference}, which a plan does not show", at)
    try:
        expression = relocated(parse_expression(reference, at.path), at)
    except MalformedError:
        return Unreadable(f"it comes from {reference}", at)
    return expression if isinstance(expression, Name | Attribute) or "[" in reference else Unreadable("", at)


def constant(value: object, at: Span) -> Expression:
    """A value of JSON as the expression that makes it."""
    match value:
        case str():
            return Template((value,) if value else (), at)
        case list():
            return ListOf(tuple(constant(each, at) for each in value), at)
        case dict():
            items = tuple(ObjectItem(constant(key, at), constant(each, at)) for key, each in value.items())
            return ObjectOf(items, at)
        case bool() | int() | float() | None:
            return Literal(value, at)
        case _:
            return Unreadable("it is no value of Terraform", at)


def mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    return value if isinstance(value, str) else ""
