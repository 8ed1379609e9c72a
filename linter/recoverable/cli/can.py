"""`recoverable can PRINCIPAL CAPABILITY TABLE`: whether somebody can do something to a table, and why."""

from __future__ import annotations

import sys

from recoverable.cli.asking import (
    DEPENDS,
    NO,
    YES,
    capability_of,
    check_table,
    in_scenarios,
    policy_in,
    principal_in,
    read,
    scene,
    table_in,
    unanswered,
)
from recoverable.cli.options import UsageError
from recoverable.cli.terminal import colours, publish, say, width
from recoverable.config import ConfigError
from recoverable.estate import Estate
from recoverable.read.nodes import MalformedError
from recoverable.recovery.access.capabilities import can
from recoverable.recovery.access.lookup import NotFoundError, read_arn
from recoverable.recovery.access.standing import standing_with
from recoverable.recovery.access.symbols import account_text
from recoverable.report.options import Options
from recoverable.report.permissions import render
from recoverable.scan import Gathered
from recoverable.truth import Answer
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments
    from recoverable.policy.document import Policy
    from recoverable.recovery.access.capabilities import Verdict
    from recoverable.recovery.access.requirements import Capability

_CODES = {Answer.YES: YES, Answer.NO: NO, Answer.UNKNOWN: DEPENDS}


def run(arguments: Arguments) -> int:
    who, what, table, *paths = arguments.positional
    mode = arguments.one("mode")
    capability = capability_of(what, mode)
    try:
        bare = policy_in(who)
        gathered = _gathered(arguments, paths, bare is not None and read_arn(table) is not None)
        check_table(table, gathered.estate, arguments)
        asked = _Question(who, bare, capability, mode, table, arguments)
        told, overflowed = in_scenarios(gathered.estate, asked.verdict, _look)
    except (ConfigError, MalformedError) as error:
        return unanswered(error)
    except NotFoundError as error:
        raise UsageError(str(error)) from None
    verdicts = [(scenario, verdict) for scenario, verdict in told if verdict is not None]
    if not verdicts:
        raise UsageError(f"{who} and {table} are in no scenario there together")
    if overflowed:
        say("recoverable: there are more scenarios than are followed: fix parameters with --parameters")
    answers = {verdict.answer for _, verdict in verdicts}
    code = DEPENDS if overflowed or gathered.faults or len(answers) > 1 else _CODES[answers.pop()]
    if arguments.one("format") == "json":
        from recoverable.report.permissions_json import render_json

        publish(render_json(verdicts, taken=code), exact=True)
    else:
        publish(render(verdicts, Options(colour=colours(arguments.one("color"), sys.stdout), width=width())))
    return code


class _Question(NamedTuple):
    """One question, to be asked in each scenario. `bare` is the policy in a file, if that is who is asked about."""

    who: str
    bare: tuple[Policy, str] | None
    capability: Capability
    mode: str
    table: str
    arguments: Arguments

    def verdict(self, estate: Estate) -> Verdict | None:
        """The answer in the estate's run, None where principal or table is not there."""
        place = scene(estate, self.arguments)
        target = table_in(self.table, estate, self.arguments, self.mode)
        if target is None:
            return None
        if self.bare is not None:
            standing = standing_with(self.bare[0], self.bare[1], account_text(target.subject))
        else:
            principal = principal_in(self.who, estate)
            if principal is None:
                return None
            standing = place.standing(principal)
        return can(standing, self.capability, target, place, self.mode)


def _gathered(arguments: Arguments, paths: list[str], alone: bool) -> Gathered:
    """What was read; nothing where a policy file is asked about a table elsewhere and no files are named."""
    if alone and not paths:
        return Gathered(Estate(), (), empty=True, unused=())
    return read(arguments, paths or ["."])


def _look(verdict: Verdict | None) -> object:
    if verdict is None:
        return None
    steps = [(step.action, step.resource, step.truth.answer) for way in verdict.ways for step in way.steps]
    return (verdict.answer, verdict.through, verdict.best.mode.name, tuple(steps))
