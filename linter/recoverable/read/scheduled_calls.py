"""What code that runs on a schedule can be seen to call, in every input kind: actions of the AWS SDK, and other code.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

from __future__ import annotations

import re

from recoverable.estate.principals import Called
from recoverable.read.data import Datum, Fields, Items
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Where a universal target or a state names an action of the AWS SDK.
_SDK_CALL = re.compile(r"arn:[^:]*:(?:scheduler|states):::aws-sdk:(?P<service>[A-Za-z0-9-]+):(?P<action>[A-Za-z0-9]+)")
LOCAL_NAME = re.compile(r":(?:function|stateMachine):(?P<name>[A-Za-z0-9_-]+)")

#: Services that IAM calls otherwise than the SDK does.
_IN_IAM = {"sfn": "states", "cloudwatchevents": "events", "eventbridge": "events"}

#: More than the largest definition that Step Functions takes (1 MB) has.
MOST_TEXTS = 20_000


def whole(text: Text) -> str:
    """A text to search in, with a mark for what is not known."""
    return "".join(part if isinstance(part, str) else "\0" for part in text.parts)


def calls(datum: Datum) -> Iterator[Called]:
    """The actions of the AWS SDK that a text names."""
    for match in _SDK_CALL.finditer(whole(datum.text())):
        service, action = match["service"].lower(), match["action"]
        yield Called(f"{_IN_IAM.get(service, service)}:{action[0].upper()}{action[1:]}", datum.origin)


def texts(datum: Datum, budget: list[int]) -> Iterator[Datum]:
    """All texts in a value. `budget` is how many more are looked at."""
    encoded = datum.encoded
    if encoded is not None:
        datum = encoded if isinstance(encoded, Datum) else encoded.force()
    budget[0] -= 1
    if budget[0] < 0:
        return
    match datum.content:
        case Fields() as fields:
            for _, value in fields.items():
                yield from texts(value, budget)
        case Items() as members:
            for value in members:
                yield from texts(value, budget)
        case str() | Text():
            yield datum
        case _ if datum.text().holes():
            yield datum
