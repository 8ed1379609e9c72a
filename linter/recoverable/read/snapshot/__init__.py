"""Snapshots of accounts: what AWS answered in, things for the estate out. Nothing here calls AWS.

What a call would have told and did not is unknown, with the call's name, for what is in its account and Region and for
nothing else. Where a list may be longer than it was had, something stands in it for what is missing.
"""

from __future__ import annotations

from recoverable.estate.backup import RestoreTestPlan
from recoverable.read.backup_entries import Backups
from recoverable.read.reading import Reading
from recoverable.read.snapshot.answers import Place
from recoverable.read.snapshot.data import at
from recoverable.read.snapshot.envelope import Account, Envelope, Opened, opened
from recoverable.read.snapshot.evidence import gathered, read_evidence
from recoverable.read.snapshot.failures import failures
from recoverable.read.snapshot.guardrails import read_guardrails
from recoverable.read.snapshot.keys import read_keys
from recoverable.read.snapshot.plans import read_plans, unseen_rule
from recoverable.read.snapshot.restore_testing import read_frameworks, read_tests
from recoverable.read.snapshot.schedules import read_alerts, read_scheduled
from recoverable.read.snapshot.settings import read_effective_policy, read_global_settings, read_region_settings
from recoverable.read.snapshot.tables import TagsOf, read_copies, together
from recoverable.read.snapshot.vaults import read_vaults
from recoverable.rule import Fault, stumbled
from recoverable.scenario import ALWAYS, Variant
from recoverable.value import Entry, Later

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from recoverable.estate import Key, Replica, Table
    from recoverable.estate.backup import RestoreTestSelection, Selection, Vault
    from recoverable.estate.documents import PolicyDocument
    from recoverable.estate.evidence import ProtectedResource
    from recoverable.read.account_details import Details
    from recoverable.read.snapshot.tables import Copy
    from recoverable.typed import TypeVar

    T = TypeVar("T")


def read(envelopes: Iterable[Envelope], types: Collection[str] = ()) -> Reading:
    """What snapshots hold together. Of each account and Region the newest snapshot counts.

    Of event rules and alarms those of these `types` are handed over as well.
    """
    found = opened(envelopes)
    accounts, faults = found.accounts, found.faults
    tables: list[Table] = []
    replicas: list[Replica] = []
    keys: list[Key] = []
    evidence: list[ProtectedResource] = []
    backups: list[Backups] = []
    for account in tuple(accounts):
        try:
            made = _Account(account)
        except Exception as error:
            faults.append(_stumbled(account, error))
            accounts.remove(account)
            continue
        tables += made.tables
        replicas += made.replicas
        keys += made.keys
        evidence += made.evidence
        backups += made.backups
        faults += failures(account)
    plans = [plan for made in backups for plan in made.plans]
    rules = [rule for plan in plans for rule in (*plan.rules, *((unseen_rule(plan),) if plan.open else ()))]
    places = [place for account in accounts for place in account.places]
    who = _Who(accounts)
    return Reading(
        tables=_entries(tables),
        replicas=_entries(replicas),
        keys=_entries(keys),
        principals=Later(lambda: _entries(one for each in who.details() for one in each.principals)),
        documents=Later(lambda: _entries((*(one for each in who.details() for one in each.documents), *who.unseen()))),
        principals_open=who.open(),
        scheduled=Later(lambda: _entries(code for place in places for code in read_scheduled(place))),
        guardrails=Later(lambda: _entries(each for account in accounts for each in read_guardrails(account.whole))),
        resources=_entries(resource for place in places for resource in read_alerts(place, types)) if types else (),
        plans=_entries(plans),
        plan_rules=_entries(rules),
        copy_actions=_entries(copy for rule in rules for copy in rule.copies),
        selections=_entries(one for made in backups for one in made.selections),
        vaults=_entries(one for made in backups for one in made.vaults),
        restore_test_plans=_entries(one for made in backups for one in made.restore_test_plans),
        restore_test_selections=_entries(one for made in backups for one in made.restore_test_selections),
        region_settings=_entries(one for made in backups for one in made.region_settings),
        global_settings=_entries(one for made in backups for one in made.global_settings),
        frameworks=_entries(one for made in backups for one in made.frameworks),
        evidence=_entries(gathered(evidence)),
        faults=tuple(faults),
        notes=tuple(found.notes),
        examined=tuple(found.examined),
        taken=found.taken,
        scope=_scope(found),
    )


def _stumbled(account: Account, error: Exception) -> Fault:
    """A mistake of ours over one account; the others are judged."""
    origin = account.whole.call("the snapshot", account.identity)
    return stumbled(f"account {account.identity}", error, origin, "snapshot")


def _scope(found: Opened) -> str:
    """What to call all that was looked at: the account, the organization, or all accounts."""
    if len(found.named) < 2:
        return "".join(found.named)
    for account in found.accounts:
        for _, answer in account.whole.every("organizations", "DescribeOrganization"):
            organization = at(answer.body, "Organization", "Id").string("").known()
            if organization:
                return organization
    return ",".join(found.named)


class _Who:
    """Who may act in the accounts, which is read when somebody asks."""

    def __init__(self, accounts: list[Account]) -> None:
        self._accounts = accounts
        self._details: list[Details] | None = None

    def details(self) -> list[Details]:
        if self._details is None:
            from recoverable.read.snapshot.principals import read_principals  # noqa: PLC0415 (few runs ask)

            self._details = [read_principals(account.whole) for account in self._accounts]
        return self._details

    def unseen(self) -> Iterator[PolicyDocument]:
        """What stands for the policies of an account of which IAM did not tell, or not all."""
        from recoverable.read.snapshot.principals import unseen_policy  # noqa: PLC0415 (few runs ask)

        for account in self._accounts:
            reason = account.whole.lacks("iam", "GetAccountAuthorizationDetails")
            if reason:
                yield unseen_policy(account.whole, reason)

    def open(self) -> str:
        """Why there may be more of them than were read."""
        reasons = (account.whole.lacks("iam", "GetAccountAuthorizationDetails") for account in self._accounts)
        return next(filter(None, reasons), "")


class _Account:
    """What is in one account."""

    def __init__(self, account: Account) -> None:
        self.keys: list[Key] = []
        self.evidence: list[ProtectedResource] = []
        self.backups: list[Backups] = []
        copies: dict[str, tuple[Copy, ...]] = {}
        vaults: dict[str, tuple[Vault, ...]] = {}
        for place in account.places:
            copies[place.region] = tuple(read_copies(place, TagsOf(place)))
            vaults[place.region] = tuple(read_vaults(place))
            self.backups.append(_backups(place, vaults[place.region], tables=bool(copies[place.region])))
        places = {place.region: place for place in account.places}

        def place_of(region: str) -> Place:
            return places.get(region) or Place(account.identity, region, (), f"Region {region} was not looked at")

        self.tables, self.replicas = together((copy for found in copies.values() for copy in found), place_of)
        for place in account.places:
            here = [copy.table for copy in copies[place.region]]
            self.keys += read_keys(place, (*here, *vaults[place.region]))
            names = [table.subject.address for table in here if table.subject.name.known() is not None]
            self.evidence += read_evidence(place, names, vaults[place.region])
        self.backups.append(_of_account(account.whole))


def _backups(place: Place, vaults: tuple[Vault, ...], *, tables: bool) -> Backups:
    """AWS Backup in one Region."""
    planned = tuple(read_plans(place))
    selections: tuple[Selection, ...] = tuple(one for _, found in planned for one in found)
    needless = not vaults and not place.asked("backup", "ListRestoreTestingPlans") and not place.unread
    tests: tuple[RestoreTestPlan | RestoreTestSelection, ...] = () if needless else tuple(read_tests(place))
    wanted = tables or bool(planned) or place.asked("backup", "DescribeRegionSettings")
    return Backups(
        plans=tuple(plan for plan, _ in planned),
        selections=selections,
        vaults=vaults,
        restore_test_plans=tuple(one for one in tests if isinstance(one, RestoreTestPlan)),
        restore_test_selections=tuple(one for one in tests if not isinstance(one, RestoreTestPlan)),
        frameworks=tuple(read_frameworks(place)),
        region_settings=(read_region_settings(place),) if wanted else (),
    )


def _of_account(place: Place) -> Backups:
    """What counts in the whole account."""
    plans, selections = read_effective_policy(place)
    return Backups(plans=plans, selections=selections, global_settings=tuple(read_global_settings(place)))


def _entries(things: Iterable[T]) -> tuple[Entry[T], ...]:
    return tuple(Entry((Variant(ALWAYS, thing),)) for thing in things)
