"""Event rules and alarms that wait for failed backup jobs.

https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html
https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
"""

from __future__ import annotations

from recoverable.read.data import Datum, find
from recoverable.read.policies import parsed
from recoverable.truth import Answer, Truth, every, some, unknown, yes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.resources import Resource

_SOURCE, _JOBS = "aws.backup", "Backup Job State Change"

#: Metrics of AWS Backup that count backups which came to nothing.
_METRICS = {"NumberOfBackupJobsFailed", "NumberOfBackupJobsAborted", "NumberOfBackupJobsExpired"}


def tells_of_failed_backups(resource: Resource) -> Truth:
    """Whether a resource waits for backup jobs that fail. Whom it tells is not looked at."""
    settings = resource.properties
    assert isinstance(settings, Datum)
    match resource.type:
        case "AWS::Events::Rule" | "aws_cloudwatch_event_rule" | "awscc_events_rule":
            of_stack = resource.type == "AWS::Events::Rule"
            found = find(settings, settings.origin, "EventPattern" if of_stack else "event_pattern")
            pattern = parsed(found.datum) if found.datum is not None else None
            state = find(settings, settings.origin, "State" if of_stack else "state")
            disabled = state.string("ENABLED").equals("DISABLED")
            if not of_stack:
                disabled = some(
                    (disabled, find(settings, settings.origin, "is_enabled").boolean(default=True).equals(False))
                )
            fits = Truth(Answer.NO) if pattern is None else _fits(pattern)
            if pattern is None and found.open:
                fits = unknown(found.open, found.near)
            answer = every((fits, ~disabled))
        case "AWS::CloudWatch::Alarm":
            metric = find(settings, settings.origin, "MetricName").string("").holds(lambda name: name in _METRICS)
            answer = every((find(settings, settings.origin, "Namespace").string("").equals("AWS/Backup"), metric))
        case "aws_cloudwatch_metric_alarm" | "awscc_cloudwatch_alarm":
            metric = find(settings, settings.origin, "metric_name").string("").holds(lambda name: name in _METRICS)
            answer = every((find(settings, settings.origin, "namespace").string("").equals("AWS/Backup"), metric))
        case "AWS::Notifications::EventRule":
            source = find(settings, settings.origin, "Source").string("").equals(_SOURCE)
            answer = every((source, find(settings, settings.origin, "EventType").string("").equals(_JOBS)))
        case _:
            return Truth(Answer.NO)
    name = resource.subject.title()
    match answer.answer:
        case Answer.YES:
            return yes(f"{name} waits for failed backups", resource.subject.origin)
        case Answer.NO:
            # Most alarms are about something else, and none of them is worth a word.
            return Truth(Answer.NO)
        case Answer.UNKNOWN:
            return unknown(f"whether {name} waits for failed backups is not known", resource.subject.origin)


def _fits(pattern: Datum) -> Truth:
    """Whether an event pattern lets through the failure of a backup job.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
    """
    return every((
        _among(pattern, _SOURCE, "source"),
        _among(pattern, _JOBS, "detail-type"),
        _among(pattern, "FAILED", "detail", "state"),
    ))  # fmt: skip


def _among(pattern: Datum, wanted: str, *path: str) -> Truth:
    """Whether a list of the pattern has `wanted`. What is not asked for lets everything through."""
    found = find(pattern, pattern.origin, *path)
    if found.datum is None:
        if found.open:
            return unknown(found.open, found.near)
        return Truth(Answer.YES)
    items = found.datum.list()
    answers = [_is(item, wanted) for item in items]
    if items.open:
        answers.append(unknown(items.open, found.datum.origin))
    return some(answers)


def _is(item: Datum, wanted: str) -> Truth:
    if not isinstance(item.content, str):
        # A filter such as {"prefix": "aws."}, or what nobody knows.
        return unknown("what the filter lets through is not worked out", item.origin)
    return Truth(Answer.YES if item.content == wanted else Answer.NO)
