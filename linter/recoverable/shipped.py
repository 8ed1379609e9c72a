"""Facts that come with the package, as JSON: prices, actions, permissions."""

from __future__ import annotations

from recoverable.typed import Any


def facts(name: str) -> Any:  # noqa: ANN401 (whatever the file holds)
    """What `data/NAME` holds. Read anew each time: whoever asks often keeps it."""
    import json  # noqa: PLC0415 (most runs need no facts)
    import os  # noqa: PLC0415

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", name)  # noqa: PTH100, PTH118, PTH120
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return json.load(file)
