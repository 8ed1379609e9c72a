"""Standard output and standard error, as they really are: closed, piped, full, or in another encoding."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def say(message: str) -> None:
    """One line to standard error. Says nothing where there is none."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()
    except UnicodeEncodeError:
        sys.stderr.write(f"{message.encode('ascii', 'backslashreplace').decode('ascii')}\n")
    except (OSError, ValueError):
        return


def publish(document: str, *, exact: bool = False) -> None:
    """A document to standard output, byte for byte: no platform's line ends.

    `exact` documents (JSON, SARIF) are UTF-8 wherever they go; text for people is in the terminal's encoding. A reader
    that has gone away (`| head`) is no error; a full disk is, and raises OSError.
    """
    stream = sys.stdout
    if stream is None:
        return
    encoding = "utf-8" if exact else stream.encoding or "utf-8"
    data = document.encode(encoding, "backslashreplace")
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except BrokenPipeError:
        # Python flushes the stream again at exit and would complain there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def colours(when: str, stream: TextIO | None) -> bool:
    """Whether to colour: `auto` colours a terminal, unless NO_COLOR is set (https://no-color.org) or it is a dumb one."""
    if when != "auto":
        return when == "always"
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False
