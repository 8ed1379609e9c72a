"""`recoverable rules`: the rules there are, by group."""

from __future__ import annotations

from recoverable import document
from recoverable.cli.options import UsageError, no_such
from recoverable.cli.setting import set_up
from recoverable.cli.terminal import publish, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments
    from recoverable.config import Settings
    from recoverable.rule import Rule


def run(arguments: Arguments) -> int:
    setup = set_up(arguments)
    asked, groups = arguments.all("group"), {rule.group for rule in setup.pack.rules}
    for group in asked:
        if group.strip("/") not in groups:
            raise UsageError(no_such("group", group, sorted(groups)))
    wanted = {group.strip("/") for group in asked} or groups
    publish(listing(tuple(rule for rule in setup.pack.rules if rule.group in wanted), setup.settings))
    for fault in setup.pack.faults:
        say(f"recoverable: {fault.origin.start()}: {fault.message}; {fault.do}")
    return 2 if setup.pack.faults else 0


def listing(rules: tuple[Rule, ...], settings: Settings) -> str:
    """One line a rule: its name, the severity it has here, and what it finds."""
    rows = [
        (rule.group, rule.name, _level(rule, settings), document.read(str(rule.document)).headline)
        for rule in sorted(rules, key=lambda rule: (rule.group, rule.name))
    ]
    width = max((len(name) for _, name, _, _ in rows), default=0)
    lines: list[str] = []
    last = ""
    for group, name, level, headline in rows:
        if group != last:
            lines.extend(["", f"{group}/"] if last else [f"{group}/"])
            last = group
        lines.append(f"  {name:{width}}  {level:6}  {headline}")
    return "\n".join([*lines, "", f"{len(rows)} rules; recoverable explain RULE tells more", ""])


def _level(rule: Rule, settings: Settings) -> str:
    level = settings.level_of(rule)
    if level is None:
        return rule.severity.value if rule.on or settings.strict else "off"
    return (level.severity or rule.severity).value if level.on else "off"
