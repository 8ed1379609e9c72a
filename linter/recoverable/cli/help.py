"""The help texts, made from the same records that the parser reads."""

from __future__ import annotations

import textwrap

from recoverable.cli.commands import COMMANDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.cli.options import Command, Option

WIDTH = 100

EXIT_CODES = (
    ("0", "examined, and nothing at or above --fail-on"),
    ("1", "findings at or above --fail-on; with --strict also what could not be determined"),
    (
        "2",
        "the answer is not complete: bad arguments or configuration, unreadable input, a call to AWS that was denied, "
        "a rule that crashed",
    ),
    ("3", "nothing to examine where something was expected"),
)


def overview() -> str:
    """What `recoverable --help` prints."""
    return "\n".join(
        (
            "Could we get this DynamoDB table back? Checks templates, Terraform, policies and accounts.",
            "",
            "usage: recoverable COMMAND [OPTION...]",
            "",
            "commands:",
            *_columns([(command.name, command.summary) for command in COMMANDS]),
            "",
            "options:",
            *_columns([("-h, --help", "print this, or the help of a command"), ("-V, --version", "print the version")]),
            "",
            "exit codes:",
            *_columns(EXIT_CODES),
            "",
        )
    )


def of(command: Command) -> str:
    """What `recoverable COMMAND --help` prints."""
    usage = " ".join(filter(None, ("usage: recoverable", command.name, "[OPTION...]", command.arguments)))
    about = ["", *textwrap.wrap(command.about, WIDTH)] if command.about else []
    options = [(_shown(option), option.help) for option in command.options] + [("-h, --help", "print this")]
    return "\n".join((f"{_sentence(command.summary)}", "", usage, *about, "", "options:", *_columns(options), ""))


def _shown(option: Option) -> str:
    value = "|".join(option.choices) if option.choices else option.value
    name = f"-{option.short}, --{option.name}" if option.short else f"--{option.name}"
    return f"{name} {value}" if value else name


def _columns(rows: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> list[str]:
    """Rows of a name and what it means; a name too long for its column has a line of its own."""
    column = min(26, max(len(name) for name, _ in rows) + 2)
    lines = []
    for name, meaning in rows:
        first, *rest = textwrap.wrap(meaning, WIDTH - column - 2)
        if len(name) + 2 > column:
            lines.append(f"  {name}")
            rest = [first, *rest]
        else:
            lines.append(f"  {name:{column}}{first}")
        lines.extend(f"  {'':{column}}{line}" for line in rest)
    return lines


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
