"""The intrinsic functions that make values: Sub, Join, GetAtt, FindInMap and the others, a function each.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re

from recoverable.read.cloudformation.choices import ANY_OTHER, MOST_VALUES
from recoverable.read.cloudformation.template import refers_to, written_text
from recoverable.read.data import Datum, Fields, Items, Open, literal
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.text import Hole, Text, joined
from recoverable.truth import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.read.cloudformation.evaluate import Evaluation

_VARIABLE = r"\$\{(!?)([^${}]*)\}"

#: No template needs more; a longer one is somebody's bomb.
LONGEST_LIST = 10_000
LONGEST_TEXT = 100_000


def _arguments(evaluation: Evaluation, node: Node) -> tuple[Datum, ...]:
    if isinstance(node, Sequence) and not node.tag:
        return tuple(evaluation.value(item) for item in node.items)
    return tuple(evaluation.value(node).list())


def _wrong(node: Node, what: str) -> Datum:
    return Datum(Open(what), node.span)


def _notes(*data: Datum) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys(note for datum in data for note in datum.notes))


def _text(text: Text) -> str | Text | Open:
    if sum(len(part) for part in text.parts) > LONGEST_TEXT:
        return Open(f"it makes a text of more than {LONGEST_TEXT} characters")
    if any("{{resolve:" in part for part in text.parts if isinstance(part, str)):
        return Open("it is looked up when the stack is deployed ({{resolve:...}})")
    whole = text.literal()
    return text if whole is None else whole


def get_att(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::GetAtt`, as `Name.Attribute` or as a list of both."""
    if isinstance(argument, Scalar):
        name, _, attribute = argument.text.partition(".")
    elif isinstance(argument, Sequence) and argument.items:
        parts = [literal(evaluation.value(item)) for item in argument.items]
        if None in parts:
            return _wrong(node, "Fn::GetAtt of a name that is not known")
        name, attribute = parts[0] or "", ".".join(part or "" for part in parts[1:])
    else:
        return _wrong(node, "Fn::GetAtt takes a resource and an attribute")
    return attribute_of(evaluation, name, attribute, node)


def attribute_of(evaluation: Evaluation, name: str, attribute: str, node: Node) -> Datum:
    """An attribute of a resource: an output of a nested stack that was read, else a symbol that stands for it."""
    stack = evaluation.stack
    child = stack.children.get(name)
    if child is not None and attribute.startswith("Outputs."):
        named = attribute.removeprefix("Outputs.")
        output = child.outputs().get(named)
        value = output.get("Value") if isinstance(output, Mapping) else None
        if not isinstance(output, Mapping) or value is None or not evaluation.inside(child).may_exist(output):
            return _wrong(node, f"the nested stack {name} has no output {named}")
        datum = evaluation.inside(child).value(value)
        note = Fact(f"it is {named} of the nested stack {name}", datum.origin)
        return Datum(datum.content, node.span, (*datum.notes, note))
    if name not in stack.resources() and not (stack.template.serverless and stack.may_generate(name)):
        return _wrong(node, f"{name} is not a resource of the template")
    symbol = stack.symbol(name, attribute)
    resource = stack.resources().get(name)
    made = "" if resource is None else resource.type
    return Datum(Open(f"{name}.{attribute} is known only when the stack is deployed", symbol, type=made), node.span)


def sub(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::Sub` with or without a mapping of variables of its own."""
    own: Fields | None = None
    template = argument
    if isinstance(argument, Sequence):
        if len(argument.items) != 2:
            return _wrong(node, "Fn::Sub takes a text, or a list of a text and a mapping")
        template = argument.items[0]
        own = evaluation.value(argument.items[1]).fields()
    if not isinstance(template, Scalar):
        return _wrong(node, "Fn::Sub takes a text")
    content = written_text(template)
    parts: list[str | Hole | Text] = []
    notes: list[Fact] = []
    at = 0
    for match in re.finditer(_VARIABLE, content):
        parts.append(content[at : match.start()])
        at = match.end()
        if match[1]:
            parts.append("${" + match[2] + "}")
            continue
        name = match[2].strip()
        given = own.get(name) if own is not None else None
        if given is not None:
            datum = given
        elif "." in name and not name.startswith("AWS::"):
            first, _, rest = name.partition(".")
            datum = attribute_of(evaluation, first, rest, node)
        else:
            datum = evaluation.reference(name, node)
        parts.append(datum.text())
        notes.extend(datum.notes)
    parts.append(content[at:])
    return Datum(_text(joined(*parts)), node.span, tuple(dict.fromkeys(notes)))


def join(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::Join`: a delimiter and a list."""
    if not isinstance(argument, Sequence) or len(argument.items) != 2:
        return _wrong(node, "Fn::Join takes a delimiter and a list")
    delimiter = literal(evaluation.value(argument.items[0]))
    listed = evaluation.value(argument.items[1])
    items = listed.list()
    if delimiter is None or items.open:
        return _wrong(node, items.open or "the delimiter of Fn::Join is not known")
    parts: list[str | Hole | Text] = []
    members = tuple(items)
    for index, item in enumerate(members):
        if index:
            parts.append(delimiter)
        parts.append(item.text())
    return Datum(_text(joined(*parts)), node.span, _notes(listed, *members))


def split(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::Split`: a delimiter and a text that must be wholly known."""
    arguments = _arguments(evaluation, argument)
    if len(arguments) != 2:
        return _wrong(node, "Fn::Split takes a delimiter and a text")
    delimiter, whole = literal(arguments[0]), literal(arguments[1])
    if not delimiter or whole is None:
        return Datum(Open(arguments[1].text().why_open() or "Fn::Split without a delimiter"), node.span)
    parts = whole.split(delimiter)
    if len(parts) > LONGEST_LIST:
        return _wrong(node, f"Fn::Split makes more than {LONGEST_LIST} items")
    notes = _notes(arguments[1])
    return Datum(Items(tuple(Datum(part, node.span, notes) for part in parts)), node.span, notes)


def select(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::Select`: an index from 0 and a list."""
    if not isinstance(argument, Sequence) or len(argument.items) != 2:
        return _wrong(node, "Fn::Select takes an index and a list")
    index = literal(evaluation.value(argument.items[0]))
    listed = evaluation.value(argument.items[1])
    items = listed.list()
    members = tuple(items)
    if isinstance(listed.content, Open):
        return _wrong(node, listed.content.reason)
    if index is None or items.open:
        return _wrong(node, items.open or "the index of Fn::Select is not known")
    if not index.isascii() or not index.isdigit() or len(index) > 6 or int(index) >= len(members):
        return _wrong(node, f"Fn::Select has no item {index}")
    chosen = members[int(index)]
    return Datum(chosen.content, node.span, chosen.notes)


def find_in_map(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::FindInMap`, with `DefaultValue` as `AWS::LanguageExtensions` gives it.

    With a key that is not known, the value is known all the same if every entry that may be meant has the same.
    """
    if not isinstance(argument, Sequence) or len(argument.items) not in (3, 4):
        return _wrong(node, "Fn::FindInMap takes a map and two keys")
    name = literal(evaluation.value(argument.items[0]))
    if name is None:
        return _wrong(node, "the map of Fn::FindInMap is not known")
    written = argument.items[3] if len(argument.items) == 4 else None
    default = written.get("DefaultValue") if isinstance(written, Mapping) else None
    keys = argument.items[1:3]
    found = _picked(evaluation, name, keys, default, node)
    if isinstance(found.content, Open) and any((refers_to(key) or "").startswith("AWS::") for key in keys):
        # Which Region or account it is makes a difference here.
        found = _picked(evaluation, name, keys, default, node, follow=True)
    return found


def _picked(
    evaluation: Evaluation, name: str, keys: tuple[Node, ...], default: Node | None, node: Node, *, follow: bool = False
) -> Datum:
    table = evaluation.stack.mappings().get(name)
    level: tuple[Node, ...] = () if table is None else (table,)
    notes: list[Fact] = []
    open_: Datum | None = None
    for item in keys:
        key = _key(evaluation, item, level, closed=default is None, follow=follow)
        notes.extend(key.notes)
        level = _below(level, literal(key))
        if literal(key) is None:
            open_ = open_ or key
    if not level:
        if default is not None:
            return evaluation.value(default)
        return _wrong(node, f"there is no mapping {name}" if table is None else f"mapping {name} has no such entry")
    data = [evaluation.value(found) for found in (*level, *((default,) if open_ is not None and default else ()))]
    texts = {literal(datum) for datum in data}
    if len(data) > 1 and (len(texts) > 1 or None in texts):
        return Datum(Open((open_ or data[0]).text().why_open()), node.span)
    return Datum(data[0].content, node.span, (*dict.fromkeys(notes), Fact(f"mapping {name} says so", data[0].origin)))


def _key(evaluation: Evaluation, item: Node, level: tuple[Node, ...], *, closed: bool, follow: bool) -> Datum:
    """A key of a mapping. In a mapping without a default only its keys can be meant: any other is refused."""
    keys = tuple(dict.fromkeys(key.text for node in level if isinstance(node, Mapping) for key, _ in node.entries))
    name = refers_to(item) or ""
    if follow and name.startswith("AWS::") and len(keys) <= MOST_VALUES:
        key = evaluation.pseudo(name, item.span, keys)
    else:
        key = evaluation.value(item)
    choice = key.content.choice if isinstance(key.content, Open) else None
    if closed and choice is not None and evaluation.walk.has_settled(choice, ANY_OTHER):
        evaluation.walk.run.impossible = evaluation.walk.run.impossible or set(keys) <= set(choice.domain)
    return key


def _below(nodes: tuple[Node, ...], key: str | None) -> tuple[Node, ...]:
    """What stands at a key, or at every key when it is not known."""
    mappings = [node for node in nodes if isinstance(node, Mapping)]
    if key is None:
        return tuple(value for node in mappings for _, value in node.entries)
    return tuple(value for node in mappings if (value := node.get(key)) is not None)


def import_value(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::ImportValue`: resolved when exactly one of the templates scanned exports the name."""
    named = evaluation.value(argument)
    name = literal(named)
    if name is None:
        return Datum(Open(named.text().why_open()), node.span)
    exports = [
        (stack, output)
        for stack, output in evaluation.walk.world.exporting(name)
        if evaluation.inside(stack).may_exist(output)
    ]
    if len(exports) == 1:
        stack, output = exports[0]
        value = output.get("Value")
        datum = evaluation.inside(stack).value(value) if value is not None else _wrong(node, f"{name} has no Value")
        note = Fact(f"it is exported as {name}", datum.origin)
        return Datum(datum.content, node.span, (*datum.notes, note))
    if exports:
        paths = " and ".join(sorted({stack.template.path for stack, _ in exports}))
        return _wrong(node, f"{name} is exported by {paths}, and it cannot be told which is meant")
    return _wrong(node, f"{name} is exported by no stack that was read")


def base64(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::Base64`."""
    whole = literal(evaluation.value(argument))
    if whole is None:
        return _wrong(node, "Fn::Base64 of a text that is not wholly known")
    import binascii  # noqa: PLC0415 - hardly a template calls this

    return Datum(binascii.b2a_base64(whole.encode("utf-8", "replace"), newline=False).decode(), node.span)


def cidr(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::Cidr`: the first `count` blocks of `bits` host bits within a block."""
    arguments = _arguments(evaluation, argument)
    texts = [literal(item) for item in arguments]
    if len(texts) not in (2, 3) or None in texts:
        return _wrong(node, "Fn::Cidr of a block that is not wholly known")
    import ipaddress  # noqa: PLC0415 - hardly a template calls this

    try:
        network = ipaddress.ip_network(texts[0] or "")
        count = int(texts[1] or "")
        bits = int(texts[2] or "") if len(texts) == 3 else 8
        blocks = network.subnets(new_prefix=network.max_prefixlen - bits)
        found = [str(block) for _, block in zip(range(min(count, 257)), blocks, strict=False)]
    except ValueError:
        found = []
    if not found or len(found) != count or count > 256:
        return _wrong(node, "Fn::Cidr takes a block, a count from 1 to 256 and a number of bits that fits the block")
    return Datum(Items(tuple(Datum(block, node.span) for block in found)), node.span)


def length(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::Length` of `AWS::LanguageExtensions`."""
    datum = evaluation.value(argument)
    if not isinstance(datum.content, Items):
        reason = datum.content.reason if isinstance(datum.content, Open) else "Fn::Length takes a list"
        return _wrong(node, reason)
    return _wrong(node, datum.content.open) if datum.content.open else Datum(len(tuple(datum.content)), node.span)


def to_json_string(evaluation: Evaluation, argument: Node, node: Node) -> Datum:
    """`Fn::ToJsonString` of `AWS::LanguageExtensions`: the content is kept; who reads JSON text takes either."""
    datum = evaluation.value(argument)
    return Datum(datum.content, node.span, datum.notes)


FUNCTIONS: dict[str, Callable[[Evaluation, Node, Node], Datum]] = {
    "Fn::GetAtt": get_att,
    "Fn::Sub": sub,
    "Fn::Join": join,
    "Fn::Split": split,
    "Fn::Select": select,
    "Fn::FindInMap": find_in_map,
    "Fn::ImportValue": import_value,
    "Fn::Base64": base64,
    "Fn::Cidr": cidr,
    "Fn::Length": length,
    "Fn::ToJsonString": to_json_string,
}
