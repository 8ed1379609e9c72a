"""Cases for the permission simulator: one JSON object a line, with a request and the policies that bear on it.

docs/permissions.md describes the shape.
"""

from __future__ import annotations

from recoverable.policy.layers import Attached, Layers, ResourcePolicy
from recoverable.policy.request import Context, Present, Request, caller
from recoverable.read.json_nodes import read_json
from recoverable.read.nodes import MalformedError, Mapping, Node, Scalar, Sequence
from recoverable.read.policies import policy_at
from recoverable.source import Span
from recoverable.spelling import nearest
from recoverable.text import Text, joined
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

_LAYERS = (
    "identityPolicies", "permissionBoundaries", "sessionPolicy", "serviceControlPolicies", "resourceControlPolicies",
    "resourcePolicy",
)  # fmt: skip
_REQUEST = (
    "principal", "action", "resource", "context", "resourceAccount", "unknownContext", "contextComplete",
    "managementAccount",
)  # fmt: skip

#: Keys that AWS puts into every request of somebody, so that a context with one of them was taken from a request.
_OF_THE_CALLER = {"aws:principalarn", "aws:principalaccount"}

_RESOURCE_ACCOUNT = "aws:resourceaccount"


class Case(NamedTuple):
    """One case. `id` is its own, or the number of its line."""

    id: str | int | float
    request: Request
    layers: Layers


def read_case(line: str, path: str, number: int) -> Case:
    """The case in one line of a file. Raises MalformedError, with the line, for what is no case."""
    whole = Span(path, number, 1, number, len(line) + 1)
    try:
        node = read_json(line, path)
    except MalformedError as error:
        raise MalformedError(error.message, _moved(error.span, number), error.do) from error
    case = _Reader(number)
    fields = case.mapping(node, "a case")
    for key, _ in fields.entries:
        if key.text not in _LAYERS and _looks_like_a_layer(key.text):
            meant = nearest(key.text, _LAYERS)
            raise case.malformed(key, f"{key.text} is no layer of policies", f"Did you mean {meant}?")
    request = fields.get("request")
    if request is None:
        raise MalformedError("a case has no request", whole, f"It needs {', '.join(_REQUEST[:4])} in a request.")
    identifier = fields.get("id")
    own = identifier.value if isinstance(identifier, Scalar) else None
    if isinstance(own, bool) or (identifier is not None and own is None):
        raise case.malformed(identifier or node, "the id of a case is a text or a number")
    return Case(
        str(number) if own is None else own,
        _request(case, case.mapping(request, "request")),
        _layers(case, fields),
    )


def _looks_like_a_layer(key: str) -> bool:
    return key.lower().rstrip("s").endswith(("policy", "policie", "boundary", "boundarie"))


class _Reader:
    """What a case is read with: errors stand at their place in the file."""

    __slots__ = ("_number",)

    def __init__(self, number: int) -> None:
        self._number = number

    def malformed(self, node: Node, message: str, do: str = "") -> MalformedError:
        return MalformedError(message, _moved(node.span, self._number), do)

    def mapping(self, node: Node, what: str) -> Mapping:
        if not isinstance(node, Mapping):
            raise self.malformed(node, f"{what} is a JSON object")
        return node

    def items(self, node: Node | None, what: str) -> tuple[Node, ...]:
        match node:
            case None | Scalar(value=None):
                return ()
            case Sequence(items=items):
                return items
            case _:
                raise self.malformed(node, f"{what} is a list")

    def text(self, fields: Mapping, name: str) -> str:
        node = fields.get(name)
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value:
            raise self.malformed(node or fields, f"a request needs {name}, a text")
        return node.value

    def attached(self, node: Node, name: str) -> Attached:
        listed = self.mapping(node, f"a policy of {name}").get("Statement")
        if listed is None:
            raise self.malformed(node, f"a policy of {name} has no Statement")
        for each in listed.items if isinstance(listed, Sequence) else (listed,):
            statement = self.mapping(each, f"a statement of {name}")
            effect = statement.get("Effect")
            if not isinstance(effect, Scalar) or effect.value not in {"Allow", "Deny"}:
                raise self.malformed(effect or each, f"the Effect of a statement of {name} is Allow or Deny")
            for one in ("Action", "Resource", "Principal"):
                if statement.get(one) is not None and statement.get(f"Not{one}") is not None:
                    raise self.malformed(each, f"a statement of {name} has {one} and Not{one}; it may have one")
            if statement.get("Action") is None and statement.get("NotAction") is None:
                raise self.malformed(each, f"a statement of {name} has neither Action nor NotAction")
        return Attached(policy_at(node, _moved(node.span, self._number)), name)

    def layer(self, node: Node | None, name: str) -> tuple[Attached, ...]:
        """The policies of a layer; a single one may stand without its list."""
        if isinstance(node, Mapping):
            return (self.attached(node, name),)
        return tuple(self.attached(each, f"{name}[{at}]") for at, each in enumerate(self.items(node, name)))

    def levels(self, node: Node | None, name: str) -> tuple[tuple[Attached, ...], ...]:
        return tuple(self.layer(each, f"{name}[{at}]") for at, each in enumerate(self.items(node, name)))

    def flag(self, fields: Mapping, name: str, *, default: bool) -> bool:
        node = fields.get(name)
        if node is None:
            return default
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            raise self.malformed(node, f"{name} is true or false")
        return node.value


def _layers(case: _Reader, fields: Mapping) -> Layers:
    resource = case.layer(fields.get("resourcePolicy"), "resourcePolicy")
    request = fields.get("request")
    management = isinstance(request, Mapping) and case.flag(request, "managementAccount", default=False)
    return Layers(
        identity=case.layer(fields.get("identityPolicies"), "identityPolicies"),
        boundary=case.layer(fields.get("permissionBoundaries"), "permissionBoundaries") or None,
        session=case.layer(fields.get("sessionPolicy"), "sessionPolicy") or None,
        service_control=case.levels(fields.get("serviceControlPolicies"), "serviceControlPolicies"),
        resource_control=case.levels(fields.get("resourceControlPolicies"), "resourceControlPolicies"),
        resource=ResourcePolicy(resource) if resource else None,
        management=Answer.YES if management else Answer.NO,
    )


def _request(case: _Reader, fields: Mapping) -> Request:
    for key, _ in fields.entries:
        if key.text not in _REQUEST:
            meant = nearest(key.text, _REQUEST)
            raise case.malformed(key, f"a request has no {key.text}", f"Did you mean {meant}?" if meant else "")
    who = caller(case.text(fields, "principal"))
    action = case.text(fields, "action")
    if ":" not in action or "*" in action or "?" in action:
        node = fields.get("action")
        assert node is not None
        raise case.malformed(node, f"{action} is no action: it is service:Action, without wildcards")
    account = fields.get("resourceAccount")
    return Request(
        who,
        action,
        joined(case.text(fields, "resource")),
        _context(case, fields, service=who.kind == "service"),
        account=joined(account.text) if isinstance(account, Scalar) and account.value is not None else None,
    )


def _context(case: _Reader, fields: Mapping, *, service: bool) -> Context:
    """A context is complete unless the case says otherwise. Keys that follow from who asks for what are added to it,
    but for the resource's account where the context has keys that AWS adds itself and leaves this one out."""
    node = fields.get("context")
    entries = () if node is None else case.mapping(node, "context").entries
    known: dict[str, Present] = {}
    for key, value in entries:
        if key.text.lower() in known:
            raise case.malformed(key, f"{key.text} stands twice in the context; the case of its letters does not count")
        known[key.text.lower()] = _present(case, key.text, value)
    names = case.items(fields.get("unknownContext"), "unknownContext")
    unknown = {each.text.lower(): "the case leaves it open" for each in names if isinstance(each, Scalar)}
    complete = case.flag(fields, "contextComplete", default=True)
    given = known.keys() | unknown.keys()
    absent = {_RESOURCE_ACCOUNT} if complete and (given if service else given & _OF_THE_CALLER) else set()
    return Context(
        known,
        frozenset(absent - known.keys() - unknown.keys()),
        unknown,
        "" if complete else "the case leaves its context open",
    )


def _present(case: _Reader, key: str, node: Node) -> Present:
    match node:
        case Scalar(value=None):
            return Present(())
        case Scalar():
            return Present((_text(node),))
        case Sequence(items=items) if all(isinstance(each, Scalar) and each.value is not None for each in items):
            return Present(tuple(_text(each) for each in items if isinstance(each, Scalar)), many=True)
        case _:
            raise case.malformed(node, f"the value of {key} is a text, or a list of texts")


def _text(node: Scalar) -> Text:
    return joined(node.text)


def _moved(span: Span, number: int) -> Span:
    return span._replace(line=number, end_line=number)
