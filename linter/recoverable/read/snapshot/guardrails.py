"""Service and resource control policies that the organization's own account can see.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribePolicy.html
"""

from __future__ import annotations

from recoverable.estate.backup import Written
from recoverable.estate.guardrails import Guardrail
from recoverable.read.policies import read_policy
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import at, datum, listed, told, word
from recoverable.read.snapshot.policies import parsed
from recoverable.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.read.snapshot.answers import Place

_KINDS = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}


def read_guardrails(place: Place) -> Iterator[Guardrail]:
    """Every such policy with what it is attached to. Where nobody may see them nothing is known of any."""
    for parameters, found in place.every("organizations", "DescribePolicy"):
        summary = told(found.body, "Policy", "PolicySummary")
        if summary.datum is None:
            continue
        kind = _KINDS.get(word(summary.datum, "Type"))
        if kind is None:
            continue
        identity = word(summary.datum, "Id") or str(parameters.get("PolicyId", ""))
        arn = word(summary.datum, "Arn") or identity
        written = told(found.body, "Policy", "Content")
        document = written.datum or datum(None, found.origin)
        if isinstance(document.content, str):
            document = parsed(document.content, found)
        attached = place.one("organizations", "ListTargetsForPolicy", arn, PolicyId=identity)
        items, opened = listed(attached.body, "Targets")
        origin = found.origin._replace(resource=arn)
        name = at(summary.datum, "Name").string("").known() or identity
        yield Guardrail(
            subject=subject(place, kind, arn, name, origin),
            kind=kind,
            policy=read_policy(document),
            targets=tuple(Written(Text((word(item, "TargetId"),)), attached.origin) for item in items),
            targets_open=attached.open or opened,
        )
