"""Where a backup plan works: in its own Region and account, or where an organization's policy says.

https://docs.aws.amazon.com/aws-backup/latest/devguide/about-backup-plans.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html
"""

from __future__ import annotations

from recoverable.arn import REGION
from recoverable.estate.tables import Replica
from recoverable.truth import Answer, Fact, Truth, every, no, unknown
from recoverable.typed import Any, TypeVar
from recoverable.value import Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from recoverable.estate.backup import RegionSettings, Selection
    from recoverable.estate.model import Estate
    from recoverable.estate.subject import Subject
    from recoverable.estate.tables import Table
    from recoverable.source import Origin
    from recoverable.value import Entry, Listing

T = TypeVar("T")


_HERE = Truth(Answer.YES)


def works_at(selection: Selection, item: Table | Replica, others: Collection[Value[str]] | None = ()) -> Truth:
    """Whether the plan of `selection` works in the Region and account of the table.

    `others` are the Regions of the other copies of a global table, None where these are not all known. Templates that
    leave Region and account to their deployment are taken to be deployed to the same ones.
    """
    region, account = _in_region(selection, item, others), _in_account(selection, item)
    return region if account is _HERE else every((region, account))


def _in_region(selection: Selection, item: Table | Replica, others: Collection[Value[str]] | None) -> Truth:
    here = item.subject.region
    if selection.regions is not None:
        return _listed(selection.regions, selection.regions_open, here, selection, "Region")
    there = selection.subject.region
    answer = same(there, here)
    if answer is Answer.YES:
        return Truth(Answer.YES, _taken_together(selection, item) if here.known() is None else ())
    region = _shown(here)
    if answer is Answer.NO:
        return no(f"its plan works in {there.known()} only, and it is in {region}", _where(selection, there))
    if here.known() is not None and _symbol(there) == REGION and not _taken_together(selection, item):
        # A global table has one copy in the Region of its stack, which is the plan's.
        if any(_symbol(other) == REGION for other in others or ()):
            said = f"its plan works in the stack's own Region only, where another copy of it is, and it is in {region}"
            return no(said, _where(selection, there))
        if others is not None and not others:
            return Truth(Answer.YES)
    which = _shown(there) if there.known() is not None else "the Region that its stack is deployed to"
    return unknown(
        f"its plan works in {which}, and whether that is {region if here.known() else 'where it is'} is not known: "
        "give AWS::Region under `parameters:` in the configuration",
        _where(selection, there),
    )


def _in_account(selection: Selection, item: Table | Replica) -> Truth:
    here = item.subject.account
    if selection.accounts is not None:
        return _listed(selection.accounts, selection.accounts_open, here, selection, "account")
    there = selection.subject.account
    answer = same(there, here)
    if answer is Answer.YES:
        return _HERE
    if answer is Answer.NO:
        said = f"its plan works in account {there.known()} only, and it is in {here.known()}"
        return no(said, _where(selection, there))
    return unknown("whether its plan works in the same account is not known", _where(selection, there))


def same(one: Value[str], other: Value[str]) -> Answer:
    """Whether two Regions, or two accounts, are the same one."""
    if one.known() is not None and other.known() is not None:
        return Answer.YES if one.known() == other.known() else Answer.NO
    if isinstance(one.state, Unknown) and isinstance(other.state, Unknown):
        texts = one.state.text, other.state.text
        if texts[0] is not None and texts[1] is not None:
            meant = texts[0].identity()
            if meant is not None and meant == texts[1].identity():
                return Answer.YES
    return Answer.UNKNOWN


def apart(one: Subject, other: Subject) -> bool:
    """Whether two things are in different accounts or Regions for sure."""
    pairs = ((one.account, other.account), (one.region, other.region))
    return any(same(mine, theirs) is Answer.NO for mine, theirs in pairs)


def home(subject: Subject) -> tuple[str, str] | None:
    """The account and the Region of something, None where one of them is not known."""
    account, region = subject.account.known(), subject.region.known()
    return None if account is None or region is None else (account, region)


def near(listing: Listing[T], subject: Subject, estate: Estate) -> Listing[T]:
    """What of a listing may be in the Region and account of something: all but what is elsewhere for sure.

    Accounts of an organization are many, and nearly everything of AWS Backup works in its own Region alone.
    """
    where = home(subject)
    if where is None or estate.memo is None or subject.path:
        return listing
    by_home, others = estate.memo.of(f"near {id(listing.entries)}", (listing.entries,), lambda: _by_home(listing))
    entries = [*others, *by_home.get(where, ())]
    return listing._replace(entries=entries)


def _by_home(listing: Listing[T]) -> tuple[dict[tuple[str, str], list[Entry[T]]], list[Entry[T]]]:
    """The entries by where they are, and those of which that is not known."""
    found: dict[tuple[str, str], list[Entry[T]]] = {}
    others: list[Entry[T]] = []
    for entry in listing.entries:
        item: Any = entry.variants[0].item if len(entry.variants) == 1 else None
        where = home(item.subject) if item is not None else None
        (others if where is None else found.setdefault(where, [])).append(entry)
    return found, others


def settings_there(subject: Subject, estate: Estate) -> Sequence[RegionSettings]:
    """AWS Backup's settings of the Region that something is in, and those of Regions or accounts that are not known."""
    listing = estate.region_settings
    if not listing.entries:
        return ()
    region, account = subject.region.known(), subject.account.known()
    if region is None or account is None or estate.memo is None:
        return [one for one in listing.present() if not apart(one.subject, subject)]

    def make() -> dict[tuple[str, str], list[RegionSettings]] | None:
        by_place: dict[tuple[str, str], list[RegionSettings]] = {}
        for entry in listing.entries:
            item = entry.variants[0].item if len(entry.variants) == 1 else None
            where = home(item.subject) if item is not None else None
            if item is None or where is None or entry.variants[0].scenario.settled:
                return None
            by_place.setdefault(where, []).append(item)
        return by_place

    index = estate.memo.of("region settings", (listing.entries,), make)
    if index is None:
        return [one for one in listing.present() if not apart(one.subject, subject)]
    return index.get((account, region), ())


def _listed(places: tuple[str, ...], opened: str, here: Value[str], selection: Selection, kind: str) -> Truth:
    """Whether a place is among those that a policy of an organization names."""
    origin = selection.subject.origin
    place = here.known()
    if place is not None and place in places:
        return Truth(Answer.YES, (Fact(f"its policy names {kind} {place}", origin),))
    named = ", ".join(places) or f"no {kind}"
    if place is not None and not opened:
        return no(f"its policy works in {named} only, and it is in {place}", origin)
    if not places and not opened:
        return no(f"its policy names no {kind}", origin)
    why = opened or f"the {kind} of the table is not known"
    return unknown(f"whether its policy works in the {kind} of the table is not known: {why}", origin)


def _taken_together(selection: Selection, item: Table | Replica) -> tuple[Fact, ...]:
    """What is supposed of two templates that leave their Region open."""
    table = item.table if isinstance(item, Replica) else item
    one = selection.plan.stands_for().rpartition("#")[0]
    other = next(iter(table.symbols), "").rpartition("#")[0]
    if not one or not other or one == other:
        return ()
    return (Fact(f"{one} and {other} are taken to be deployed to the same account and Region"),)


def _symbol(value: Value[str]) -> str:
    state = value.state
    return state.text.stands_for() if isinstance(state, Unknown) and state.text is not None else ""


def _shown(region: Value[str]) -> str:
    known = region.known()
    return known if known is not None else "a Region that is not known"


def _where(selection: Selection, place: Value[str]) -> Origin:
    return place.origin or selection.subject.origin
