"""Acceptances as they are written: in comments, in `Metadata.recoverable`, in the configuration."""

from __future__ import annotations

from recoverable.estate.acceptances import Acceptance

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from recoverable.estate import Subject
    from recoverable.read.nodes import Comment, Mapping
    from recoverable.read.reading import Remark
    from recoverable.rule import Rule


def collect(
    entries: Iterable[Mapping],
    comments: Iterable[Comment],
    remarks: Iterable[Remark],
    *,
    today: date,
    rules: Iterable[Rule],
    subjects: Iterable[Subject],
) -> tuple[Acceptance, ...]:
    """All acceptances, well formed or not, in the order configuration, metadata, comments, each by place.

    `entries` are `settings.accept`. `rules` are all that were loaded, switched on or not: names of others are unknown.
    `subjects` are all of the estate's, in every variant; a comment speaks about the smallest that it stands in.
    """
    raise NotImplementedError


__all__ = ["Acceptance", "collect"]
