"""Who may act in an account, by what IAM answered.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

from recoverable.estate.documents import PolicyDocument
from recoverable.policy.document import Policy
from recoverable.read.account_details import LISTS, POLICIES, Details, read_details
from recoverable.read.data import Datum, Fields, Items
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import about, word
from recoverable.typed import cast
from recoverable.value import Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.subject import Subject
    from recoverable.read.snapshot.answers import Place
    from recoverable.source import Call

SERVICE, OPERATION = "iam", "GetAccountAuthorizationDetails"


def read_principals(place: Place) -> Details:
    """The principals of an account, and the policies that it has of its own."""
    found = place.one_of(SERVICE, OPERATION, place.account)

    def identified(kind: str, arn: str, name: str, entry: Datum) -> Subject:
        made = subject(place, kind, arn, name, cast("Call", entry.origin))
        return made._replace(region=Value("Region", Unknown("IAM is the same in all Regions", entry.origin)))

    return read_details((_placed(found.body),), identified, found.open)


def unseen_policy(place: Place, reason: str) -> PolicyDocument:
    """What stands for policies that could not be read: its statements may say anything, and hang on anybody."""
    arn = f"arn:{place.partition}:iam::{place.account}:policy/*"
    origin = place.call(OPERATION, arn)
    open_ = Unknown(reason, origin)
    who = subject(place, "policy", arn, "", origin)
    who = who._replace(name=Value("PolicyName", open_), region=Value("Region", open_))
    return PolicyDocument(arn, "identity", who, Policy((), origin, open=reason), holders_open=reason)


def _placed(body: Datum) -> Datum:
    """The answer with each entry standing where its own ARN says."""
    fields = body.content
    if not isinstance(fields, Fields):
        return body
    entries = dict(fields.items())
    for key in (*LISTS, POLICIES):
        listed = entries.get(key)
        if listed is not None and isinstance(listed.content, Items):
            items = tuple(about(item, word(item, "Arn") or OPERATION) for item in listed.list())
            entries[key] = Datum(Items(items, listed.content.open), listed.origin)
    return Datum(Fields({key: (value.origin, value) for key, value in entries.items()}, fields.open), body.origin)
