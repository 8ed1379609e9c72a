"""What a list of references refers to: which resources of which stack are meant, and as what text.

A resource whose name the author gave is written out as that name when it is referred to. Which resource was meant is
then lost, so references are followed in the tree as it was written.
"""

from __future__ import annotations

from recoverable.read.cloudformation.evaluate import Evaluation
from recoverable.read.cloudformation.template import Resource, function_of
from recoverable.read.data import Datum, Items, Nothing, Open, literal
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.cloudformation.stacks import Stack
    from recoverable.text import Text

#: Outputs and parameters that pass each other on further than any template does, or in a circle.
_DEEPEST = 40


class Item(NamedTuple):
    """One member of a list. `identity` is the resource that it refers to, empty where it refers to none."""

    datum: Datum
    identity: str = ""

    @property
    def text(self) -> Text:
        return self.datum.text()


def identity(stack: Stack, name: str) -> str:
    """What tells a resource of a stack from all others of the run."""
    return stack.symbol(name, "Ref").removesuffix(".Ref")


def identity_of(symbol: str) -> str:
    """The resource that a hole stands for an attribute of; empty for a hole that stands for something else."""
    path, mark, rest = symbol.rpartition("#")
    return f"{path}#{rest.partition('.')[0]}" if mark and "AWS::" not in rest else ""


def items(evaluation: Evaluation, resource: Resource, *path: str) -> Iterator[Item]:
    """The members of the property at `path`; nothing where it is not written. A single value is a list of one."""
    here: Node | None = resource.attribute("Properties")
    for index, key in enumerate(path):
        if not isinstance(here, Mapping) or function_of(here) is not None:
            return
        below = here.get(key)
        if below is None:
            # An include or a loop may write it all the same.
            yield from _made_below(evaluation, here, path[index:])
            return
        here = below
    if here is not None:
        yield from members(evaluation, here)


def _made_below(evaluation: Evaluation, node: Mapping, path: tuple[str, ...]) -> Iterator[Item]:
    if all(key.text != "Fn::Transform" and not key.text.startswith("Fn::ForEach::") for key, _ in node.entries):
        return
    datum: Datum | None = evaluation.value(node)
    for key in path:
        datum = datum.fields().get(key) if datum is not None else None
    if datum is not None:
        yield from _worked_out(datum)


def members(evaluation: Evaluation, node: Node) -> Iterator[Item]:
    """The members of a node that is a list, or that stands for one."""
    called = function_of(node)
    if called is None:
        if isinstance(node, Sequence):
            for item in node.items:
                yield from members(evaluation, item)
        else:
            yield from _worked_out(evaluation.value(node))
        return
    name, argument = called
    if name == "Fn::If" and isinstance(argument, Sequence) and len(argument.items) == 3:
        condition = argument.items[0]
        held = evaluation.condition(condition.text) if isinstance(condition, Scalar) else Open("it is malformed")
        if isinstance(held, Open):
            yield Item(Datum(held, node.span))
        else:
            yield from members(evaluation, argument.items[1 if held else 2])
        return
    elsewhere = _elsewhere(evaluation, name, argument)
    if elsewhere is not None and evaluation.walk.depth < _DEEPEST:
        evaluation.walk.depth += 1
        try:
            yield from list(members(*elsewhere))
        finally:
            evaluation.walk.depth -= 1
        return
    # The name cut out of an ARN (`Fn::Select` of `Fn::Split`) is that of the resource whose ARN it is.
    meant = (
        _whose_part(evaluation.stack, argument) if name == "Fn::Select" else _meant(evaluation.stack, name, argument)
    )
    if meant:
        yield Item(evaluation.value(node), meant)
    else:
        yield from _worked_out(evaluation.value(node))


def _meant(stack: Stack, function: str, argument: Node) -> str:
    """The resource of this stack that a Ref or GetAtt refers to."""
    if function not in ("Ref", "Fn::GetAtt"):
        return ""
    name = _parts(argument)[0]
    if not name or name.startswith("AWS::") or name in stack.children:
        return ""
    if function == "Ref" and name in stack.template.parameters:
        return ""
    # A name that nothing has is nobody's, unless a transform of the author's own makes it.
    return identity(stack, name) if name in stack.resources() or not stack.template.macro else ""


def _whose_part(stack: Stack, node: Node, depth: int = 0) -> str:
    """The resource that a part is cut out of the ARN of."""
    called = function_of(node)
    if called is not None and called[0] == "Fn::GetAtt":
        return _meant(stack, *called) if _parts(called[1])[1:] == ["Arn"] else ""
    if called is not None and called[0] in ("Fn::Select", "Fn::Split") and depth < _DEEPEST:
        return _whose_part(stack, called[1], depth + 1)
    if called is None and isinstance(node, Sequence) and len(node.items) == 2:
        return _whose_part(stack, node.items[1], depth + 1)
    return ""


def _elsewhere(evaluation: Evaluation, function: str, argument: Node) -> tuple[Evaluation, Node] | None:
    """Where another stack says what is meant: as a nested stack's output, as its parameter, or as an export."""
    stack = evaluation.stack
    match function:
        case "Fn::GetAtt":
            name, *attribute = _parts(argument)
            child = stack.children.get(name)
            if child is not None and len(attribute) == 2 and attribute[0] == "Outputs":
                output = child.template.outputs.get(attribute[1])
                value = output.get("Value") if isinstance(output, Mapping) else None
                return None if value is None else (evaluation.inside(child), value)
        case "Ref" if isinstance(argument, Scalar) and stack.parent is not None and stack.owner is not None:
            if argument.text in stack.template.parameters:
                passed = below(stack.owner.attribute("Properties"), "Parameters", argument.text)
                return None if passed is None else (evaluation.inside(stack.parent), passed)
        case "Fn::ImportValue":
            name = literal(evaluation.value(argument)) or ""
            exports = evaluation.walk.world.exports(name)
            if len(exports) == 1:
                return evaluation.inside(exports[0][0]), exports[0][1]
    return None


def _parts(argument: Node) -> list[str]:
    """A resource and an attribute, as `Name.Attribute` or as a list of both."""
    if isinstance(argument, Scalar):
        return argument.text.split(".")
    if isinstance(argument, Sequence):
        return ".".join(item.text for item in argument.items if isinstance(item, Scalar)).split(".")
    return [""]


def below(node: Node | None, *path: str) -> Node | None:
    """What is written at a path below a node."""
    for key in path:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _worked_out(datum: Datum) -> Iterator[Item]:
    content = datum.content
    if isinstance(content, Nothing):
        return
    if isinstance(content, Items):
        for item in content:
            yield from _worked_out(item)
        if content.open:
            yield Item(Datum(Open(content.open), datum.origin))
        return
    yield Item(datum, identity_of(datum.text().stands_for()))
