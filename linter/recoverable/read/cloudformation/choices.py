"""What a template tells apart: the values that its parameters are compared with, and so the choices worth following."""

from __future__ import annotations

from recoverable.read.cloudformation.template import children, function_of, refers_to, written_text
from recoverable.read.nodes import Mapping, Node, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverable.read.cloudformation.template import Parameter, Template

    #: By parameter or pseudo parameter, the texts that it makes a difference to be one of.
    Compared = dict[str, tuple[str, ...]]

#: What a choice takes when a parameter has none of the values that anything compares it with.
ANY_OTHER = "any other value"

#: A list of allowed values, or a mapping, longer than this is not followed value by value.
MOST_VALUES = 12

_COMPARISONS = ("Fn::Equals", "Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals")


def compared(template: Template) -> Compared:
    """What conditions and rules compare parameters with, and the keys of the mappings that parameters pick from."""
    found: dict[str, dict[str, None]] = {}
    for section in (template.conditions, template.rules):
        for name, argument in _calls(section.values(), _COMPARISONS):
            _note_comparison(template, argument, found, listed=name != "Fn::Equals")
    if template.mappings:
        nodes = (resource.body for resource in template.resources.values())
        for _, argument in _calls((*nodes, *template.conditions.values()), ("Fn::FindInMap",)):
            _note_keys(template, argument, found)
    return {name: tuple(values) for name, values in found.items()}


def domain(parameter: Parameter, differences: tuple[str, ...]) -> tuple[str, ...]:
    """The values to follow one by one, the likeliest first; empty when the parameter is not a choice.

    A parameter is a choice if it lists its allowed values, or if it makes a difference (`differences`) whether it has
    certain values: then those and the default stand for all there is to tell apart.
    """
    if parameter.is_looked_up or parameter.secret or parameter.is_list:
        return ()
    default = () if parameter.default is None else (parameter.default,)
    if parameter.allowed and len(parameter.allowed) <= MOST_VALUES:
        return _unique((*(value for value in default if value in parameter.allowed), *parameter.allowed))
    if not differences:
        return ()
    if parameter.allowed:
        differences = tuple(value for value in differences if value in parameter.allowed)
    exhausted = bool(parameter.allowed) and set(parameter.allowed) <= set(differences)
    told_apart = parameter.default is not None and parameter.default not in differences
    return _unique((*default, *differences, *(() if exhausted or told_apart else (ANY_OTHER,))))


def _note_comparison(template: Template, argument: Node, found: dict[str, dict[str, None]], *, listed: bool) -> None:
    sides = argument.items if isinstance(argument, Sequence) else ()
    if listed:
        sides = tuple(item for side in sides for item in _members(side))
    names = [name for side in sides if (name := refers_to(side)) is not None]
    for name in names:
        values = found.setdefault(name, {})
        for side in sides:
            other = refers_to(side)
            if isinstance(side, Scalar) and not side.tag:
                values[written_text(side)] = None
            elif other is not None and other != name and other in template.parameters:
                of_other = template.parameters[other]
                values.update(dict.fromkeys((*filter(None, (of_other.default,)), *of_other.allowed[:MOST_VALUES])))


def _note_keys(template: Template, argument: Node, found: dict[str, dict[str, None]]) -> None:
    if not isinstance(argument, Sequence) or len(argument.items) < 3 or not isinstance(argument.items[0], Scalar):
        return
    level: tuple[Node, ...] = tuple(
        table for name, table in template.mappings.items() if name == argument.items[0].text
    )
    for key in argument.items[1:3]:
        mappings = [node for node in level if isinstance(node, Mapping)]
        names = dict.fromkeys(written.text for node in mappings for written, _ in node.entries)
        name = refers_to(key)
        if name is not None and len(names) <= MOST_VALUES:
            found.setdefault(name, {}).update(names)
        level = tuple(value for node in mappings for _, value in node.entries)


def _calls(nodes: Iterable[Node], names: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
    """The calls of some functions anywhere in the nodes, in the order of the text."""
    waiting: list[Node] = [*nodes][::-1]
    while waiting:
        node = waiting.pop()
        called = function_of(node)
        if called is not None and called[0] in names:
            yield called
        waiting.extend(reversed(children(node)))


def _members(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) and not node.tag else (node,)


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
