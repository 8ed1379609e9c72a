"""Calls that were not answered: each is told once for an account and Region, and makes the answer incomplete."""

from __future__ import annotations

from recoverable.read.snapshot.answers import FAILURES, OK, REASONS
from recoverable.rule import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.snapshot.answers import Answer, Place
    from recoverable.read.snapshot.envelope import Account

#: Calls that others stand in for: if those were answered, nothing is missing.
_STAND_INS = {
    ("account", "ListRegions"): ("ec2", "DescribeRegions"),
    ("resourcegroupstaggingapi", "GetResources"): ("dynamodb", "ListTagsOfResource"),
}

_DO = {
    "denied": "allow it to the role that audits: `recoverable print-policy` prints all that is asked for",
    "throttled": "go on with `recoverable collect --resume`, or ask less at once with --max-rps",
    "failed": "go on with `recoverable collect --resume`",
}

#: How many of the things that were asked about a fault names.
_MOST_NAMED = 3


def failures(account: Account) -> Iterator[Fault]:
    """What kept an account's answers from being complete."""
    for place in (account.whole, *account.places):
        yield from _of_place(place)


def _of_place(place: Place) -> Iterator[Fault]:
    failed: dict[tuple[str, str, str], list[Answer]] = {}
    for answer in place.answers:
        status = answer.status
        if status == OK and not answer.complete:
            status = "failed"
        if status not in (OK, "absent", "not-opted-in", "unsupported", *FAILURES):
            status = "failed"
        if status in FAILURES and not _stood_in_for(place, answer):
            failed.setdefault((answer.service, answer.call, status), []).append(answer)
    for (service, call, status), answers in failed.items():
        abouts = list(dict.fromkeys(filter(None, map(_about, answers))))
        named = ", ".join(abouts[:_MOST_NAMED])
        more = f" and {len(abouts) - _MOST_NAMED} more" if len(abouts) > _MOST_NAMED else ""
        times = f" {len(answers)} times" if len(answers) > 1 else ""
        where = f"account {place.account}" + ("" if place.region == "global" else f", {place.region}")
        about = f" ({named}{more})" if named else ""
        codes = ", ".join(dict.fromkeys(filter(None, (answer.code for answer in answers))))
        yield Fault(
            status,
            f"{service}:{call} {REASONS[status]}{times} in {where}{about}{f': {codes}' if codes else ''}",
            place.call(call, abouts[0] if abouts else ""),
            _DO[status],
        )


def _stood_in_for(place: Place, answer: Answer) -> bool:
    stand_in = _STAND_INS.get((answer.service, answer.call))
    return stand_in is not None and place.asked(*stand_in)


def _about(answer: Answer) -> str:
    """What was asked about, by the one name that a person would look for."""
    return next((value for key, value in sorted(answer.parameters.items()) if isinstance(value, str)), "")
