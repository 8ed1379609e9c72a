"""What is known of IAM's actions: a dated snapshot of AWS's own lists (`data/iam_actions.json`).

`scripts/iam_actions.py` makes it. Nothing is expanded by it: what a pattern means is asked of the pattern, since AWS
adds actions every week. It says which resources an action is about, and whether a name means anything at all.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from functools import cache

from recoverable.policy.patterns import fits_action, meets
from recoverable.shipped import facts
from recoverable.text import Text, joined
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class ResourceType(NamedTuple):
    """A kind of resource that an action is about: its ARN's format (`arn:${Partition}:dynamodb:...`), and whether a
    policy has to name one."""

    name: str
    arn: str
    required: bool


class Action(NamedTuple):
    """An action of IAM. `access` is AWS's level (List, Read, Write, Tagging, Permissions management), `keys` the
    condition keys it has beside the global ones, `needs` the actions that its caller needs as well."""

    name: str
    access: str
    resources: tuple[ResourceType, ...]
    keys: tuple[str, ...]
    needs: tuple[str, ...]

    @property
    def wildcard_only(self) -> bool:
        """Whether it is about no resource, so that a policy can only grant it on `*`."""
        return not self.resources


class Snapshot:
    """All that is known of actions. `date` is the day of AWS's data, `sources` say where they were taken from."""

    __slots__ = ("_actions", "_prefixes", "_services", "date", "sources")

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.date: str = document["date"]
        self.sources: tuple[str, ...] = tuple(document["sources"])
        self._prefixes = frozenset(document["prefixes"])
        self._services: Mapping[str, Any] = document["services"]
        self._actions = {
            f"{service}:{name}".lower(): f"{service}:{name}"
            for service, known in self._services.items()
            for name in known["actions"]
        }

    def action(self, name: str) -> Action | None:
        """An action by its name, in whatever case; None if it is not known."""
        written = self._actions.get(name.lower())
        if written is None:
            return None
        service, _, bare = written.partition(":")
        of_service = self._services[service]
        facts = of_service["actions"][bare]
        return Action(
            written,
            facts.get("access", ""),
            tuple(
                ResourceType(kind, of_service["resources"].get(kind, ""), required)
                for kind, required in facts.get("resources", {}).items()
            ),
            tuple(facts.get("keys", ())),
            tuple(facts.get("needs", ())),
        )

    def names(self, service: str = "") -> tuple[str, ...]:
        """All actions that are known, or those of a service."""
        return tuple(name for name in self._actions.values() if not service or name.startswith(f"{service}:"))

    def matching(self, pattern: Text) -> tuple[str, ...]:
        """The known actions that a pattern surely means; it may mean more."""
        return tuple(name for name in self._actions.values() if fits_action(pattern, joined(name)) is Answer.YES)

    def is_known(self, pattern: Text) -> Answer:
        """Whether a pattern means some action that AWS has. *No* only for services whose actions are all known here."""
        answers = {fits_action(pattern, joined(name)) for name in self._actions.values()}
        if Answer.YES in answers:
            return Answer.YES
        if Answer.UNKNOWN in answers:
            return Answer.UNKNOWN
        prefix, colon, _ = _shown(pattern).partition(":")
        if not colon:
            return Answer.NO if pattern.literal() is not None else Answer.UNKNOWN
        others = [name for name in self._prefixes if name not in self._services]
        wanted = joined(prefix.lower())
        return Answer.UNKNOWN if any(meets(wanted, joined(name)) is not Answer.NO for name in others) else Answer.NO

    def is_service(self, prefix: str) -> bool:
        """Whether there is a service whose actions begin so."""
        return prefix.lower() in self._prefixes


def _shown(pattern: Text) -> str:
    """A pattern with a star for what is not known of it."""
    return "".join(part if isinstance(part, str) else "*" for part in pattern.parts)


@cache
def snapshot() -> Snapshot:
    """The snapshot, read when it is first asked for."""
    return Snapshot(_data("iam_actions.json"))


@cache
def groups() -> dict[str, tuple[str, ...]]:
    """Actions by what they can do to a table that is to be recovered.

    DESTROY backups, take their PROTECTION away, STOP further ones, destroy DATA of tables, make a KEY useless, take
    data away (EXFIL), and give oneself a ROLE that can.
    """
    return {name: tuple(actions) for name, actions in _data("iam_groups.json")["groups"].items()}


def _data(name: str) -> dict[str, Any]:
    document: dict[str, Any] = facts(name)
    return document
