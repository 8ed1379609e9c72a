"""Any resource of a template, as it was written, for rules about single properties."""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.subject import Subject


class Resource(NamedTuple):
    """A resource of a `type` such as `AWS::DynamoDB::Table`. `properties` is the reader's tree, a `read.data.Datum`."""

    subject: Subject
    type: str
    properties: object
