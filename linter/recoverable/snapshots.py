"""Snapshots of accounts in folders: their files as parsed JSON, and nothing that lies outside of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from recoverable.read.snapshot.envelope import Envelope
from recoverable.rule import Fault
from recoverable.source import Address
from recoverable.typed import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: A Region of ten thousand tables takes a tenth of this.
SIZE_LIMIT = 1024 * 1024 * 1024

_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"(?P<region>[a-z0-9-]+)\.json")

_DO = "take the snapshot again, or mend the file"


def load(root: str, path: str, shown: str) -> tuple[Envelope | None, tuple[Fault, ...]]:
    """The snapshot in the folder `path` of `root`, called `shown`; None with a fault where it cannot be read."""
    folder = Path(root, path).resolve()
    summary, problem = _json(folder, folder / "snapshot.json")
    if problem or not isinstance(summary, dict):
        name = "/".join(filter(None, (shown, "snapshot.json")))
        reason = problem or "it holds no mapping"
        return None, (Fault("snapshot-malformed", f"the snapshot cannot be read: {reason}", Address(name, ""), _DO),)
    files: dict[tuple[str, str], Any] = {}
    unread: dict[tuple[str, str], str] = {}
    for account, region, file in _places(folder):
        content, problem = _json(folder, file)
        if problem:
            unread[account, region] = f"accounts/{account}/{region}.json cannot be read: {problem}"
        else:
            files[account, region] = content
    return Envelope(shown, summary, files, unread), ()


def _places(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """The accounts and Regions of which there are files."""
    for account in _inside(folder / "accounts"):
        if _ACCOUNT.fullmatch(account.name):
            for file in _inside(account):
                match = _REGION.fullmatch(file.name)
                if match:
                    yield account.name, match["region"], file


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _json(folder: Path, file: Path) -> tuple[Any, str]:
    """What a file of a snapshot holds, or what is wrong with it."""
    try:
        target = file.resolve()
        if not target.is_relative_to(folder) or not target.is_file():
            return None, "it is no file of the snapshot"
        if target.stat().st_size > SIZE_LIMIT:
            return None, f"it is larger than {SIZE_LIMIT:,} bytes"
        return json.loads(target.read_text(encoding="utf-8")), ""
    except OSError as error:
        return None, error.strerror or str(error)
    except UnicodeDecodeError:
        return None, "it is not UTF-8"
    except RecursionError:
        return None, "it is nested too deep"
    except ValueError as error:
        return None, f"it is not JSON: {error}"


__all__ = ["Envelope", "load"]
