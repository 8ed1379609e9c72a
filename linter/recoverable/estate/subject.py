"""The identity of a thing in the estate."""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.source import Origin, Span
    from recoverable.value import Value


class Subject(NamedTuple):
    """What something is and where it is declared.

    `address` is the logical id (nested stacks joined by `/`), the Terraform address, or the ARN. `part` tells subjects
    with one address apart, such as the replicas of a table by Region. `construct` is the CDK construct path.
    `origin` is where it is named, `extent` all of its text, where it has one.
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

    def title(self) -> str:
        """What a report calls it."""
        return f"{self.address} in {self.part}" if self.part else self.address
