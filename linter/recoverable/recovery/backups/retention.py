"""How long recovery points are kept, from when in cold storage, and whether the vault's lock lets them be made.

https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
"""

from __future__ import annotations

from recoverable.truth import Answer, Fact, Truth, every, no, unknown, yes
from recoverable.typed import NamedTuple
from recoverable.value import Known, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.backup import Lifecycle, Vault
    from recoverable.value import Value

#: Days that a recovery point must stay in cold storage at least.
LEAST_COLD = 90


class Retention(NamedTuple):
    """How long a recovery point is kept. `days` is None while `known` is false, and when it is kept `for_ever`.

    `cold_after`: days until it is moved to cold storage, None if it never is or that is not known.
    """

    known: bool
    days: int | None
    cold_after: int | None
    facts: tuple[Fact, ...] = ()

    @property
    def for_ever(self) -> bool:
        return self.known and self.days is None

    def reaches(self, days: int) -> Truth:
        """Whether a point is still there after so many days."""
        fact = self.facts[0] if self.facts else Fact("how long recovery points are kept is not known")
        if not self.known:
            return unknown(fact.text, fact.origin)
        enough = self.days is None or self.days >= days
        return (yes if enough else no)(fact.text, fact.origin)


def retention(lifecycle: Lifecycle) -> Retention:
    """What a lifecycle means."""
    facts = (lifecycle.delete_after.fact(), lifecycle.cold_after.fact())
    return Retention(
        known=isinstance(lifecycle.delete_after.state, Known),
        days=lifecycle.delete_after.known(),
        cold_after=lifecycle.cold_after.known(),
        facts=facts,
    )


def is_too_short_for_cold(lifecycle: Lifecycle) -> Truth:
    """Whether points are deleted less than 90 days after they were moved to cold storage, which AWS Backup rejects."""
    cold, delete = lifecycle.cold_after, lifecycle.delete_after
    for value in (cold, delete):
        if isinstance(value.state, Known) and value.state.value is None:
            return Truth(Answer.NO, (value.fact(),))
    days, moved = delete.known(), cold.known()
    if days is not None and moved is not None:
        text = f"{delete.name} is {days} and {cold.name} is {moved}, {_left(days - moved)} in cold storage"
        return (yes if days < moved + LEAST_COLD else no)(text, delete.origin).because(cold.fact())
    # Nothing stays less than 90 days in the cold unless it is kept for so long at all.
    if days is not None and days < LEAST_COLD + 1:
        moves = cold.holds(lambda value: value is not None)
        return every((yes(delete.fact().text, delete.origin), moves))
    # What is not known comes first, so that the answer points there.
    facts = sorted((cold, delete), key=lambda value: isinstance(value.state, Known))
    return Truth(Answer.UNKNOWN, tuple(value.fact() for value in facts))


def _left(days: int) -> str:
    return f"which leaves {days} days" if days >= 0 else "which ends before it begins"


def lifecycle_of_copy(copy: Lifecycle, source: Lifecycle) -> Lifecycle:
    """How long a copy is kept. One that says nothing of its own, or -1, keeps the retention of what it is a copy of.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-a-copy.html
    """
    delete, cold = copy.delete_after.state, copy.cold_after.state
    if isinstance(delete, Unknown) or delete.value is not None:
        return copy
    moved = source.cold_after if isinstance(cold, Known) and cold.value is None else copy.cold_after
    return copy._replace(delete_after=source.delete_after, cold_after=moved)


def fits_lock(lifecycle: Lifecycle, vault: Vault) -> Truth:
    """Whether the lock of a vault takes recovery points of this lifecycle. If not, every job into it fails.

    Points must be kept from `min_days` to `max_days`; points kept for ever are beyond any maximum.
    """
    state = vault.lock.state
    if isinstance(state, Unknown):
        return unknown(vault.lock.fact().text, vault.lock.origin)
    if state.value is None:
        return yes(f"{vault.subject.title()} has no lock", vault.subject.origin)
    return every((_within(lifecycle.delete_after, bound, least=at == 0) for at, bound in enumerate(state.value[:2])))


def _within(kept: Value[int | None], bound: Value[int | None], *, least: bool) -> Truth:
    """Whether points are kept for at least, or at most, as many days as the lock says."""
    limit = bound.known()
    if limit is None:
        fact = bound.fact()
        return (yes if isinstance(bound.state, Known) else unknown)(fact.text, fact.origin)
    if isinstance(kept.state, Unknown):
        # One day is the least that any lifecycle takes.
        free = least and limit <= 1
        return (yes(bound.fact().text, bound.origin) if free else unknown(kept.fact().text, kept.origin)).because(
            bound.fact()
        )
    days = kept.state.value
    inside = (days is None or days >= limit) if least else (days is not None and days <= limit)
    shown = "for ever" if days is None else f"for {days} days"
    text = (
        f"recovery points are kept {shown}, and the vault's lock wants at {'least' if least else 'most'} {limit} days"
    )
    return (yes if inside else no)(text, kept.origin).because(bound.fact())
