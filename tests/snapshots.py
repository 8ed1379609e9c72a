"""Expected texts in files: compared in tests, and written anew by `RECOVERABLE_BLESS=1 pytest ...`."""

from __future__ import annotations

import os
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"


def blessed(name: str, actual: str) -> str:
    """What `fixtures/<name>` says `actual` should be. With RECOVERABLE_BLESS set, that is `actual` from now on.

    Read what changed before you commit it: `git diff fixtures`.
    """
    path = FIXTURES / name
    if os.environ.get("RECOVERABLE_BLESS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(actual.encode("utf-8"))
    if not path.exists():
        raise AssertionError(f"fixtures/{name} is missing: run RECOVERABLE_BLESS=1 pytest, and read what it wrote")
    return path.read_bytes().decode("utf-8")
