"""Answers about permissions as JSON: all that the text says, and every step by itself."""

from __future__ import annotations

import json

from recoverable.recovery.access.grants import document
from recoverable.report.characters import json_escaped
from recoverable.report.permissions import additions, conditions
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.policy.decision import Deciding
    from recoverable.recovery.access.capabilities import Everybody, Verdict
    from recoverable.recovery.access.targets import Target
    from recoverable.recovery.access.ways import Step, Way


def render_json(told: Sequence[tuple[str, Verdict]], *, taken: int) -> str:
    """Answers as JSON; `taken` is the exit code."""
    entries = [_object(scenario, verdict) for scenario, verdict in told]
    together = {verdict.answer for _, verdict in told}
    answer = next(iter(together)).value if len(together) == 1 else Answer.UNKNOWN.value
    found = {"answer": answer, "exit_code": taken, "verdicts": entries}
    return json_escaped(json.dumps(found, ensure_ascii=False, indent=2)) + "\n"


def render_everybody_json(told: Sequence[tuple[str, Everybody]], *, taken: int) -> str:
    """Everybody who can as JSON; `taken` is the exit code."""
    entries = [
        {
            "scenario": scenario or None,
            "answer": everybody.answer.value,
            "capability": everybody.capability.name,
            "table": _table_object(everybody.target),
            "may_be_more": everybody.open or None,
            "principals": [
                {
                    "title": verdict.principal.title,
                    "arn": verdict.principal.caller.arn.shown(),
                    "answer": verdict.answer.value,
                    "through": list(verdict.through),
                    "modes": [way.mode.name for way in verdict.ways if way.truth.answer is verdict.answer],
                }
                for verdict in everybody.verdicts
            ],
            "cannot": [standing.title for standing in everybody.cannot],
        }
        for scenario, everybody in told
    ]
    return json_escaped(json.dumps({"exit_code": taken, "found": entries}, ensure_ascii=False, indent=2)) + "\n"


def _object(scenario: str, verdict: Verdict) -> dict[str, object]:
    target = verdict.target
    return {
        "answer": verdict.answer.value,
        "scenario": scenario or None,
        "principal": {"title": verdict.principal.title, "arn": verdict.principal.caller.arn.shown()},
        "capability": verdict.capability.name,
        "table": _table_object(target),
        "through": list(verdict.through),
        "mode": verdict.best.mode.name,
        "ways": [_way_object(way) for way in verdict.ways],
        "only_its_own_name": verdict.own_name,
        "add": [{"to": actor, "policy": document(grants)} for actor, grants in additions(verdict).items()],
    }


def _table_object(target: Target) -> dict[str, object]:
    return {"title": target.subject.title(), "arn": target.arn.shown(), "read": target.item is not None}


def _way_object(way: Way) -> dict[str, object]:
    return {
        "mode": way.mode.name,
        "says": way.mode.says,
        "answer": way.truth.answer.value,
        "possible": way.possible(),
        "why": list(
            dict.fromkeys(fact.text for truth in way.given if truth.answer is not Answer.YES for fact in truth.facts)
        ),
        "role": way.role,
        "vault": way.vault,
        "new_table": None if way.new_name is None else way.new_name.shown(),
        "certainty": way.mode.certainty,
        "references": list(way.mode.references),
        "steps": [_step_object(step) for step in way.steps],
    }


def _step_object(step: Step) -> dict[str, object]:
    return {
        "actor": step.actor,
        "action": step.action,
        "resource": step.resource.shown(),
        "answer": step.truth.answer.value,
        "result": step.decision.result.value,
        "blocked_by": list(step.decision.blocked_by),
        "statements": [_statement_object(one) for one in step.decision.deciding],
        "depends_on": list(conditions(step)) if step.truth.answer is Answer.UNKNOWN else [],
    }


def _statement_object(one: Deciding) -> dict[str, object]:
    origin = one.statement.origin
    return {
        "effect": one.effect,
        "sid": one.statement.sid or None,
        "number": one.number + 1,
        "policy": one.name or None,
        "layer": one.layer,
        "location": None if origin is None else origin.start(),
    }
