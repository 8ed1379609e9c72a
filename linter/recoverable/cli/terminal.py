"""Standard output and standard error, as they really are: closed, piped, full, or in another encoding."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self, TextIO


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
    """Whether to colour: `auto` colours a terminal that can, unless NO_COLOR is set (https://no-color.org)."""
    if when != "auto":
        return when == "always"
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def width() -> int:
    """Columns of the terminal that standard output is; 100 where it is none, so that files are the same everywhere."""
    if not is_terminal(sys.stdout):
        return 100
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 100
    except OSError:
        return 100


class Display:
    """Something on standard error for work that takes long; only on a terminal, and wiped in the end."""

    __slots__ = ("_done", "_stream", "_thread")

    #: Seconds before it shows: what takes less needs none.
    FIRST = 1.0

    def __init__(self) -> None:
        self._stream = sys.stderr if is_terminal(sys.stderr) else None

    def __enter__(self) -> Self:
        if self._stream is not None:
            from threading import Event, Thread

            self._done = Event()
            self._thread = Thread(target=self._show, args=(self._stream,), daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._done.set()
            self._thread.join()

    def _ticks(self) -> Iterator[None]:
        """From then on every fifth of a second, until the work is done."""
        wait = self.FIRST
        while not self._done.wait(wait):
            yield
            wait = 0.2

    def _show(self, stream: TextIO) -> None:
        """What a thread of its own does until the work is done."""
        raise NotImplementedError


class Bars(Display):
    """A bar for each thing that is worked on.

    `state` tells of each what it is called, how much is done, and how much is known to be there.
    """

    __slots__ = ("_lines", "_state")

    #: More at once would scroll away.
    MOST = 8
    LENGTH = 24

    def __init__(self, state: Callable[[], list[tuple[str, int, int]]]) -> None:
        super().__init__()
        self._state, self._lines = state, 0

    def _show(self, stream: TextIO) -> None:
        for _ in self._ticks():
            self._wipe(stream)
            state = self._state()
            lines = [self._bar(*each) for each in state[: self.MOST]]
            if len(state) > self.MOST:
                lines.append(f"and {len(state) - self.MOST} more")
            stream.write("".join(f"{line}\n" for line in lines))
            stream.flush()
            self._lines = len(lines)
        self._wipe(stream)
        stream.flush()

    def _wipe(self, stream: TextIO) -> None:
        stream.write("\x1b[1A\x1b[2K" * self._lines)
        self._lines = 0

    def _bar(self, name: str, done: int, known: int) -> str:
        full = self.LENGTH * done // known if known else 0
        name = "".join(each for each in name[:24] if each.isprintable())
        return f"{name:24} [{'#' * full}{'.' * (self.LENGTH - full)}] {done} of {known}"


class Progress(Display):
    """A line that says what is being done."""

    __slots__ = ("_what",)

    def __init__(self) -> None:
        super().__init__()
        self._what = ""

    def say(self, what: str) -> None:
        """What is being done from now on."""
        self._what = what

    def _show(self, stream: TextIO) -> None:
        written = False
        for _ in self._ticks():
            stream.write(f"\r\x1b[Krecoverable: {self._what}")
            stream.flush()
            written = True
        if written:
            stream.write("\r\x1b[K")
            stream.flush()
