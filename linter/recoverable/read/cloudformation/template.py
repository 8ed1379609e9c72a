"""One template: its sections, and what the parameters that a deployment sets may be.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

from recoverable.read.nodes import Mapping, Node, Scalar, Sequence
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.source import Span

#: Transforms that leave tables, keys and backup resources as they are written.
HARMLESS_TRANSFORMS = (
    "AWS::Serverless-",
    "AWS::LanguageExtensions",
    "AWS::Include",
    "AWS::CodeDeployBlueGreen",
    "AWS::CodeStar",
    "AWS::SecretsManager-",
    "AWS::ServiceCatalog",
)


class Parameter(NamedTuple):
    """A template parameter. `default` is None where there is none; all values are texts, as CloudFormation has them."""

    name: str
    origin: Span
    type: str
    default: str | None
    default_origin: Span | None
    allowed: tuple[str, ...]
    secret: bool

    @property
    def is_list(self) -> bool:
        return self.type == "CommaDelimitedList" or self.type.startswith("List<")

    @property
    def is_looked_up(self) -> bool:
        """Whether the value is read from SSM Parameter Store when the stack is deployed."""
        return self.type.startswith("AWS::SSM::Parameter::Value")


class Resource(NamedTuple):
    """A resource as written: its logical id with the place of it, its type and its body."""

    logical_id: str
    origin: Span
    extent: Span
    type: str
    body: Mapping

    def attribute(self, name: str) -> Node | None:
        return self.body.get(name)


class Template(NamedTuple):
    """A template's sections. `macro` names a transform of the author's own that may change anything, else empty."""

    path: str
    parameters: dict[str, Parameter]
    mappings: dict[str, Node]
    conditions: dict[str, Node]
    rules: dict[str, Node]
    resources: dict[str, Resource]
    outputs: dict[str, Node]
    globals: Node | None
    serverless: bool
    loops: bool
    macro: str
    framework: bool
    root: Mapping


def children(node: Node) -> tuple[Node, ...]:
    match node:
        case Mapping():
            return tuple(value for _, value in node.entries)
        case Sequence():
            return node.items
        case _:
            return ()


_SHORT = {"!Ref": "Ref", "!Condition": "Condition"}


def function_of(node: Node) -> tuple[str, Node] | None:
    """The function that a node calls, in its long name, and its argument; None for plain data."""
    tag = node.tag
    if tag:
        if tag[0] != "!" or tag.startswith("!!"):
            return None
        return _SHORT.get(tag) or f"Fn::{tag[1:]}", _untagged(node)
    if isinstance(node, Mapping) and len(node.entries) == 1:
        key, argument = node.entries[0]
        name = key.text
        if name in ("Ref", "Condition") or (name.startswith("Fn::") and not name.startswith("Fn::ForEach::")):
            return name, argument
    return None


def _untagged(node: Node) -> Node:
    # As _replace(tag="") does it, at a fifth of the time.
    match node:
        case Scalar():
            return Scalar(node.value, node.span, node.text, node.plain)
        case Sequence():
            return Sequence(node.items, node.span)
        case Mapping():
            return Mapping(node.entries, node.span)


def refers_to(node: Node) -> str | None:
    """The name that a `Ref` refers to."""
    called = function_of(node)
    if called is not None and called[0] == "Ref" and isinstance(called[1], Scalar):
        return called[1].text
    return None


def written_text(scalar: Scalar) -> str:
    """A scalar as the text that CloudFormation makes of it."""
    match scalar.value:
        case bool():
            return "true" if scalar.value else "false"
        case None:
            return ""
        case str():
            return scalar.value
        case _:
            return scalar.text


def parse(path: str, root: Mapping, *, framework: bool = False) -> Template:
    """The sections of a template. Sections of the wrong shape are taken as empty: that is CloudFormation's to refuse.

    `framework`: the template stands under `resources` of a Serverless Framework file, whose own `${...}` variables are
    then open.
    """
    transforms = _transforms(root)
    return Template(
        path=path,
        parameters={key: _parameter(origin, key, node) for key, origin, node in _section(root, "Parameters")},
        mappings={key: node for key, _, node in _section(root, "Mappings")},
        conditions={key: node for key, _, node in _section(root, "Conditions")},
        rules={key: node for key, _, node in _section(root, "Rules")},
        resources={
            key: resource
            for key, origin, node in _section(root, "Resources")
            if (resource := as_resource(key, origin, node)) is not None
        },
        outputs={key: node for key, _, node in _section(root, "Outputs")},
        globals=root.get("Globals"),
        serverless=any(name.startswith("AWS::Serverless-") for name in transforms),
        loops="AWS::LanguageExtensions" in transforms,
        macro=next((name for name in transforms if not name.startswith(HARMLESS_TRANSFORMS)), ""),
        framework=framework,
        root=root,
    )


def as_resource(logical_id: str, origin: Span, node: Node) -> Resource | None:
    """A resource, if that is what stands there."""
    if not isinstance(node, Mapping):
        return None
    kind = node.get("Type")
    if not isinstance(kind, Scalar):
        return None
    extent = origin._replace(end_line=node.span.end_line, end_column=node.span.end_column)
    return Resource(logical_id, origin, extent, kind.text, node)


def _section(root: Mapping, name: str) -> list[tuple[str, Span, Node]]:
    section = root.get(name)
    if not isinstance(section, Mapping):
        return []
    return [(key.text, key.span, node) for key, node in section.entries]


def _transforms(root: Mapping) -> tuple[str, ...]:
    node = root.get("Transform")
    items = node.items if isinstance(node, Sequence) else (node,) if node is not None else ()
    names = []
    for item in items:
        if isinstance(item, Mapping):
            name = item.get("Name")
            names.append(name.text if isinstance(name, Scalar) else "a macro")
        elif isinstance(item, Scalar):
            names.append(item.text)
    return tuple(names)


def _parameter(origin: Span, name: str, node: Node) -> Parameter:
    def scalar(key: str) -> Scalar | None:
        found = node.get(key) if isinstance(node, Mapping) else None
        return found if isinstance(found, Scalar) else None

    default = scalar("Default")
    kind = scalar("Type")
    secret = scalar("NoEcho")
    allowed = node.get("AllowedValues") if isinstance(node, Mapping) else None
    return Parameter(
        name=name,
        origin=origin,
        type=kind.text if kind is not None else "String",
        default=written_text(default) if default is not None else None,
        default_origin=default.span if default is not None else None,
        allowed=tuple(written_text(item) for item in allowed.items if isinstance(item, Scalar))
        if isinstance(allowed, Sequence)
        else (),
        secret=secret is not None and written_text(secret).lower() == "true",
    )
