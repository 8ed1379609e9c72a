"""Places in SARIF: addresses of files below the repository root, regions, resources."""

from __future__ import annotations

from recoverable.source import Address, Call, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate import Subject
    from recoverable.source import Origin

    Object = dict[str, object]

#: Stands for the root of the repository. It is not said where that is: the place differs from machine to machine.
ROOT = "%SRCROOT%"

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=@")


def artifact(path: str) -> Object:
    return {"uri": uri(path), "uriBaseId": ROOT}


def uri(path: str) -> str:
    """A relative reference: percent-encoded UTF-8, forward slashes, no `./`.

    Colons are encoded as well: what precedes one would be taken for a scheme.
    """
    path = path.removeprefix("./")
    return "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in path.encode("utf-8", "surrogateescape")
    )


def region(span: Span) -> Object:
    """From the first character to one past the last, both counted from 1."""
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def location(origin: Origin, subject: Subject | None = None) -> Object:
    """Where something is: in a file if it stands in one, and which resource it is about, if that is given."""
    place: Object = {}
    named: list[Object] = []
    match origin:
        case Span(path):
            place["physicalLocation"] = {"artifactLocation": artifact(path), "region": region(origin)}
        case Address(path, address):
            # GitHub takes no result without a line; the name below says what the first line cannot.
            place["physicalLocation"] = {"artifactLocation": artifact(path), "region": {"startLine": 1}}
            named.append(_resource(address))
        case Call(_, _, _, resource):
            named.append(_resource(resource))
    if subject is not None:
        named = [_resource(subject.title()), *(name for name in named if name != _resource(subject.title()))]
        if subject.construct:
            named.append({"fullyQualifiedName": subject.construct, "kind": "construct"})
    if named:
        place["logicalLocations"] = named
    return place


def _resource(name: str) -> Object:
    return {"fullyQualifiedName": name, "kind": "resource"}
