"""What every command on rules starts from: the repository, its configuration, and the rules it names."""

from __future__ import annotations

import os

from recoverable import parameters
from recoverable.cli.options import UsageError, no_such
from recoverable.read.decode import decode
from recoverable.read.document import read_document
from recoverable.scan import Setup, prepare, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from recoverable.cli.options import Arguments
    from recoverable.rule import Rule

#: A parameter file is small; what is larger is something else.
MOST_BYTES = 1_000_000


def set_up(arguments: Arguments, *paths: str) -> Setup:
    """The repository around `paths` (default: the current folder) with its configuration and rules.

    Raises ConfigError for a configuration that cannot be used.
    """
    return prepare(*(paths or (os.getcwd(),)), config=arguments.one("config"), packs=arguments.all("pack"))


def named(name: str, rules: Sequence[Rule]) -> Rule:
    """The rule of that name, or that had it before. Raises UsageError with the nearest name."""
    found = next((rule for rule in rules if name == rule.name or name in rule.formerly), None)
    if found is None:
        raise UsageError(no_such("rule", name, [rule.name for rule in rules]))
    return found


def chosen(arguments: Arguments, rules: Sequence[Rule]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names under `--only` and `--skip`, as the rules are called today.

    Raises UsageError for a name that no rule has, and when the two leave nothing to judge by.
    """
    only = tuple(named(name, rules).name for name in arguments.all("only"))
    skipped = tuple(named(name, rules).name for name in arguments.all("skip"))
    if rules and not {*(only or (rule.name for rule in rules))} - {*skipped}:
        raise UsageError("--only and --skip leave no rule to judge by")
    return only, skipped


def var_files(words: Iterable[str], root: str) -> tuple[tuple[str, bytes], ...]:
    """The files under `--var-file` by what messages call them. Raises UsageError for one that cannot be read."""
    found: dict[str, bytes] = {}
    for word in words:
        try:
            with open(word, "rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise UsageError(f"--var-file {word}: {error.strerror}; give a file of values (.tfvars or JSON)") from None
        if len(data) > MOST_BYTES:
            raise UsageError(f"--var-file {word}: it is larger than {MOST_BYTES} bytes")
        path = shown(word, root)
        # Given again, it counts where it stands last.
        found.pop(path, None)
        found[path] = data
    return tuple(found.items())


def environment(*, asked: bool) -> dict[str, str]:
    """What the environment gives to variables of Terraform, if that was asked for.

    https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_var_name
    """
    prefix = "TF_VAR_"
    return {name.removeprefix(prefix): value for name, value in os.environ.items() if asked and name.startswith(prefix)}


def fixed(words: Iterable[str], root: str) -> dict[str, str]:
    """What `--parameters` fixes; later words win. Raises MalformedError, and UsageError for a file that is missing."""
    values: dict[str, str] = {}
    for word in words:
        pair = parameters.pair(word)
        if pair is not None:
            values[pair[0]] = pair[1]
            continue
        try:
            with open(word, "rb") as file:
                data = file.read(MOST_BYTES)
        except OSError as error:
            raise UsageError(f"--parameters {word}: {error.strerror}; give a file, or KEY=VALUE") from None
        path = shown(word, root)
        values |= parameters.of_document(read_document(decode(data, path), path))
    return values
