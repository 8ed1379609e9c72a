"""The entry point: finds the command, runs it, and turns every ending into an exit code and a message."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

from recoverable.cli.options import UsageError, parse
from recoverable.cli.terminal import publish, say
from recoverable.spelling import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from recoverable.cli.options import Command

INCOMPLETE = 2
INTERRUPTED = 130


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. `argv` is without the program's name."""
    if argv is None:  # trees and findings hold no rings: looking for some after every 700 objects costs a start 4 ms
        gc.set_threshold(100_000, 20, 20)
    try:
        return _dispatch(tuple(sys.argv[1:] if argv is None else argv))
    except UsageError as error:
        say(f"recoverable: {error}")
        return INCOMPLETE
    except KeyboardInterrupt:
        say("recoverable: interrupted")
        return INTERRUPTED
    except Exception as error:
        from recoverable.config import ConfigError

        if isinstance(error, ConfigError):
            for fault in error.faults:
                say(f"recoverable: {fault.origin.start()}: {fault.message}; {fault.do}")
        elif os.environ.get("RECOVERABLE_DEBUG"):
            raise
        else:
            say(_apology(error))
        return INCOMPLETE
    finally:
        if argv is None:  # the process ends here: to look through everything once more for garbage would cost it 5 ms
            gc.freeze()


def _dispatch(words: tuple[str, ...]) -> int:
    match words:
        case ():
            from recoverable.cli import help

            say(f"{help.overview()}\nrecoverable: no command was given; to check this folder: recoverable check")
            return INCOMPLETE
        case ("-h" | "--help" | "help",):
            from recoverable.cli import help

            publish(help.overview())
            return 0
        case ("-V" | "--version",):
            from recoverable.version import line

            publish(f"{line()}\n")
            return 0
    command, rest = _command(words)
    before_dashes = rest[: rest.index("--")] if "--" in rest else rest
    if "-h" in before_dashes or "--help" in before_dashes:
        from recoverable.cli import help

        publish(help.of(command))
        return 0
    arguments = parse(command, rest)
    try:
        os.getcwd()
    except OSError:
        raise UsageError("the current folder is not there any more; change to one that is") from None
    code = import_module(command.module).run(arguments)
    assert isinstance(code, int)
    return code


def _command(words: tuple[str, ...]) -> tuple[Command, tuple[str, ...]]:
    from recoverable.cli.commands import COMMANDS

    for command in COMMANDS:
        name = tuple(command.name.split())
        if words[: len(name)] == name:
            return command, words[len(name) :]
    names = [command.name for command in COMMANDS]
    longer = [name for name in names if name.startswith(f"{words[0]} ")]
    if longer:
        raise UsageError(f"recoverable {words[0]} needs one more word: {' or '.join(longer)}")
    there = f"there are {', '.join(names)}"
    if words[0].startswith("-"):
        raise UsageError(f"{words[0]} stands before any command; options follow their command: {there}")
    near = nearest(words[0], names)
    if near:
        raise UsageError(f'unknown command "{words[0]}": did you mean {near}? {there}')
    if os.path.lexists(words[0]):
        raise UsageError(f'unknown command "{words[0]}": to check that path: recoverable check {words[0]}')
    raise UsageError(f'unknown command "{words[0]}": {there}')


def _apology(error: Exception) -> str:
    what = f"{type(error).__name__}: {error}".strip(": ")
    return (
        f"recoverable: internal error: {what}\n"
        "This is a mistake in recoverable, not in your files. Please report it: run the same command again with\n"
        "RECOVERABLE_DEBUG=1 in the environment, and send what it prints together with the file that it stumbled over."
    )
