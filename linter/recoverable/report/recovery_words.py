"""A recovery picture in few words: how often, how much is lost, how far back."""

from __future__ import annotations

from recoverable.truth import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.recovery.posture import Posture

SAID = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: "?"}


def backed_up(found: Posture) -> str:
    """How often, if a rule is sure to; else whether it is covered at all."""
    sure = [points for points in found.points if points.kind == "backup" and points.sure() and points.between]
    if sure:
        return every(min(points.between or 0 for points in sure))
    return SAID[found.coverage.truth.answer] if found.coverage.truth.answer is not Answer.YES else _partly(found)


def _partly(found: Posture) -> str:
    """It is covered, but by nothing that is sure to make a backup."""
    backups = [points for points in found.points if points.kind in ("backup", "declared")]
    if any(points.sure() for points in backups):
        return "yes"
    return "no" if backups and all(points.there.answer is Answer.NO for points in backups) else "?"


def at_most(seconds: int | None, found: Posture) -> str:
    """The most that is lost: `1d 7h`, or everything, or not known."""
    if seconds is not None:
        return short(seconds)
    return "all" if nothing(found) else "?"


def back(found: Posture) -> str:
    """How far back the oldest restore point lies that is sure: `30d`; a hyphen where there is none."""
    if found.for_ever:
        return "for ever"
    if found.back_days is not None:
        return f"{found.back_days}d"
    return "-" if nothing(found) else "?"


def nothing(found: Posture) -> bool:
    """Whether it is sure that there is no restore point at all."""
    open_ = found.coverage.truth.answer is Answer.UNKNOWN or any(
        points.there.answer is not Answer.NO for points in found.points
    )
    return not open_


def every(seconds: int) -> str:
    """`daily`, `every 12h`."""
    names = {3600: "hourly", 86_400: "daily", 7 * 86_400: "weekly", 31 * 86_400: "monthly"}
    return names.get(seconds) or f"every {short(seconds)}"


def spaced(seconds: int) -> str:
    """The same for those who do not read units by their letters: `1 d 7 h`, `5 min`."""
    return " ".join(f"{part[:-1]} {'min' if part[-1] == 'm' else part[-1]}" for part in short(seconds).split())


def short(seconds: int) -> str:
    """Seconds in their two largest units: `1d 7h`."""
    parts = []
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
