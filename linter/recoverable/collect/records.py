"""Tables as AWS Config keeps them: what a record says, in the words that DynamoDB itself would have used.

Config keeps neither deletion protection nor the window of point-in-time recovery, resource policies or time to live:
what a record does not say is not known.
https://github.com/awslabs/aws-config-resource-schema (AWS::DynamoDB::Table.properties.json)
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from recoverable.collect.times import stamp
from recoverable.typed import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Where tables are read from: the services, records of Config alone, or records and the services for what has none.
DIRECT, CONFIG, AUTO = "direct", "config", "auto"
SOURCES = (DIRECT, CONFIG, AUTO)

_WHAT = "configuration, supplementaryConfiguration, configurationItemCaptureTime"
_WHICH = "WHERE resourceType = 'AWS::DynamoDB::Table'"

#: https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html
TABLES = f"SELECT {_WHAT} {_WHICH}"
TABLES_OF_ALL = f"SELECT accountId, awsRegion, {_WHAT} {_WHICH}"

#: Names that Config spells in its own way.
_NAMES = {
    "ssedescription": "SSEDescription",
    "ssetype": "SSEType",
    "kmsmasterKeyArn": "KMSMasterKeyArn",
    "kmsmasterKeyId": "KMSMasterKeyId",
}


class Record(NamedTuple):
    """One table as Config captured it, as the results of DescribeTable and DescribeContinuousBackups."""

    captured: str
    table: dict[str, Any]
    backups: dict[str, Any]


def records(results: Iterable[str]) -> Iterator[tuple[str, Record]]:
    """The tables of a query's results, by name. What cannot be read as one is left to be asked for."""
    for text in results:
        try:
            said = json.loads(text)
            captured = stamp(datetime.fromisoformat(said["configurationItemCaptureTime"]))
            table = _spelled(_whole(said["configuration"]))
            backups = _spelled(_whole(_whole(said["supplementaryConfiguration"])["ContinuousBackupsDescription"]))
            if isinstance(table["TableName"], str) and table["TableArn"] and backups["PointInTimeRecoveryDescription"]:
                yield table["TableName"], Record(captured, {"Table": table}, {"ContinuousBackupsDescription": backups})
        except (KeyError, OverflowError, TypeError, ValueError):
            continue


def by_place(results: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """The results of a query over an aggregator, by account and Region."""
    found: dict[tuple[str, str], list[str]] = {}
    for text in results:
        try:
            said = json.loads(text)
            found.setdefault((str(said["accountId"]), str(said["awsRegion"])), []).append(text)
        except (KeyError, TypeError, ValueError):
            continue
    return found


def _whole(value: Any) -> Any:  # noqa: ANN401
    """An object, which Config sometimes hands out as its text."""
    return json.loads(value) if isinstance(value, str) else value


def _spelled(value: Any, name: str = "") -> Any:  # noqa: ANN401
    match value:
        case dict():
            spelled = {key: _NAMES.get(key, key[:1].upper() + key[1:]) for key in value}
            return {spelled[key]: _spelled(inner, spelled[key]) for key, inner in value.items()}
        case list():
            return [_spelled(inner) for inner in value]
        case int() | float() if name.endswith("DateTime") and not isinstance(value, bool):
            return stamp(datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC))
        case str() if name.endswith("DateTime"):
            return stamp(datetime.fromisoformat(value))
    return value
