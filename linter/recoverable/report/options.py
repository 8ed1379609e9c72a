"""What a report needs to know beside the findings: the looks, and what the rules' documents say."""

from __future__ import annotations

from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverable.rule import Rule


class RuleHelp(NamedTuple):
    """What a rule's document says, as Markdown.

    `headline` is one sentence without a full stop, `why` its reasons, `what_to_do` the prose of that section,
    `markdown` the whole document. `uri` is where to read on; without one the document's first reference is taken.
    """

    headline: str = ""
    why: str = ""
    markdown: str = ""
    what_to_do: str = ""
    uri: str = ""


def no_help(_: Rule) -> RuleHelp:
    """For rules without documents."""
    return RuleHelp()


class Options(NamedTuple):
    """How to write a report. Nothing here changes what was found.

    `width` is in columns of a terminal. `version` and `aws_data` are the program's own and the date of its AWS data.
    `sarif_category` keeps apart several uploads of one commit to GitHub code scanning; `sarif_include_accepted` adds
    accepted findings as suppressed results; `sarif_line_hash` adds GitHub's own fingerprint, which its upload action
    would otherwise add. `exit_code` is the one the program will end with, where that is decided already. `now` is the
    time of the run (ISO 8601, UTC), for the formats that must have one and reports on what was read from files.
    """

    help_of: Callable[[Rule], RuleHelp] = no_help
    version: str = ""
    aws_data: str = ""
    colour: bool = False
    width: int = 100
    quiet: bool = False
    sarif_category: str = ""
    sarif_include_accepted: bool = False
    sarif_line_hash: bool = False
    exit_code: int | None = None
    now: str = ""
