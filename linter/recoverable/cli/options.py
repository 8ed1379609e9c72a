"""Commands and options as records, and the parser that reads a command line by them.

Not argparse: importing it and building a parser costs as much as starting Python once more, on every run of a hook
(docs/decisions/command-line.md).
"""

from __future__ import annotations

from recoverable.spelling import nearest
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class UsageError(Exception):
    """A command line that cannot be followed; the message says what is wrong and what there is instead."""


class Option(NamedTuple):
    """One option. `value` names what it takes (`PATH`), empty for a switch; `choices` lists the only values it takes.

    `many` options may be given several times and keep every value; of the others the last one counts, so that a wrapper
    can set a default. `commas` options also split each value at commas.
    """

    name: str
    help: str
    value: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""
    short: str = ""
    many: bool = False
    commas: bool = False


class Command(NamedTuple):
    """One command. `module` holds its `run(arguments) -> int`; `fewest` and `most` bound its positional arguments."""

    name: str
    summary: str
    module: str
    arguments: str = ""
    about: str = ""
    fewest: int = 0
    most: int | None = 0
    options: tuple[Option, ...] = ()


class Arguments(NamedTuple):
    """A command line that was read: its positional arguments, and the values of the options that were given."""

    command: Command
    positional: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str:
        """The last value of an option, else its default."""
        given = self.values.get(name)
        return given[-1] if given else self._option(name).default

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of an option, in order."""
        self._option(name)
        return self.values.get(name, ())

    def given(self, name: str) -> bool:
        """Whether an option was given at all."""
        self._option(name)
        return name in self.values

    def takes(self, name: str) -> bool:
        """Whether the command has such an option at all: some share what they do, and not all options."""
        return any(option.name == name for option in self.command.options)

    def _option(self, name: str) -> Option:
        return next(option for option in self.command.options if option.name == name)


def parse(command: Command, words: Sequence[str]) -> Arguments:
    """Read the words after a command's name. Raises UsageError."""
    by_name = {option.name: option for option in command.options}
    by_short = {option.short: option for option in command.options if option.short}
    positional: list[str] = []
    values: dict[str, list[str]] = {}
    rest = list(reversed(words))
    while rest:
        word = rest.pop()
        if word == "--":
            positional.extend(reversed(rest))
            break
        if word.startswith("--"):
            name, equals, attached = word[2:].partition("=")
            option = by_name.get(name)
            if option is None:
                raise _unknown_option(command, word.partition("=")[0])
        elif word.startswith("-") and len(word) > 1:
            option, equals, attached = by_short.get(word[1]), word[2:], word[2:].removeprefix("=")
            if option is None:
                raise _unknown_option(command, word)
        else:
            positional.append(word)
            continue
        values.setdefault(option.name, []).extend(_values(option, equals, attached, rest))
    _count(command, positional)
    return Arguments(command, tuple(positional), {name: tuple(given) for name, given in values.items()})


def no_such(what: str, word: str, names: Sequence[str]) -> str:
    """`unknown rule "pitr-of": did you mean pitr-off? There are ...`."""
    near = nearest(word, names)
    meant = f"did you mean {near}? " if near else ""
    return f'unknown {what} "{word}": {meant}there are {", ".join(names)}'


def _values(option: Option, equals: str, attached: str, rest: list[str]) -> list[str]:
    if not option.value:
        if equals:
            raise UsageError(f"--{option.name} takes no value")
        return [""]
    if equals:
        value = attached
    elif rest and not (rest[-1].startswith("-") and len(rest[-1]) > 1):
        value = rest.pop()
    else:
        raise UsageError(f"--{option.name} needs a value: --{option.name}={'|'.join(option.choices) or option.value}")
    split = [part.strip() for part in value.split(",")] if option.commas else [value]
    if not all(split):
        raise UsageError(f"--{option.name} has an empty value: --{option.name}={option.value}")
    for part in split:
        if option.choices and part not in option.choices:
            raise UsageError(no_such(f"--{option.name}", part, option.choices))
    return split


def _unknown_option(command: Command, word: str) -> UsageError:
    names = [f"--{option.name}" for option in command.options]
    near = nearest(word, names) if word.startswith("--") else ""
    meant = f"did you mean {near}? " if near else ""
    there = f"there are {', '.join([*names, '--help'])}" if names else "it has none but --help"
    return UsageError(f"recoverable {command.name} has no option {word}: {meant}{there}")


def _count(command: Command, positional: list[str]) -> None:
    if len(positional) < command.fewest:
        raise UsageError(f"recoverable {command.name} needs {command.arguments}")
    if command.most is not None and len(positional) > command.most:
        takes = f"takes {command.arguments}" if command.arguments else "takes no arguments"
        raise UsageError(f'recoverable {command.name} {takes}; "{positional[command.most]}" is one too many')
