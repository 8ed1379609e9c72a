"""The identity of a thing in the estate."""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.source import Origin, Span
    from recoverable.value import Value

#: Between the address and the part; a replica is a table *in* a Region.
_JOINT = {
    "copy-action": "rule",
    "plan": "plan",
    "plan-rule": "rule",
    "policy": "policy",
    "selection": "selection",
    "statement": "statement",
}


class Subject(NamedTuple):
    """What something is and where it is declared.

    `address` is the logical id (nested stacks joined by `/`), the Terraform address, or the ARN. `part` tells subjects
    with one address apart, such as the replicas of a table by Region. `construct` is the CDK construct path.
    `origin` is where it is named, `extent` all of its text, where it has one. `seen` is where a plan or state has it,
    if `origin` lies in the sources that it was made from. `called` is the call in the root module through which a
    module of the repository makes it.
    """

    kind: str
    address: str
    name: Value[str]
    path: str
    origin: Origin
    region: Value[str]
    account: Value[str]
    part: str = ""
    construct: str = ""
    extent: Span | None = None
    seen: Span | None = None
    called: Span | None = None

    def title(self) -> str:
        """What a report calls it."""
        if not self.part:
            return self.address
        return f"{self.address} {_JOINT.get(self.kind, 'in')} {self.part}"
