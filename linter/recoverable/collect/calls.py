"""Every call that is made to AWS: what it is needed for, which permission it takes, how often it may be made.

The table is `data/calls.json`. Its numbers come from the API references of the services, and from
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-control-plane.html,
https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html; AWS Backup's
(https://docs.aws.amazon.com/general/latest/gr/bk.html) are not known to us, and those of others are not published.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

#: Where a call is asked: once for the account, once in a Region that has something for it, for each of its items,
#: or for the organization, which is with --org only. Records of AWS Config are asked for with --source only.
ACCOUNT, REGION, ITEM, ORGANIZATION = "account", "region", "item", "organization"
RECORD, AGGREGATE = "record", "aggregate"

#: Account-wide answers stand in `global.json`.
GLOBAL = "global"


class Pages(NamedTuple):
    """How the pages of a list are asked for: the token's name in and out, and the greatest size of a page."""

    lists: tuple[str, ...]
    token_in: str
    token_out: str
    size: str = ""
    most: int = 0


class Call(NamedTuple):
    """One operation of botocore's `service`.

    `rate` is how many requests a second we allow ourselves, for one account in one Region, and `limit` what AWS
    documents, None where it publishes no number. `permission` is the IAM action, empty where none is needed.
    `asked` says when it is asked, and `needed` what for: names of rules, or words of the posture. `kept` says which
    entries of a long list are kept, empty for all.
    """

    service: str
    operation: str
    scope: str
    asked: str
    needed: str
    rate: float
    limit: float | None = None
    permission: str = ""
    pages: Pages | None = None
    kept: str = ""

    def name(self) -> str:
        return f"{self.service}:{self.operation}"


@cache
def calls() -> Mapping[str, Call]:
    """The table, by `service:operation`."""
    path = Path(__file__).parents[1] / "data" / "calls.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    table: dict[str, Call] = {}
    for entry in entries:
        if "pages" in entry:
            entry["pages"] = Pages(**{**entry["pages"], "lists": tuple(entry["pages"]["lists"])})
        call = Call(**entry)
        table[call.name()] = call
    return table
