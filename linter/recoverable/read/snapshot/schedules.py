"""What an account runs on a schedule, and what waits there for failed backups.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html
"""

from __future__ import annotations

import re

from recoverable.estate.principals import Called, ScheduledCode
from recoverable.estate.resources import Resource
from recoverable.read.snapshot.answers import subject
from recoverable.read.snapshot.data import about, at, chosen, datum, listed, told, word
from recoverable.read.snapshot.policies import parsed
from recoverable.typed import cast
from recoverable.value import Unknown, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from recoverable.estate import Subject
    from recoverable.read.data import Datum
    from recoverable.read.snapshot.answers import Found, Place
    from recoverable.source import Call
    from recoverable.text import Text

RULE, ALARM = "AWS::Events::Rule", "AWS::CloudWatch::Alarm"

_STATES = {"ENABLED": True, "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS": True, "DISABLED": False}
_SDK_CALL = re.compile(r"arn:[^:]*:scheduler:::aws-sdk:(?P<service>[A-Za-z0-9-]+):(?P<action>[A-Za-z0-9]+)")
_CODE = re.compile(
    r"arn:[^:]*:(?:lambda:[^:]*:[^:]*:function|states:[^:]*:[^:]*:stateMachine):(?P<name>[A-Za-z0-9_-]+)"
)


def read_scheduled(place: Place) -> Iterator[ScheduledCode]:
    """Every function and state machine that a schedule starts, and every schedule that calls AWS itself."""
    for rule, name, arn in _rules(place):
        written = at(rule, "ScheduleExpression")
        if written.datum is None:
            continue
        found = place.one("events", "ListTargetsByRule", arn, Rule=name)
        items, opened = listed(found.body, "Targets")
        schedule = told(rule, "ScheduleExpression").string("")
        enabled = chosen(told(rule, "State"), "State", _STATES)
        owner = subject(place, "schedule", arn, name, found.origin)
        for item in items:
            yield from _started(place, owner, item, schedule, enabled)
        if opened or found.open:
            yield _open(owner, schedule, enabled, opened or found.open)
    yield from _unseen(place)
    for parameters, found in place.every("scheduler", "GetSchedule"):
        if found.absent:
            continue
        name = str(parameters.get("Name", "")) or word(found.body, "Name")
        group = parameters.get("GroupName", "default")
        arn = place.arn("scheduler", f"schedule/{group}/{name}")
        owner = subject(place, "schedule", arn, name, found.origin._replace(resource=arn))
        schedule = told(found.body, "ScheduleExpression").string("")
        enabled = chosen(told(found.body, "State"), "State", _STATES)
        target = told(found.body, "Target")
        if target.datum is None:
            yield _open(owner, schedule, enabled, target.open)
        else:
            yield from _started(place, owner, target.datum, schedule, enabled)


def _unseen(place: Place) -> Iterator[ScheduledCode]:
    """What stands for schedules that could not be listed. What was not asked was not needed."""
    for service, call, pattern in (("events", "ListRules", "rule/*"), ("scheduler", "ListSchedules", "schedule/*")):
        for _, found in place.every(service, call):
            if found.open:
                origin = place.call(call)
                open_ = Unknown(found.open, origin)
                owner = subject(place, "schedule", place.arn(service, pattern), "", origin)
                yield _open(
                    owner._replace(name=Value("Name", open_)),
                    Value("ScheduleExpression", open_),
                    Value("State", open_),
                    found.open,
                )


def _started(
    place: Place, owner: Subject, target: Datum, schedule: Value[str], enabled: Value[bool]
) -> Iterator[ScheduledCode]:
    named = told(target, "Arn").string("")
    arn = named.known()
    if arn is None:
        yield _open(owner, schedule, enabled, named.fact().text)
        return
    role = told(target, "RoleArn").optional_text()
    call = _SDK_CALL.match(arn)
    if call:
        called = Called(f"{call['service'].lower()}:{call['action'][0].upper()}{call['action'][1:]}", owner.origin)
        runs_as = cast("Value[Text]", role) if role.known() is not None else _unknown_role(owner, "it names no role")
        yield ScheduledCode(owner, schedule, owner.origin, enabled, runs_as, (called,))
        return
    code = _CODE.match(arn)
    if code:
        kind = "function" if ":lambda:" in arn else "state-machine"
        whole = arn if not arn.endswith(":$LATEST") else arn.removesuffix(":$LATEST")
        who = subject(place, kind, whole, code["name"], cast("Call", owner.origin), part=owner.name.known() or "")
        reason = "which role it runs as is not asked for in an account"
        yield ScheduledCode(who, schedule, owner.origin, enabled, _unknown_role(owner, reason))


def _open(owner: Subject, schedule: Value[str], enabled: Value[bool], reason: str) -> ScheduledCode:
    return ScheduledCode(owner, schedule, owner.origin, enabled, _unknown_role(owner, reason), open=reason)


def _unknown_role(owner: Subject, reason: str) -> Value[Text]:
    return Value("Role", Unknown(reason, owner.origin))


def _rules(place: Place) -> Iterator[tuple[Datum, str, str]]:
    for _, found in place.every("events", "ListRules"):
        for rule in listed(found.body, "Rules")[0]:
            name = word(rule, "Name")
            arn = at(rule, "Arn").string("").known() or place.arn("events", f"rule/{name}")
            yield about(rule, arn), name, arn


def read_alerts(place: Place, types: Collection[str]) -> Iterator[Resource]:
    """Event rules and alarms, as a template would write them; where they could not be listed, one of which nothing is
    known."""
    if RULE in types:
        for rule, name, arn in _rules(place):
            yield _resource(place, RULE, arn, name, _rule_properties(place, rule, arn))
        yield from _unlisted(place, "events", "ListRules", RULE)
    if ALARM in types:
        for _, found in place.every("cloudwatch", "DescribeAlarms"):
            for alarm in listed(found.body, "MetricAlarms")[0]:
                name = word(alarm, "AlarmName")
                arn = at(alarm, "AlarmArn").string("").known() or place.arn("cloudwatch", f"alarm:{name}")
                yield _resource(place, ALARM, arn, name, alarm)
        yield from _unlisted(place, "cloudwatch", "DescribeAlarms", ALARM)


def _rule_properties(place: Place, rule: Datum, arn: str) -> Datum:
    """The rule with its pattern worked out: AWS answers with JSON in a text."""
    pattern = at(rule, "EventPattern").datum
    if pattern is None or not isinstance(pattern.content, str):
        return rule
    from recoverable.read.data import Fields  # noqa: PLC0415
    from recoverable.read.snapshot.answers import Found  # noqa: PLC0415

    found = Found(rule, place.call("ListRules", arn))
    entries = {key: (rule.origin, value) for key, value in rule.fields().items()}
    entries["EventPattern"] = (rule.origin, parsed(pattern.content, found))
    return rule._replace(content=Fields({**entries}, rule.fields().open))


def _resource(place: Place, kind: str, arn: str, name: str, properties: Datum) -> Resource:
    origin = place.call("ListRules" if kind == RULE else "DescribeAlarms", arn)
    return Resource(subject(place, "resource", arn, name, origin), kind, properties)


def _unlisted(place: Place, service: str, call: str, kind: str) -> Iterator[Resource]:
    """One that stands for those that could not be listed. What was not asked was not needed."""
    found: Found
    for _, found in place.every(service, call):
        if found.open:
            arn = place.arn(service, "rule/*" if kind == RULE else "alarm:*")
            yield _resource(place, kind, arn, "", datum(None, found.origin))
