"""Which vaults a setting of a plan may mean, so that not each has to be asked about each.

What is left out is sure not to be meant; what is given must be asked (`vault_use`).
"""

from __future__ import annotations

from recoverable.recovery.backups.places import home
from recoverable.value import Listing, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.estate import Estate
    from recoverable.estate.backup import PlanRule, Vault
    from recoverable.estate.subject import Subject
    from recoverable.text import Text
    from recoverable.value import Value

_BEFORE_NAME = ":backup-vault:"


class _Names:
    """Where the vaults of an estate stand in its listing, by what means them; and those without a known name.

    Vaults of accounts, which are known to lie in one place, are kept by that and their name.
    """

    __slots__ = ("by_identity", "by_name", "nameless", "nameless_there", "placed", "placed_by_name")

    def __init__(self, estate: Estate) -> None:
        self.by_identity: dict[object, list[int]] = {}
        self.by_name: dict[str, list[int]] = {}
        self.nameless: list[int] = []
        self.nameless_there: dict[tuple[str, str], list[int]] = {}
        self.placed: dict[tuple[str, str, str], list[int]] = {}
        self.placed_by_name: dict[str, list[int]] = {}
        for at, entry in enumerate(estate.vaults.entries):
            vaults = [vault for _, vault in entry.variants if vault is not None]
            if len(vaults) == 1 and not vaults[0].subject.path:
                self._place(at, vaults[0])
                continue
            for identity in {name.identity() for vault in vaults for name in vault.names} - {None}:
                self.by_identity.setdefault(identity, []).append(at)
            for name in {vault.subject.name.known() for vault in vaults}:
                (self.nameless if name is None else self.by_name.setdefault(name, [])).append(at)

    def _place(self, at: int, vault: Vault) -> None:
        where = home(vault.subject) or ("", "")
        name = vault.subject.name.known()
        if name is None:
            self.nameless_there.setdefault(where, []).append(at)
        else:
            self.placed.setdefault((*where, name), []).append(at)
            self.placed_by_name.setdefault(name, []).append(at)

    def there(self, name: str, where: tuple[str, str] | None) -> list[int]:
        """Vaults of accounts with that name in one place, or anywhere."""
        if where is None:
            hidden = [at for places in self.nameless_there.values() for at in places]
            return [*self.placed_by_name.get(name, ()), *hidden]
        return [*self.placed.get((*where, name), ()), *self.nameless_there.get(where, ())]


def may_mean(written: Value[Text | None], estate: Estate, beside: Subject | None = None) -> Listing[Vault]:
    """The vaults that a name or an ARN may mean, in the estate's order. A mere name means one `beside` something."""
    whole = estate.vaults
    state = written.state
    if isinstance(state, Unknown):
        return whole
    if state.value is None:
        return whole._replace(entries=())
    places = _places(state.value, estate, beside)
    return whole if places is None else whole._replace(entries=tuple(whole.entries[at] for at in places))


def written_into(rule: PlanRule, estate: Estate) -> tuple[Listing[Vault], ...]:
    """The vaults that a rule's own backups may go into."""
    return tuple(may_mean(written, estate, rule.subject) for written in (rule.vault, rule.air_gapped_vault))


def _places(text: Text, estate: Estate, beside: Subject | None) -> Iterable[int] | None:
    """Where they stand; None: anywhere."""
    names = _names(estate)
    same = names.by_identity.get(text.identity(), ())
    if text.stands_for():
        return same
    name = _name(text)
    if name is None:
        return None
    there = names.there(name, place_meant(text, beside))
    return sorted({*same, *names.by_name.get(name, ()), *names.nameless, *there})


def place_meant(text: Text, beside: Subject | None) -> tuple[str, str] | None:
    """The account and the Region in which a vault must lie that has this name or ARN; None: that is not known."""
    literal = text.literal()
    if literal is None:
        return None
    if literal.startswith("arn:"):
        fields = literal.split(":", 5)
        return (fields[4], fields[3]) if len(fields) == 6 and "*" not in literal else None
    return None if beside is None else home(beside)


def _names(estate: Estate) -> _Names:
    if estate.memo is None:
        return _Names(estate)
    return estate.memo.of("names of vaults", (estate.vaults.entries,), lambda: _Names(estate))


def _name(text: Text) -> str | None:
    """The vault's name, at the end of an ARN or alone, as far as it is written out."""
    literal = text.literal()
    if literal is not None:
        return literal.rpartition(_BEFORE_NAME)[2]
    last = text.parts[-1]
    return last.rpartition(_BEFORE_NAME)[2] if isinstance(last, str) and _BEFORE_NAME in last else None
