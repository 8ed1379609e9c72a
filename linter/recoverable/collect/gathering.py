"""What is asked in one place: questions become jobs, pages become an answer, and answers lead to further questions."""

from __future__ import annotations

import random
import threading
from collections import deque
from datetime import UTC, datetime

from recoverable.collect.dispatch import Done, Repeat
from recoverable.collect.keeping import clean, kept
from recoverable.collect.questions import about_tables, beside_tables, described, following, tags_of_table
from recoverable.collect.questions import tables as tables_of_region
from recoverable.collect.records import AUTO, CONFIG, DIRECT, records
from recoverable.collect.refusals import (
    ABSENT,
    DENIED,
    FAILED,
    NO_CONNECTION,
    NOT_OPTED_IN,
    OK,
    THROTTLED,
    UNSUPPORTED,
    Again,
    Refusal,
    refusal,
)  # fmt: skip
from recoverable.collect.times import stamp
from recoverable.typed import Any, NamedTuple, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverable.collect.asking import Asker
    from recoverable.collect.dispatch import Dispatcher, Lane
    from recoverable.collect.folder import Journal
    from recoverable.collect.questions import Place, Question
    from recoverable.collect.records import Record
    from recoverable.collect.wire import Identity

#: No list has as many pages; one that goes on and on is not waited for.
MOST_PAGES = 10_000

#: So often one question may find its keys expired: other threads may have used up the new ones as well.
_RENEWALS = 4

#: So many questions in a row that come to nothing close a lane: the others of that call are not sent.
_HOPELESS = 5


class Answer(NamedTuple):
    """How a question ended: the status, and the result as far as there is one."""

    question: Question
    status: str
    error: Refusal | None
    result: dict[str, Any] | None
    complete: bool


class Owner(Protocol):
    """Whose place it is."""

    identity: Identity

    def heard(self, place: Gathering, answer: Answer) -> None:
        """An answer came, and what follows from it alone is asked."""

    def done(self, place: Gathering) -> None:
        """Everything is answered."""


class Gathering:
    """All questions of one place. Its owner is told each answer, and once that the last is there."""

    def __init__(self, place: Place, asked_in: str, owner: Owner, tools: Tools, journal: Journal) -> None:
        self.place, self.asked_in, self.owner, self.tools, self.journal = place, asked_in, owner, tools, journal
        self.partition = tools.asker.wire.partition(asked_in)
        self._lock = threading.Lock()
        self._seen: set[tuple[str, str, str]] = set()
        self._pending = 0
        self._tables: list[str] = []
        self._records: dict[str, Record] = {}
        self._untagged = self.over = False
        self.answered = 0

    @property
    def asked(self) -> int:
        return len(self._seen)

    def ask(self, questions: Iterable[Question]) -> None:
        """Ask what was not asked yet. What an earlier run recorded is taken from there."""
        waiting = deque(questions)
        self.hold()  # until all of them are queued, so that none is the last too early
        while waiting:
            question = waiting.popleft()
            key = question.key()
            with self._lock:
                if key in self._seen:
                    continue
                self._seen.add(key)
                if key not in self.journal.recorded:
                    self._pending += 1
            if key in self.journal.recorded:
                waiting.extend(self._replayed(question))
            else:
                call = question.call
                lane = (self.place.account, self.asked_in, call.name())
                self.tools.dispatcher.put(lane, call.rate * self.tools.asker.patience.pace, _Asking(self, question))
        self.release()

    def page(self, question: Question, result: dict[str, Any]) -> list[Question]:
        """What follows from a page of an answer."""
        if question.call.name() != "dynamodb:ListTables":
            return list(following(self.place, self.partition, question, result))
        names = result.get("TableNames", ())
        with self._lock:
            self._tables += names
            tagged = names if self._untagged else ()
        asked = [name for name in names if name not in self._records and self.tools.source != CONFIG]
        more = [*about_tables(self.place, self.partition, asked), *(beside_tables() if names else ())]
        more += [tags_of_table(name, self.place, self.partition) for name in tagged]
        for name in names:
            if name in self._records:
                more += self._recorded(name, self._records[name])
        return more

    def take_records(self, results: Iterable[str]) -> None:
        """AWS Config told of these tables. DynamoDB is asked which there are, and not about each of them."""
        self._records.update(records(results))

    def _recorded(self, name: str, record: Record) -> list[Question]:
        """Answers made of a record, and what follows from them."""
        more: list[Question] = []
        for question, result in zip(described(name), (record.table, record.backups), strict=True):
            with self._lock:
                if question.key() in self._seen:
                    continue
                self._seen.add(question.key())
            self._write(Answer(question, OK, None, result, complete=True), captured=record.captured)
            more += following(self.place, self.partition, question, result)
        return more

    def ended(self, answer: Answer, left_out: int = 0) -> None:
        """An answer is complete, or given up."""
        self._write(answer, **({"left_out": left_out} if left_out else {}))
        self.release()

    def _write(self, answer: Answer, **more: object) -> None:
        question, error = answer.question, answer.error
        record: dict[str, Any] = {
            "service": question.call.service,
            "call": question.call.operation,
            "parameters": question.parameters,
            "time": stamp(datetime.now(UTC).replace(microsecond=0)),
            "status": answer.status,
            "error": error and {"code": error.code, "message": error.message},
            "result": answer.result,
            "complete": answer.complete,
            **more,
        }
        # Where it was only tried, a refusal of AWS Config means nothing.
        if answer.complete or self.tools.source != AUTO or question.call.service != "config":
            self.journal.append(record)
        self._hear(answer)

    def _replayed(self, question: Question) -> list[Question]:
        record = self.journal.read(question.key())
        error = record["error"] and Refusal(record["status"], record["error"]["code"], record["error"]["message"])
        answer = Answer(question, record["status"], error, record["result"], record["complete"])
        self._hear(answer)
        return self.page(question, answer.result) if answer.result else []

    def _hear(self, answer: Answer) -> None:
        with self._lock:
            self.answered += 1
        match answer.question.call.name():
            case "resourcegroupstaggingapi:GetResources" if not answer.complete:
                with self._lock:
                    self._untagged = True
                    tables = list(self._tables)
                self.ask(tags_of_table(name, self.place, self.partition) for name in tables)
            case "config:SelectResourceConfig":
                self.take_records((answer.result or {}).get("Results", ()))
                self.ask([tables_of_region()])
        self.owner.heard(self, answer)

    def hold(self) -> None:
        """There is more to come, until `release`."""
        with self._lock:
            self._pending += 1

    def release(self) -> None:
        with self._lock:
            self._pending -= 1
            last = not self._pending and not self.over
            if last:
                self.over = True
        if last:
            self.owner.done(self)

    def keys(self) -> set[tuple[str, str, str]]:
        """Everything that was asked."""
        return self._seen


class Tools(NamedTuple):
    """What every place asks with, and where tables are read from."""

    asker: Asker
    dispatcher: Dispatcher
    source: str = DIRECT


class _Asking:
    """A question on its way through the pages of its answer."""

    def __init__(self, gathering: Gathering, question: Question) -> None:
        self._gathering, self._question = gathering, question
        self._token: Any = None
        self._tokens: set[str] = set()
        self._result: dict[str, Any] | None = None
        self._pages = self._read = self._throttled = self._failed = self._renewed = 0
        self._sent = False

    def run(self, lane: Lane) -> Done | Repeat:
        gathering, question = self._gathering, self._question
        asker, patience = gathering.tools.asker, gathering.tools.asker.patience
        if lane.given_up >= _HOPELESS and not self._pages:
            return self._give_up(
                Refusal(lane_status(lane), "NotAsked", f"{lane.given_up} questions like this came to nothing in a row")
            )
        if self._sent:
            asker.count(asker.repeated, question.call.name())
        self._sent = True
        try:
            page = asker.page(question, self._token, gathering.asked_in, gathering.owner.identity)
        except Exception as error:
            told = self._told(error)
            if told.again is Again.SLOWER:
                asker.count(asker.throttled, question.call.name())
            match told.again:
                case Again.RENEWED if self._renewed < _RENEWALS and self._renew():
                    self._renewed += 1
                    return Repeat()
                case Again.SLOWER if self._throttled < patience.throttled:
                    self._throttled += 1
                    return Repeat(_pause(patience.pause, self._throttled, patience.longest), slower=True)
                case Again.SOON if self._failed < patience.failed:
                    self._failed += 1
                    return Repeat(_pause(patience.pause, self._failed, patience.longest))
            if told.again in (Again.SLOWER, Again.SOON):
                lane.given_up += 1
            return self._give_up(told)
        lane.given_up = 0
        try:
            page = clean(question.call.name(), page)
            more = gathering.page(question, page)
            token = self._take(page)
        except OSError:  # the journal cannot be written
            raise
        except Exception as error:
            why = f"the answer is not what it should be: {type(error).__name__} {error}"
            return self._give_up(Refusal(FAILED, "MalformedAnswer", why))
        gathering.ask(more)
        return self._go_on(token)

    def _told(self, error: Exception) -> Refusal:
        """What went wrong. A Region that has no such service has no such address either."""
        gathering, call = self._gathering, self._question.call
        told = refusal(error, call.operation)
        if told.code == NO_CONNECTION:
            known = gathering.tools.asker.wire.regions(call.service, gathering.partition)
            if known and gathering.asked_in not in known:
                return told._replace(status=UNSUPPORTED, again=Again.NO)
        return told

    def _renew(self) -> bool:
        asker = self._gathering.tools.asker
        return self._gathering.owner.identity.renew(asker.wire.last_key())

    def _take(self, page: dict[str, Any]) -> Any:  # noqa: ANN401
        """Keep a page, and return the token of the next; None at the end."""
        pages = self._question.call.pages
        self._pages += 1
        if pages is None:
            self._result = page
            return None
        token = page.pop(pages.token_out, None)
        for name in ("IsTruncated", "Truncated"):
            if page.pop(name, None) is False:
                token = None
        self._merge(page, pages.lists)
        return token

    def _go_on(self, token: Any) -> Done | Repeat:  # noqa: ANN401
        if not token:
            self._gathering.ended(Answer(self._question, OK, None, self._result, complete=True), self._left_out())
            return Done()
        if str(token) in self._tokens:
            return self._give_up(Refusal(FAILED, "RepeatedToken", "the same page was announced twice"))
        if self._pages >= MOST_PAGES:
            return self._give_up(Refusal(FAILED, "TooManyPages", f"there are more than {MOST_PAGES} pages"))
        self._tokens.add(str(token))
        self._token, self._sent = token, False
        self._throttled = self._failed = self._renewed = 0
        return Repeat()

    def _merge(self, page: dict[str, Any], lists: tuple[str, ...]) -> None:
        name = self._question.call.name()
        if self._result is None:
            self._result = {}
        for key, value in page.items():
            if key in lists:
                self._read += len(value)
                self._result[key] = kept(name, [*self._result.get(key, ()), *value])
            else:
                self._result.setdefault(key, value)

    def _give_up(self, told: Refusal) -> Done:
        self._gathering.ended(Answer(self._question, told.status, told, self._result, complete=False), self._left_out())
        return Done(answered=told.status in (ABSENT, DENIED, NOT_OPTED_IN))

    def _left_out(self) -> int:
        pages = self._question.call.pages
        if pages is None or self._result is None:
            return 0
        return self._read - sum(len(self._result.get(name, ())) for name in pages.lists)


def lane_status(lane: Lane) -> str:
    """Why nothing more is sent in a lane: it was slowed down as far as it goes, or something is broken."""
    return THROTTLED if lane.rate < lane.full else FAILED


def _pause(first: float, times: int, longest: float) -> float:
    """Twice as long each time, and never the same for two threads."""
    return float(min(longest, first * 2 ** (times - 1))) * random.uniform(0.75, 1.25)
