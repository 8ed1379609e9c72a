"""Shell-like patterns for names and paths: `*`, `?` and, in paths, `**`. Brackets are ordinary characters."""

from __future__ import annotations


def matches(pattern: str, text: str) -> bool:
    """Whether `pattern` fits all of `text`; `*` is any text, `?` any one character. Case counts.

    Brackets mean themselves, so that an address such as `aws_dynamodb_table.t["a"]` can be pasted from a report. Takes
    time in proportion to the product of the lengths at worst, whatever the pattern.
    """
    at = star = 0
    resume = -1
    for_pattern = 0
    while at < len(text):
        if for_pattern < len(pattern) and pattern[for_pattern] == "*":
            star, resume = for_pattern, at
            for_pattern += 1
        elif for_pattern < len(pattern) and pattern[for_pattern] in ("?", text[at]):
            at += 1
            for_pattern += 1
        elif resume >= 0:
            resume += 1
            at = resume
            for_pattern = star + 1
        else:
            return False
    return all(rest == "*" for rest in pattern[for_pattern:])


def path_matches(pattern: str, path: str) -> bool:
    """Whether `pattern` fits a path with forward slashes, or one of the folders it lies in.

    `*` and `?` stay within one name, `**` is any number of folders. A pattern without a slash (a closing one aside)
    fits at any depth, as in .gitignore: `*.test.yaml`, `examples/`; one with a slash starts at the root:
    `stacks/prod/**`.
    """
    anchored = pattern.removeprefix("./").rstrip("/")
    wanted = anchored.strip("/").split("/")
    if "/" not in anchored:
        wanted = ["**", *wanted]
    return _fits(wanted, path.split("/"), folder=pattern.endswith("/"))


def _fits(wanted: list[str], names: list[str], *, folder: bool) -> bool:
    """Which of the names' beginnings the pattern's beginnings fit, row by row."""
    reached = {0}
    for index, part in enumerate(wanted):
        if part == "**":
            least = min(reached, default=len(names) + 1)
            last = index == len(wanted) - 1
            reached = set(range(least + 1 if last else least, len(names) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(names) and matches(part, names[at])}
        if not reached:
            return False
    return bool(reached - {len(names)}) if folder else bool(reached)
