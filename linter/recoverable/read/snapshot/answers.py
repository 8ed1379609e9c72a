"""The answers of one account in one Region, found by call and parameters, and why others are missing."""

from __future__ import annotations

from recoverable.read.data import Datum, Fields, Open
from recoverable.read.snapshot.data import datum, unread
from recoverable.source import Call
from recoverable.typed import Any, NamedTuple, TypeVar, cast
from recoverable.value import Known, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from recoverable.estate.subject import Subject

T = TypeVar("T")

#: What a status means for those who read the answer, in words that follow the name of the call.
OK, ABSENT = "ok", "absent"
REASONS = {
    "denied": "was denied",
    "throttled": "was throttled until it was given up",
    "not-opted-in": "was not asked: the Region is not opted in",
    "unsupported": "is not supported there",
    "failed": "failed",
}
#: Those that keep an answer from being complete although somebody could mend it.
FAILURES = ("denied", "throttled", "failed")

#: Where what belongs to no Region is kept.
GLOBAL = "global"


class Answer(NamedTuple):
    """One answer as it stands in a snapshot. `time` is when AWS gave it (ISO text, UTC).

    `captured` is when AWS Config recorded what was answered, empty for an answer of the service itself.
    """

    service: str
    call: str
    parameters: Mapping[str, Any]
    time: str
    status: str
    code: str
    message: str
    result: Any
    complete: bool
    captured: str = ""


class Found(NamedTuple):
    """What a call gave: `body` is its result, or open with the reason why nothing is known.

    `absent`: AWS said that there is no such thing. `open` says why a list may hold more than was had. `time` is when it
    was asked, empty if it was not.
    """

    body: Datum
    origin: Call
    absent: bool = False
    open: str = ""
    time: str = ""

    @property
    def known(self) -> bool:
        """Whether AWS answered with something."""
        return not isinstance(self.body.content, Open)


class Place:
    """An account in a Region, with what was asked there. `region` is `global` for what belongs to none."""

    __slots__ = ("_by_call", "_by_parameter", "_made", "account", "answers", "region", "unread")

    def __init__(self, account: str, region: str, answers: tuple[Answer, ...], unread: str = "") -> None:
        """`unread` says why nothing was asked there at all, where it was meant to be."""
        self.account = account
        self.region = region
        self.answers = answers
        self.unread = unread
        self._made: dict[str, object] = {}
        self._by_call: dict[tuple[str, str], list[Answer]] = {}
        self._by_parameter: dict[tuple[str, str, str, str], list[Answer]] = {}
        for answer in answers:
            self._by_call.setdefault((answer.service, answer.call), []).append(answer)
            for key, value in answer.parameters.items():
                if isinstance(value, str):
                    self._by_parameter.setdefault((answer.service, answer.call, key, value), []).append(answer)

    @property
    def partition(self) -> str:
        """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"""
        for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("eusc-", "aws-eusc")):
            if self.region.startswith(prefix):
                return partition
        return "aws"

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def call(self, operation: str, resource: str = "") -> Call:
        """Where a fact of this place was read."""
        return Call(self.account, self.region, operation, resource)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What is worked out of the answers to list calls, which many things ask about, made once."""
        if name not in self._made:
            self._made[name] = make()
        return cast("T", self._made[name])

    def asked(self, service: str, call: str) -> bool:
        return (service, call) in self._by_call

    def lacks(self, service: str, call: str) -> str:
        """Why the answer to a call that takes no parameters may not be all there is; empty if it is."""
        answers = self._by_call.get((service, call))
        if not answers:
            return self.unread or f"{call} was not asked"
        answer = answers[0]
        if answer.status == OK and answer.complete:
            return ""
        said = REASONS.get(answer.status, f"came to {answer.status}") if answer.status != OK else "was not answered"
        return f"{answer.call} {said}"

    def one(self, service: str, call: str, about: str, **parameters: str) -> Found:
        """The answer to a call about one thing; several parameters are ways to name it, of which one is enough."""
        origin = self.call(call, about)
        for key, value in parameters.items():
            for answer in self._by_parameter.get((service, call, key, value), ()):
                return _found(answer, origin)
        return Found(unread(self.unread or f"{call} was not asked", origin), origin)

    def one_of(self, service: str, call: str, about: str) -> Found:
        """The answer to a call that takes no parameters."""
        return self.all(service, call, about)[0]

    def all(self, service: str, call: str, about: str = "", **parameters: str) -> tuple[Found, ...]:
        """All answers to a call, with these parameters if any are given; one that says so if there is none."""
        origin = self.call(call, about)
        found: list[Answer] = self._by_call.get((service, call), [])
        if parameters:
            found = [
                answer for pair in parameters.items() for answer in self._by_parameter.get((service, call, *pair), ())
            ]
        if not found:
            return (Found(unread(self.unread or f"{call} was not asked", origin), origin),)
        return tuple(_found(answer, origin) for answer in found)

    def every_about(
        self, service: str, call: str, key: str, value: str, about: str
    ) -> Iterator[tuple[Mapping[str, Any], Found]]:
        """All answers to a call in which a parameter has a value."""
        for answer in self._by_parameter.get((service, call, key, value), ()):
            yield answer.parameters, _found(answer, self.call(call, about))

    def every(self, service: str, call: str) -> Iterator[tuple[Mapping[str, Any], Found]]:
        """All answers to a call with what was asked; none if there is none."""
        for answer in self._by_call.get((service, call), ()):
            yield answer.parameters, _found(answer, self.call(call))


def subject(
    place: Place, kind: str, address: str, name: str, origin: Call, *, part: str = "", region: str | None = None
) -> Subject:
    """The identity of a thing of an account: its ARN, where it is, and which call told of it."""
    from recoverable.estate.subject import Subject  # noqa: PLC0415

    return Subject(
        kind=kind,
        address=address,
        name=Value("name", Known(name, origin)),
        path="",
        origin=origin,
        region=Value("Region", Known(place.region if region is None else region, origin)),
        account=Value("AccountId", Known(place.account, origin)),
        part=part,
    )


def _found(answer: Answer, origin: Call) -> Found:
    if answer.status == ABSENT:
        return Found(datum({}, origin), origin, absent=True, time=answer.time)
    opened = ""
    if answer.status != OK or not answer.complete:
        said = REASONS.get(answer.status, f"came to {answer.status}") if answer.status != OK else "was not answered"
        code = f" ({answer.code})" if answer.code and answer.status == "failed" else ""
        opened = f"{answer.call} {said}{code}"
        if answer.result is not None:
            opened = f"not every page of {answer.call} was had: it {said}{code}"
    if answer.result is None and opened:
        return Found(unread(opened, origin), origin, open=opened, time=answer.time)
    kept = ""
    if answer.captured:
        origin = origin._replace(operation=f"{origin.operation}, as AWS Config had it at {answer.captured}")
        kept = f"AWS Config keeps no such thing of what {answer.call} tells"
    body = datum(answer.result, origin, kept)
    if not isinstance(body.content, Fields):
        opened = f"{answer.call} answered with what cannot be read"
        return Found(unread(opened, origin), origin, open=opened, time=answer.time)
    return Found(body, origin, open=opened, time=answer.captured or answer.time)
