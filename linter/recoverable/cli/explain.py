"""`recoverable explain RULE`: the rule's document, as it stands."""

from __future__ import annotations

from recoverable import document
from recoverable.cli.setting import named, set_up
from recoverable.cli.terminal import publish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Arguments


def run(arguments: Arguments) -> int:
    rules = set_up(arguments).pack.rules
    rule = named(arguments.positional[0], rules)
    state = "on" if rule.on else "off unless the configuration switches it on"
    publish(f"{rule.name} ({rule.group}, {rule.severity.value}, {state})\n\n")
    publish(document.read(str(rule.document)).markdown)
    return 0
