"""The estates in `fixtures/estates`, each a small repository with what is expected of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from recoverable import config
from recoverable.pack import builtin, load
from recoverable.report.options import Options, RuleHelp
from recoverable.scan import Documents, Request, Setup, scan
from snapshots import FIXTURES

if TYPE_CHECKING:
    from pathlib import Path

    from recoverable.check import Report
    from recoverable.rule import Rule

STORIES = FIXTURES / "estates"
NAMES = sorted(folder.name for folder in STORIES.iterdir() if folder.is_dir())

#: The day of every story.
TODAY = date(2026, 11, 22)


def told(folder: Path) -> tuple[Report, Options]:
    """The report on a story, as `check` makes it at the root of its repository."""
    setup = Setup(str(folder), config.load(str(folder)), load(builtin()))
    documents = Documents()
    # What is expected lies beside the folders of the story, and is no part of it.
    parts = sorted(str(part) for part in folder.iterdir() if part.is_dir()) or [str(folder)]
    report = scan(setup, parts, Request(today=TODAY), documents).report

    def help_of(rule: Rule) -> RuleHelp:
        document = documents.of(rule)
        return RuleHelp(document.headline, document.why, document.markdown, document.what_to_do)

    return report, Options(help_of=help_of, version="1.2.3", aws_data="2026-11-01")
