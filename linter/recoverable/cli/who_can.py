"""`recoverable who-can CAPABILITY TABLE`: everybody who can do something to a table."""

from __future__ import annotations

import sys

from recoverable.cli.asking import (
    DEPENDS,
    NO,
    YES,
    capability_of,
    check_table,
    in_scenarios,
    read,
    scene,
    table_in,
    unanswered,
)
from recoverable.cli.options import UsageError
from recoverable.cli.terminal import colours, publish, say, width
from recoverable.config import ConfigError
from recoverable.read.nodes import MalformedError
from recoverable.recovery.access.capabilities import who_can
from recoverable.recovery.access.lookup import NotFoundError
from recoverable.report.options import Options
from recoverable.report.permissions import render_everybody
from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments
    from recoverable.estate import Estate
    from recoverable.recovery.access.capabilities import Everybody


def run(arguments: Arguments) -> int:
    what, table, *paths = arguments.positional
    mode = arguments.one("mode")
    capability = capability_of(what, mode)

    def ask(estate: Estate) -> Everybody | None:
        target = table_in(table, estate, arguments, mode)
        return None if target is None else who_can(capability, target, scene(estate, arguments), mode)

    try:
        gathered = read(arguments, paths or ["."])
        check_table(table, gathered.estate, arguments)
        told, overflowed = in_scenarios(gathered.estate, ask, _look)
    except (ConfigError, MalformedError) as error:
        return unanswered(error)
    except NotFoundError as error:
        raise UsageError(str(error)) from None
    found = [(scenario, everybody) for scenario, everybody in told if everybody is not None]
    if not found:
        raise UsageError(f"{table} is in no scenario there")
    if overflowed:
        say("recoverable: there are more scenarios than are followed: fix parameters with --parameters")
    code = _code(found, incomplete=overflowed or bool(gathered.faults))
    if arguments.one("format") == "json":
        from recoverable.report.permissions_json import render_everybody_json

        publish(render_everybody_json(found, taken=code), exact=True)
    else:
        publish(render_everybody(found, Options(colour=colours(arguments.one("color"), sys.stdout), width=width())))
    return code


def _code(found: list[tuple[str, Everybody]], *, incomplete: bool) -> int:
    """0 if somebody can in every scenario, 1 if nobody can in any, else 2."""
    answers = {everybody.answer for _, everybody in found}
    if incomplete or len(answers) > 1 or Answer.UNKNOWN in answers:
        return DEPENDS
    return YES if Answer.YES in answers else NO


def _look(everybody: Everybody | None) -> object:
    if everybody is None:
        return None
    told = tuple((one.principal.title, one.answer, one.through, one.best.mode.name) for one in everybody.verdicts)
    return told, len(everybody.cannot)
