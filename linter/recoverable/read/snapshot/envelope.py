"""The files of a snapshot: what was looked at, and the answers of each account and Region. Nothing is taken on trust.

The shape of the files is `schemas/snapshot.schema.json`; what does not fit is left out and told, the rest is read.
"""

from __future__ import annotations

from recoverable.read.snapshot.answers import GLOBAL, OK, Answer, Place
from recoverable.rule import Fault
from recoverable.source import Address
from recoverable.typed import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The version of snapshots that is understood; what is added under one changes no meaning.
VERSION = 1

#: How often a malformed answer is told of by itself.
_MOST_TOLD = 5


class Envelope(NamedTuple):
    """A snapshot as it was found: `path` is its folder, `summary` what snapshot.json holds, `files` the content of the
    others by account and Region (`global` for the whole account). All are parsed JSON of any shape.

    `unread` are files that could not be read, by account and Region, with the reason.
    """

    path: str
    summary: Any
    files: Mapping[tuple[str, str], Any]
    unread: Mapping[tuple[str, str], str]


class Account(NamedTuple):
    """An account with what was asked in each Region, and what holds for the whole of it."""

    identity: str
    name: str
    whole: Place
    places: tuple[Place, ...]


class Opened(NamedTuple):
    """What snapshots hold: the accounts that could be entered, faults and notes, the files that were examined.

    `taken` is when the newest of them was begun; `named` are all accounts that were to be looked at.
    """

    accounts: list[Account]
    faults: list[Fault]
    notes: list[Fault]
    examined: list[str]
    taken: str
    named: list[str]


def opened(envelopes: Iterable[Envelope]) -> Opened:
    """The accounts of all snapshots, each from the newest one that has it."""
    faults: list[Fault] = []
    notes: list[Fault] = []
    accounts: dict[str, Account] = {}
    examined: list[str] = []
    named: set[str] = set()
    newest_first = sorted(envelopes, key=lambda one: (_text(one.summary, "started"), one.path), reverse=True)
    taken = _text(newest_first[0].summary, "started") if newest_first else ""
    for envelope in newest_first:
        version = envelope.summary.get("version") if isinstance(envelope.summary, dict) else None
        if version != VERSION:
            faults.append(
                _fault(
                    "snapshot-version",
                    f"this is a snapshot of version {version}, and version {VERSION} is understood",
                    envelope.path,
                    "take a new snapshot, or use the release of recoverable that took this one",
                )
            )
            continue
        examined.append(f"{envelope.path}/snapshot.json" if envelope.path else "snapshot.json")
        if envelope.summary.get("finished") is None:
            faults.append(
                _fault(
                    "snapshot-unfinished",
                    "the snapshot is not finished: not everything was asked",
                    envelope.path,
                    "go on with `recoverable collect --resume`",
                )
            )
        reader = _Reader(envelope, faults, notes)
        named.update(reader.named())
        for account in reader.accounts():
            if account.identity in accounts:
                notes.append(
                    _fault(
                        "older-snapshot",
                        f"account {account.identity} is in a newer snapshot, too; this one does not count",
                        envelope.path,
                        "nothing, if that is meant; else check one snapshot at a time",
                    )
                )
            else:
                accounts[account.identity] = account
    found = [accounts[identity] for identity in sorted(accounts)]
    return Opened(found, faults, notes, examined, taken, sorted({*named, *accounts}))


class _Reader:
    """One snapshot."""

    def __init__(self, envelope: Envelope, faults: list[Fault], notes: list[Fault]) -> None:
        self._envelope = envelope
        self._faults = faults
        self._notes = notes
        self._malformed = 0
        self._scope = self._in_scope()

    def named(self) -> tuple[str, ...]:
        """The accounts that were to be looked at."""
        return tuple(self._scope)

    def accounts(self) -> list[Account]:
        named = self._scope
        identities = sorted({*named, *(account for account, _ in self._envelope.files)})
        found = [self._account(identity, named.get(identity, {})) for identity in identities]
        if self._malformed > _MOST_TOLD:
            self._told(f"{self._malformed - _MOST_TOLD} more answers cannot be read", "")
        return [account for account in found if account is not None]

    def _in_scope(self) -> dict[str, Any]:
        """What snapshot.json says of each account."""
        scope = self._envelope.summary.get("scope")
        listed = scope.get("accounts") if isinstance(scope, dict) else None
        if not isinstance(listed, list):
            self._told("snapshot.json does not tell what was looked at (scope.accounts)", "snapshot.json")
            return {}
        return {_text(one, "id"): one for one in listed if _text(one, "id")}

    def _account(self, identity: str, said: Any) -> Account | None:  # noqa: ANN401
        status = _text(said, "status") or OK
        if status not in (OK, "unfinished"):
            why = _text(said.get("error"), "code")
            self._faults.append(
                self._fault(
                    f"account-{status}" if status in ("denied", "throttled") else "account-failed",
                    f"account {identity} could not be entered{f' ({why})' if why else ''}: nothing of it is known",
                    "allow the auditing role to be assumed there, or leave the account out",
                )
            )
            return None
        regions = {_text(one, "name"): one for one in _list(said, "regions") if _text(one, "name")}
        files = {region for account, region in self._envelope.files if account == identity} - {GLOBAL}
        unread = {region for account, region in self._envelope.unread if account == identity} - {GLOBAL}
        places = []
        closed = []
        for region in sorted({*regions, *files, *unread}):
            state = _text(regions.get(region), "status") or OK
            if state == "closed-by-scp":
                closed.append(region)
            elif state != "not-opted-in" or region in files:
                places.append(self._place(identity, region, state))
        if closed:
            self._notes.append(
                self._fault(
                    "closed-by-scp",
                    f"a service control policy closes {', '.join(closed)} for account {identity}: out of scope",
                    "nothing, if that is meant",
                )
            )
        return Account(identity, _text(said, "name"), self._place(identity, GLOBAL, status), tuple(places))

    def _place(self, account: str, region: str, status: str) -> Place:
        """The answers of a Region; a file that is missing or cannot be read leaves everything open."""
        key = (account, region)
        content = self._envelope.files.get(key)
        reason = self._envelope.unread.get(key, "")
        name = f"accounts/{account}/{region}.json"
        if content is None and not reason:
            reason = f"{name} is missing"
        answers = content.get("answers") if isinstance(content, dict) else None
        if not reason and not isinstance(answers, list):
            reason = f"{name} holds no answers"
        if reason:
            self._told(reason, name)
            return Place(account, region, (), reason)
        found = [self._answer(one, name) for one in answers or ()]
        unfinished = "" if status == OK else "the snapshot is not finished there"
        return Place(account, region, tuple(one for one in found if one is not None), unfinished)

    def _answer(self, said: object, name: str) -> Answer | None:
        service, call = _text(said, "service"), _text(said, "call")
        if not isinstance(said, dict) or not service or not call:
            self._malformed += 1
            if self._malformed <= _MOST_TOLD:
                self._told("an answer does not say which call it is of", name)
            return None
        parameters = said.get("parameters")
        error = said.get("error")
        return Answer(
            service=service,
            call=call,
            parameters=parameters if isinstance(parameters, dict) else {},
            time=_text(said, "time") or "an unknown time",
            status=_text(said, "status") or "failed",
            code=_text(error, "code"),
            message=_text(error, "message"),
            result=said.get("result"),
            complete=said.get("complete") is True,
            captured=_text(said, "captured"),
        )

    def _told(self, message: str, name: str) -> None:
        self._faults.append(
            self._fault("snapshot-malformed", message, "take the snapshot again, or mend the file", name)
        )

    def _fault(self, kind: str, message: str, do: str, name: str = "") -> Fault:
        path = "/".join(filter(None, (self._envelope.path, name)))
        return _fault(kind, message, path, do)


def _fault(kind: str, message: str, path: str, do: str) -> Fault:
    return Fault(kind, message, Address(path or ".", ""), do)


def _text(owner: object, key: str) -> str:
    value = owner.get(key) if isinstance(owner, dict) else None
    return value if isinstance(value, str) else ""


def _list(owner: object, key: str) -> list[Any]:
    value = owner.get(key) if isinstance(owner, dict) else None
    return value if isinstance(value, list) else []
