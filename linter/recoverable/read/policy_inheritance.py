"""What several policies of an organization come to in one account: their operators worked out from the root down.

https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html
"""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Items, Open, literal
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.read.data import Pending
    from recoverable.source import Span

ASSIGN, APPEND, REMOVE = "@@assign", "@@append", "@@remove"
_SETTING = (ASSIGN, APPEND, REMOVE)
_ALLOWED = "@@operators_allowed_for_child_policies"
_ALL = frozenset(_SETTING)

#: No policy goes deeper; only a text built to exhaust a reader does.
_DEEPEST = 30


class _Rights(NamedTuple):
    """What policies further down may do to a setting. `above`: that a setting around this one is limited."""

    here: frozenset[str] = _ALL
    above: bool = False


def effective(policies: Sequence[Datum], inherited: str = "") -> Datum:
    """The policy that counts where these are inherited, the one at the root first; at least one.

    `inherited` says why there may be more policies above them: what a policy only adds to is then open.
    """
    return _merged(tuple(policies), inherited, _Rights(), 0)


def _merged(layers: tuple[Datum, ...], inherited: str, rights: _Rights, depth: int) -> Datum:
    """What one setting, or mapping of settings, comes to; `layers` are the policies that have it."""
    last = layers[-1]
    if depth > _DEEPEST:
        return last._replace(content=Open("it goes deeper than any policy"))
    if not any(_is_setting(layer) for layer in layers):
        return _mapping(layers, inherited, rights, depth)
    setting = _Setting(inherited, rights)
    for layer in layers:
        setting.apply(layer)
    return setting.result(last)


def _is_setting(layer: Datum) -> bool:
    """A value, or a mapping of operators; not a mapping of further settings."""
    content = layer.content
    return not isinstance(content, Fields) or any(content.place(key) is not None for key in _SETTING)


def _mapping(layers: tuple[Datum, ...], inherited: str, rights: _Rights, depth: int) -> Datum:
    members: dict[str, list[Datum]] = {}
    places: dict[str, Span] = {}
    opened = ""
    limited = rights
    for layer in layers:
        fields = layer.fields()
        opened = opened or fields.open
        for key, value in fields.items():
            if key == _ALLOWED:
                continue
            if key not in members and not limited.here & {ASSIGN, APPEND}:
                # A policy further up lets nobody add to this mapping.
                continue
            members.setdefault(key, []).append(value)
            places[key] = fields.place(key) or value.origin
        limited = _limited(limited, fields)
    below = _Rights(_ALL, rights.above or limited.here != _ALL)
    entries: dict[str, tuple[Span, Datum | Pending]] = {
        key: (places[key], _merged(tuple(found), inherited, below, depth + 1)) for key, found in members.items()
    }
    return layers[-1]._replace(content=Fields(entries, opened))


def _limited(rights: _Rights, fields: Fields) -> _Rights:
    """The rights that are left below a policy: what was taken away does not come back."""
    said = fields.get(_ALLOWED)
    if said is None:
        return rights
    named = {literal(item) for item in said.list()}
    if "@@all" in named or None in named:
        return rights
    return rights._replace(here=rights.here & {name for name in named if name is not None})


class _Setting:
    """The value of one setting, policy by policy."""

    def __init__(self, inherited: str, rights: _Rights) -> None:
        self._value: Datum | None = None
        self._inherited = inherited
        self._rights = rights

    def apply(self, layer: Datum) -> None:
        if not isinstance(layer.content, Fields):
            # An effective policy has no operators.
            self._set(ASSIGN, layer)
            return
        fields = layer.content
        found = [(operator, value) for operator in _SETTING if (value := fields.get(operator)) is not None]
        if self._rights.above and self._value is not None and found and self._rights.here == _ALL:
            reason = "a policy further up limits its children, and AWS does not say whether down to this setting"
            self._value = layer._replace(content=Open(reason))
            return
        for operator, value in found:
            self._set(operator, value)
        if fields.open or (not found and self._value is None):
            self._value = layer._replace(
                content=Open(fields.open or "it is a mapping, where another policy has a value")
            )
        self._rights = _limited(self._rights, fields)

    def _set(self, operator: str, value: Datum) -> None:
        if operator not in self._rights.here:
            return
        if operator == ASSIGN:
            self._value = value
            return
        before = self._value
        if before is not None and isinstance(before.content, Open):
            return
        items = () if before is None else tuple(before.list())
        opened = self._inherited if before is None else before.list().open
        if operator == APPEND:
            seen = {literal(item) for item in items}
            items += tuple(item for item in value.list() if literal(item) is None or literal(item) not in seen)
            opened = value.list().open or opened
        else:
            items, opened = _without(items, value, opened)
        self._value = value._replace(content=Items(items, opened))

    def result(self, otherwise: Datum) -> Datum:
        return self._value if self._value is not None else otherwise._replace(content=Open("no policy may set it"))


def _without(items: tuple[Datum, ...], removed: Datum, opened: str) -> tuple[tuple[Datum, ...], str]:
    """What is left of a list; an item that may be the one that is removed leaves the list open."""
    names = [literal(item) for item in removed.list()]
    why = removed.list().open or next((item.text().why_open() for item in removed.list() if literal(item) is None), "")
    left = tuple(item for item in items if literal(item) is None or literal(item) not in names)
    if not why:
        return left, opened
    return (), opened or why
