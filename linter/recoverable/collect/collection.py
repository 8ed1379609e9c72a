"""A run: which accounts, their Regions, and what came of them. An account that fails stops no other."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError

from recoverable.collect import organization, questions
from recoverable.collect.accounts import UNFINISHED, Account
from recoverable.collect.asking import Asker
from recoverable.collect.calls import GLOBAL
from recoverable.collect.credentials import OwnIdentity, RoleIdentity
from recoverable.collect.dispatch import Dispatcher, Done
from recoverable.collect.folder import Folder, FolderError
from recoverable.collect.gathering import Gathering, Tools
from recoverable.collect.records import AUTO, DIRECT, by_place
from recoverable.collect.refusals import ABSENT, FAILED, OK, UNSUPPORTED, Again, Refusal, refusal
from recoverable.collect.times import stamp
from recoverable.collect.wire import Patience, Wire
from recoverable.typed import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from recoverable.collect.dispatch import Lane
    from recoverable.collect.executors import Executor, Outcome
    from recoverable.collect.gathering import Answer
    from recoverable.collect.wire import Identity

#: Accounts that are worked on at the same time: at first, and at most. More than the first are begun while there are
#: few questions to hand out, so that large accounts are not all in memory at once.
_AT_FIRST, _AT_ONCE, _FEW_QUESTIONS = 8, 64, 10_000

#: How often the summary is written while accounts come in: of a thousand it has a megabyte.
_SECONDS_BETWEEN = 5.0


class Request(NamedTuple):
    """What to collect, and as whom. `regions` empty: all that an account has switched on. `role` is assumed first.

    `member_role` is the name of the role in each account of an organization, `most` the requests a second of all
    together, 0 for no bound. `source` is one of `records.SOURCES`, and `aggregator` the one of AWS Config to ask for
    all accounts at once. `executor` names what the accounts are spread over. `accounts` are those of the organization
    that are meant, for a run that is a part of a larger one, which began at `started`.
    """

    output: Path
    profile: str = ""
    regions: tuple[str, ...] = ()
    role: str = ""
    external_id: str = ""
    organization: bool = False
    member_role: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    endpoint: str = ""
    most: float = 0.0
    resume: bool = False
    patience: Patience = Patience()
    source: str = DIRECT
    aggregator: str = ""
    executor: str = ""
    accounts: tuple[str, ...] = ()
    started: str = ""


class Trouble(NamedTuple):
    """Answers that are missing: of one call in an account and Region, with how many there are, and an example."""

    account: str
    region: str
    call: str
    status: str
    answers: int
    error: Refusal | None


class Summary(NamedTuple):
    """What came of a run: accounts and Regions as in `snapshot.json`, what is missing, and how often was asked."""

    accounts: list[dict[str, Any]]
    troubles: list[Trouble]
    calls: dict[str, dict[str, int]]
    finished: bool


class EntryRefusedError(Exception):
    """The account that everything starts from cannot be entered."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Collection:
    """One run, by a wire of its own if it is given none.

    Making it raises ExecutorError, FolderError, SelectorError, OSError, and EntryRefusedError for a bad profile.
    """

    def __init__(self, request: Request, wire: Wire | None = None) -> None:
        organization.check((*request.include, *request.exclude))
        self._executor: Executor | None = None
        if request.executor:
            from recoverable.collect.executors import executor  # noqa: PLC0415 (for those alone who want one)

            self._executor = executor(request.executor)
        self._shared = wire is not None
        try:
            self._wire = wire or Wire(request.profile, request.endpoint, request.patience)
            region = self._wire.session.get_config_variable("region")
        except BotoCoreError as error:
            raise EntryRefusedError(refusal(error, "")) from error
        self._asker = Asker(self._wire, request.patience)
        self._request = request
        self._folder = Folder(request.output, resume=request.resume, part=bool(request.accounts))
        before = self._folder.resumed or {}
        self._started = str(before.get("started") or request.started or _now())
        self._earlier: Mapping[str, Mapping[str, int]] = before.get("calls") or {}
        self._dispatcher = Dispatcher(most=request.most)
        # A Region that is asked for may turn out to be switched off: the one that is set up is where to ask that.
        self._home = (region, *request.regions, "us-east-1")[0 if region else 1]
        self._lock = threading.RLock()
        self._accounts: dict[str, Account] = {}
        self._waiting: Iterator[Account] = iter(())
        self._working = 0
        self._left_out: list[dict[str, Any]] = []
        self._answers: Counter[str] = Counter()
        self._elsewhere: dict[str, Account] = {}
        self._parts: list[Mapping[str, Mapping[str, int]]] = []
        self._entries = {each["id"]: each for each in (before.get("scope") or {}).get("accounts", ())}
        self._troubles: dict[tuple[str, str, str, str], tuple[int, Refusal | None]] = {}
        self._finished, self._stopped, self._written = False, False, 0.0
        self.regions = request.regions
        self.source = request.source
        self._records: dict[tuple[str, str], list[str]] | None = None
        earlier = before.get("source", request.source)
        if earlier != request.source:
            raise FolderError(f"this snapshot was begun with --source {earlier}: go on with the same")
        self.by_tag = organization.by_tag((*request.include, *request.exclude))

    def run(self) -> Summary:
        """Collect until everything is answered. What was collected stays if it is interrupted.

        Raises EntryRefusedError if there is nothing to start from, OSError, and KeyboardInterrupt.
        """
        self._write()
        try:
            own = self._own()
            if self._request.role:
                own = RoleIdentity(self._asker, own, self._request.role, self._request.external_id, self._home)
            if self._request.accounts:
                self._run_accounts(
                    [self._account(each, None, self._of_member(each, own)) for each in self._request.accounts]
                )
            else:
                home = self._account(self._enter(own), None, own)
                chosen = self._members(home, own) if self._request.organization else [home]
                if self._executor is not None:
                    self._spread(self._executor, [each for each in chosen if each is not home])
                    chosen = [each for each in chosen if each is home]
                self._run_accounts(chosen)
                if self._executor is not None:
                    self._gather(self._executor.results())
            self._finished = not self._stopped
        finally:
            for account in self._accounts.values():
                account.leave()
            if self._executor is not None:
                self._gather(self._executor.close())
            self._write()
            if not self._shared:
                self._wire.close()
        return self.summary()

    def stop(self) -> None:
        """Let `run` return soon, with what there is then. For another thread."""
        self._stopped = True
        self._dispatcher.stop()

    def summary(self) -> Summary:
        with self._lock:
            troubles = [Trouble(*key, *self._troubles[key]) for key in sorted(self._troubles)]
            return Summary([each.entry() for each in self._shown()], troubles, self._calls(), self._finished)

    def progress(self) -> list[tuple[str, int, int]]:
        """Of each account that is worked on: what to call it, how many questions are answered, and how many asked."""
        with self._lock:
            working = [each for each in self._accounts.values() if each.status == UNFINISHED]
            others = [each.status == UNFINISHED for each in self._elsewhere.values()]
        told = [(each.name or each.id, *each.counts()) for each in working if each.id not in self._elsewhere]
        return [("accounts", others.count(False), len(others)), *told] if any(others) else told

    def gathering(self, account: Account, region: str) -> Gathering:
        place = questions.Place(account.id, region, self._started)
        journal = self._folder.journal(account.id, region)
        asked_in = self._home if region == GLOBAL else region
        return Gathering(place, asked_in, account, Tools(self._asker, self._dispatcher, self.source), journal)

    def known_regions(self) -> list[str]:
        return self._wire.regions("dynamodb", self._wire.partition(self._home))

    def records(self, account: str, region: str) -> list[str] | None:
        return None if self._records is None else self._records.get((account, region), [])

    def heard(self, gathering: Gathering, answer: Answer) -> None:
        name = answer.question.call.name()
        # Where there are no records, the services are asked themselves.
        spared = self.source == AUTO and answer.question.call.service == "config"
        with self._lock:
            self._answers[name] += 1
            if answer.status not in (OK, ABSENT, UNSUPPORTED) and not spared:
                if name == "sts:GetCallerIdentity" and isinstance(gathering.owner.identity, RoleIdentity):
                    name = "sts:AssumeRole"  # who one is, anybody may ask
                key = (gathering.place.account, gathering.place.region, name, answer.status)
                count, example = self._troubles.get(key, (0, answer.error))
                self._troubles[key] = count + 1, example

        if self._dispatcher.outstanding < _FEW_QUESTIONS:
            self._begin_another()

    def closed(self, account: str, region: str) -> None:
        with self._lock:
            for key in [key for key in self._troubles if key[:2] == (account, region)]:
                del self._troubles[key]

    def left(self, account: Account) -> None:
        self._dispatcher.forget(account.id)
        if time.monotonic() > self._written + _SECONDS_BETWEEN:
            self._write()
        with self._lock:
            self._working -= 1
        self._begin_another()

    def _own(self) -> Identity:
        try:
            return OwnIdentity(self._wire)
        except BotoCoreError as error:
            raise EntryRefusedError(refusal(error, "")) from error

    def _enter(self, identity: Identity) -> str:
        """The id of the account that an identity is in."""
        patience = self._request.patience
        attempt = 0
        while True:
            try:
                return str(self._asker.page(questions.identity(), None, self._home, identity)["Account"])
            except Exception as error:
                told = refusal(error, "GetCallerIdentity")
                attempt += 1
                renewed = told.again is Again.RENEWED and identity.renew(self._wire.last_key())
                if attempt > patience.failed or not (renewed or told.again in (Again.SOON, Again.SLOWER)):
                    raise EntryRefusedError(told) from error
                time.sleep(min(patience.longest, patience.pause * 2**attempt))

    def _account(self, identifier: str, name: str | None, identity: Identity) -> Account:
        account = Account(self, identifier, name, identity)
        with self._lock:
            self._accounts[identifier] = account
        return account

    def _run_accounts(self, accounts: list[Account]) -> None:
        self._write()
        self._waiting, self._working = iter(accounts), 0
        for _ in range(_AT_FIRST):
            self._begin_another()
        self._dispatcher.run()

    def _begin_another(self) -> None:
        """Begin the next account, if there is one and there is room for it. A thread of the dispatcher does so: what an
        earlier run recorded takes a while to read."""
        with self._lock:
            account = next(self._waiting, None) if self._working < _AT_ONCE else None
            if account is None:
                return
            self._working += 1
        self._dispatcher.put("begin", 10_000, _Beginning(account))

    def _members(self, home: Account, own: Identity) -> list[Account]:
        """The accounts of the organization that are meant. The organization is asked first, and all at once."""
        home.ask_organization(self._request.aggregator if self.source != DIRECT else "")
        self._dispatcher.run()
        for _, said in home.told.get("SelectAggregateResourceConfig", ()):
            self._records = by_place(said["Results"])
        found = organization.members(home.told)
        if found is None:
            told = home.refused or Refusal(FAILED, "Unfinished", "it was not answered")
            raise EntryRefusedError(told._replace(message=f"organizations:ListAccounts: {told.message}"))
        chosen: list[Account] = []
        for member in found:
            reason = organization.why_left_out(member, self._request.include, self._request.exclude)
            if member.id == home.id:
                home.name = member.name
            if reason:
                self._left_out.append({"id": member.id, "name": member.name, "reason": reason})
            elif member.id == home.id:
                chosen.append(home)
            else:
                chosen.append(self._account(member.id, member.name, self._of_member(member.id, own)))
        if home not in chosen:
            home.leave_out()
        return chosen

    def _spread(self, executor: Executor, accounts: list[Account]) -> None:
        """Have these accounts collected by others. What an earlier run has whole of one is left as it is."""
        from recoverable.collect.executors import units  # noqa: PLC0415

        self._write()
        for account in accounts:
            entry = self._entries.get(account.id)
            answers = self._folder.whole(account.id) if entry is not None and entry["status"] == OK else None
            if entry is None or answers is None:
                self._elsewhere[account.id] = account
            else:
                account.adopt(entry)
                self._answers.update(answers)
        request = self._request._replace(
            executor="", organization=False, include=(), exclude=(), resume=False, started=self._started,
            profile=self._request.profile if executor.in_place else "",
        )  # fmt: skip
        given = units(request, list(self._elsewhere), executor.slots)
        if given:
            self._dispatcher.bound(given[0].most)
            executor.submit(given)

    def _gather(self, outcomes: Iterable[Outcome]) -> None:
        """Take in what the others collected, as it comes."""
        for accounts, found in outcomes:
            if isinstance(found, Refusal):
                for identifier in accounts:
                    self._accounts[identifier].fail(found)
            else:
                for identifier, files in found.files.items():
                    self._folder.put(identifier, files)
                for entry in found.summary.accounts:
                    self._accounts[entry["id"]].adopt(entry)
                with self._lock:
                    self._parts.append(found.summary.calls)
                    for trouble in found.summary.troubles:
                        key = (trouble.account, trouble.region, trouble.call, trouble.status)
                        self._troubles[key] = (trouble.answers, trouble.error)
            if time.monotonic() > self._written + _SECONDS_BETWEEN:
                self._write()

    def _of_member(self, account: str, own: Identity) -> Identity:
        partition = self._wire.partition(self._home)
        role = f"arn:{partition}:iam::{account}:role/{self._request.member_role}"
        return RoleIdentity(self._asker, own, role, self._request.external_id, self._home)

    def _shown(self) -> list[Account]:
        left_out = {each["id"] for each in self._left_out}
        return sorted((each for each in self._accounts.values() if each.id not in left_out), key=lambda each: each.id)

    def _calls(self) -> dict[str, dict[str, int]]:
        table = {}
        others = self._parts
        names = {*self._asker.requests, *self._answers, *self._earlier, *(name for each in others for name in each)}
        for name in sorted(names):
            earlier = self._earlier.get(name, {})
            now = {
                "requests": self._asker.requests[name],
                "answers": self._answers[name],
                "throttled": self._asker.throttled[name],
                "repeated": self._asker.repeated[name],
            }
            now = {key: value + sum(each[name][key] for each in others if name in each) for key, value in now.items()}
            # Answers of an earlier run that stand are counted as this one's.
            table[name] = {key: value + (earlier.get(key, 0) if key != "answers" else 0) for key, value in now.items()}
        return table

    def _write(self) -> None:
        with self._lock:
            self._written = time.monotonic()
            self._folder.write_summary(
                {
                    "started": self._started,
                    "finished": _now() if self._finished else None,
                    "source": self.source,
                    "scope": {"accounts": [each.entry() for each in self._shown()], "left_out": self._left_out},
                    "calls": self._calls(),
                }
            )


class _Beginning(NamedTuple):
    account: Account

    def run(self, _: Lane) -> Done:
        self.account.begin()
        return Done()


def _now() -> str:
    return stamp(datetime.now(UTC).replace(microsecond=0))
