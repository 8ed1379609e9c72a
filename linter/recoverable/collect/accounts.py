"""One account of a run: it is entered, asked what holds for all of it, and then each of its Regions."""

from __future__ import annotations

import threading

from recoverable.collect import questions
from recoverable.collect.calls import GLOBAL
from recoverable.collect.folder import is_region
from recoverable.collect.records import DIRECT
from recoverable.collect.refusals import DENIED, FAILED, NOT_OPTED_IN, OK, THROTTLED, Refusal
from recoverable.typed import Any, NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recoverable.collect.gathering import Answer, Gathering
    from recoverable.collect.wire import Identity

UNFINISHED, CLOSED = "unfinished", "closed-by-scp"

_ENABLED = ("ENABLED", "ENABLED_BY_DEFAULT", "ENABLING")
_OPTED_IN = ("opt-in-not-required", "opted-in")

#: If all of these are refused in the same way, the Region is closed to us.
_GATES = ("dynamodb:ListTables", "backup:ListBackupVaults", "backup:ListBackupPlans")


class Run(Protocol):
    """What an account needs of the run that it is part of."""

    regions: tuple[str, ...]
    by_tag: bool
    source: str

    def gathering(self, account: Account, region: str) -> Gathering:
        """A place of an account, with what an earlier run recorded of it."""

    def known_regions(self) -> list[str]:
        """The Regions that botocore knows."""

    def records(self, account: str, region: str) -> list[str] | None:
        """What an aggregator of AWS Config told of a place, None if none was asked."""

    def heard(self, gathering: Gathering, answer: Answer) -> None:
        """An answer came."""

    def closed(self, account: str, region: str) -> None:
        """A Region turned out to be closed: its refusals are no trouble."""

    def left(self, account: Account) -> None:
        """An account is done."""


class RegionState(NamedTuple):
    """How a Region went."""

    status: str
    error: Refusal | None = None

    def entry(self, name: str) -> dict[str, Any]:
        return {"name": name, "status": self.status, "error": as_error(self.error)}


def as_error(refusal: Refusal | None) -> dict[str, str] | None:
    return {"code": refusal.code, "message": refusal.message} if refusal else None


def _refusal(error: Mapping[str, str] | None, status: str) -> Refusal | None:
    return Refusal(status, error["code"], error["message"]) if error else None


def entries(result: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The entries of a list, whatever else AWS put into it."""
    found = result.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text(entry: Mapping[str, Any], name: str) -> str:
    return str(entry.get(name) or "")


class Account:
    """An account that is looked at. May be told answers by many threads."""

    def __init__(self, run: Run, identifier: str, name: str | None, identity: Identity) -> None:
        self.id, self.name, self.identity = identifier, name, identity
        self.status, self.error = UNFINISHED, None
        self._run = run
        self._lock = threading.Lock()
        self._places: dict[str, Gathering] = {}
        self._regions: dict[str, RegionState] = {}
        self._gates: dict[str, dict[str, Refusal | None]] = {}
        self._enabled: frozenset[str] | None = None
        self._open = 0
        #: What the organization was asked, by call: the results of its answers.
        self.told: dict[str, list[tuple[Mapping[str, Any], Mapping[str, Any]]]] = {}
        self.refused: Refusal | None = None

    error: Refusal | None

    def ask_organization(self, aggregator: str = "") -> None:
        """Ask what accounts there are and what guards them, before the account itself is begun."""
        place = self._place(GLOBAL)
        place.hold()
        place.ask(questions.in_organization())
        if aggregator:
            place.ask([questions.of_aggregator(aggregator)])

    def begin(self) -> None:
        """Enter the account and ask everything."""
        held = GLOBAL in self._places
        place = self._place(GLOBAL)
        place.ask([questions.identity()])
        if held:
            place.release()

    def leave_out(self) -> None:
        """Nothing more is asked of it than what was asked of the organization."""
        self.status = OK
        self._places[GLOBAL].release()

    def adopt(self, entry: Mapping[str, Any]) -> None:
        """It was collected by another run, in whose summary this is its entry."""
        self.status, self.error = entry["status"], _refusal(entry["error"], entry["status"])
        for each in entry["regions"]:
            self._regions[each["name"]] = RegionState(each["status"], _refusal(each["error"], each["status"]))

    def fail(self, error: Refusal) -> None:
        """It could not be collected at all."""
        self.status, self.error = FAILED, error

    def leave(self) -> None:
        """The run ends: write what there is of places that are not done."""
        for place in self._places.values():
            if not place.over:
                place.journal.finish()

    def entry(self) -> dict[str, Any]:
        with self._lock:
            regions = [state.entry(name) for name, state in sorted(self._regions.items())]
        error = as_error(self.error)
        return {"id": self.id, "name": self.name, "status": self.status, "error": error, "regions": regions}

    def counts(self) -> tuple[int, int]:
        """How many questions are answered, and how many were asked."""
        places = list(self._places.values())
        return sum(place.answered for place in places), sum(place.asked for place in places)

    def heard(self, place: Gathering, answer: Answer) -> None:
        """An answer came, and all that follows from it alone is asked already."""
        self._run.heard(place, answer)
        result = answer.result or {}
        match answer.question.call.name():
            case "sts:GetCallerIdentity":
                self._entered(place, answer)
            case "account:ListRegions":
                if answer.complete:
                    listed = entries(result, "Regions")
                    self._begin_regions(
                        text(each, "RegionName") for each in listed if text(each, "RegionOptStatus") in _ENABLED
                    )
                else:
                    place.ask([questions.regions_otherwise()])
            case "ec2:DescribeRegions":
                found = entries(result, "Regions")
                opted = [text(each, "RegionName") for each in found if text(each, "OptInStatus") in _OPTED_IN]
                self._begin_regions(opted if answer.complete else None)
            case "organizations:ListAccounts" if answer.complete and self._run.by_tag:
                place.ask(questions.tags_of_account(text(each, "Id")) for each in entries(result, "Accounts"))
                self._told(answer)
            case "organizations:ListAccounts" | "organizations:ListParents" | "organizations:ListTagsForResource":
                self._told(answer)
            case "config:SelectAggregateResourceConfig" if answer.complete:
                self._told(answer)
            case name if name in _GATES:
                with self._lock:
                    self._gates.setdefault(place.place.region, {})[name] = answer.error

    def done(self, place: Gathering) -> None:
        """Everything in a place is answered."""
        region = place.place.region
        if region == GLOBAL and self.status not in (UNFINISHED, OK):
            place.journal.discard()
        elif region != GLOBAL and (state := self._closed(region)):
            self._regions[region] = state
            self._run.closed(self.id, region)
            place.journal.discard()
        else:
            place.journal.finish(place.keys())
            if region != GLOBAL:
                self._regions[region] = RegionState(OK)
        with self._lock:
            self._open -= 1
            last = not self._open
            if last and self.status == UNFINISHED:
                self.status = OK
        if last:
            self._places.clear()
            self._gates.clear()
            self._run.left(self)

    def _place(self, region: str) -> Gathering:
        found = self._places.get(region)
        if found is None:
            with self._lock:
                self._open += 1
            found = self._places[region] = self._run.gathering(self, region)
        return found

    def _told(self, answer: Answer) -> None:
        with self._lock:
            self.told.setdefault(answer.question.call.operation, []).append(
                (answer.question.parameters, answer.result or {})
            )
            if not answer.complete:
                self.refused = self.refused or answer.error

    def _entered(self, place: Gathering, answer: Answer) -> None:
        other = (answer.result or {}).get("Account")
        if other == self.id:
            place.ask(questions.in_account())
            return
        error = answer.error or Refusal(FAILED, "AnotherAccount", f"these credentials belong to account {other}")
        self.status = error.status if error.status in (DENIED, THROTTLED) else FAILED
        self.error = error

    def _begin_regions(self, enabled: Iterable[str] | None) -> None:
        """Begin those that are meant. `enabled` None: which are switched on is not known."""
        self._enabled = None if enabled is None else frozenset(enabled)
        known = self._run.known_regions() if self._enabled is None else self._enabled
        for region in sorted({*(self._run.regions or filter(is_region, known))}):
            if self._enabled is not None and region not in self._enabled:
                self._regions[region] = RegionState(NOT_OPTED_IN)
                continue
            self._regions[region] = RegionState(UNFINISHED)
        begun = [self._place(name) for name, state in sorted(self._regions.items()) if state.status == UNFINISHED]
        for place in begun:
            records = self._run.records(self.id, place.place.region)
            if records is not None:
                place.take_records(records)
            place.ask(questions.in_region(recorded=self._run.source != DIRECT and records is None))

    def _closed(self, region: str) -> RegionState | None:
        """How a Region is closed in which everything was refused, None for one that is not."""
        errors = [error for error in self._gates.get(region, {}).values() if error is not None]
        if len(errors) < len(_GATES):
            return None
        if all(error.by_scp() for error in errors):
            return RegionState(CLOSED, errors[0])
        # Where the account says that it is switched on, keys that are not known there are trouble.
        if self._enabled is None and all(error.status == NOT_OPTED_IN for error in errors):
            return RegionState(NOT_OPTED_IN, errors[0])
        return None
