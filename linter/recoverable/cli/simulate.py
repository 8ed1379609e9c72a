"""`recoverable simulate`: requests decided by the policies that stand beside them, without an account."""

from __future__ import annotations

import json
import os
import sys

from recoverable.cli.options import UsageError
from recoverable.cli.terminal import publish, say
from recoverable.cli.verdict import CLEAN, INCOMPLETE, NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from recoverable.cli.options import Arguments
    from recoverable.policy.decision import Decision
    from recoverable.read.cases import Case

#: Bytes that a case may have: more than all policies of a principal at their largest quotas.
LONGEST = 4_000_000

#: Characters that are printed at once.
_BATCH = 100_000


def run(arguments: Arguments) -> int:
    answered = failed = length = 0
    printed: list[str] = []
    for path in arguments.positional:
        for number, line in _lines(path):
            written = _answer(line, _shown(path), number, explain=arguments.given("explain"))
            if written is None:
                failed += 1
                continue
            answered += 1
            printed.append(written)
            length += len(written)
            if length > _BATCH:
                publish("".join(printed), exact=True)
                printed.clear()
                length = 0
    if printed:
        publish("".join(printed), exact=True)
    if failed:
        say(f"recoverable: {failed} of {answered + failed} cases could not be read")
        return INCOMPLETE
    if not answered:
        say(f"recoverable: there are no cases in {', '.join(map(_shown, arguments.positional))}")
        return NOTHING
    return CLEAN


def _shown(path: str) -> str:
    return "standard input" if path == "-" else path


def _lines(path: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, each cut off where it is too long. Raises UsageError."""
    if path == "-":
        if sys.stdin is None:
            raise UsageError("there is no standard input to read cases from")
        yield from _numbered(sys.stdin.buffer)
        return
    if os.path.isdir(path):
        raise UsageError(f"{path} is a folder; name a file of cases")
    try:
        with open(path, "rb") as file:
            yield from _numbered(file)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error


def _numbered(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST + 1)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line


def _answer(line: bytes, path: str, number: int, *, explain: bool) -> str | None:
    """The answer to one case as a line of JSON; None where there is none, which is said on standard error."""
    from recoverable.policy.decision import decide
    from recoverable.read.cases import read_case
    from recoverable.read.nodes import MalformedError

    if len(line) > LONGEST:
        say(f"recoverable: {path}:{number}: the case has more than {LONGEST:,} bytes and is not read")
        return None
    try:
        case = read_case(line.decode("utf-8").rstrip("\r\n"), path, number)
        decision = decide(case.request, case.layers)
    except UnicodeDecodeError as error:
        say(f"recoverable: {path}:{number}: byte {error.start + 1} is not UTF-8; save the file as UTF-8")
        return None
    except MalformedError as error:
        say(f"recoverable: {error.span.start()}: {'; '.join(filter(None, (error.message, error.do)))}")
        return None
    except Exception as error:
        if os.environ.get("RECOVERABLE_DEBUG"):
            raise
        say(
            f"recoverable: {path}:{number}: internal error: {type(error).__name__}: {error}; "
            "this is a mistake in recoverable, please report it with this line"
        )
        return None
    return json.dumps(_spelt(case, decision, explain=explain), ensure_ascii=False) + "\n"


def _spelt(case: Case, decision: Decision, *, explain: bool) -> dict[str, object]:
    spelt: dict[str, object] = {
        "id": case.id,
        "result": decision.result.value,
        "statements": [
            {
                "policy": each.name,
                "statement": each.number,
                "sid": each.statement.sid or None,
                "effect": each.effect,
            }
            for each in decision.deciding
        ],
    }
    if explain:
        spelt["blockedBy"] = list(decision.blocked_by)
        spelt["dependsOn"] = [fact.text for fact in decision.depends_on]
    return spelt
