"""Which value something has that only a deployment knows: each that the configuration tells apart is a scenario.

A variable without a value, or the workspace, is told apart by what it is compared with and by the keys it looks up. All
of a root's expressions share these values, so that what belongs together is found in the same scenario.
"""

from __future__ import annotations

import posixpath

from recoverable.read.data import Datum, Fields, Items, Open, literal
from recoverable.read.terraform.kinds import WRONG
from recoverable.scenario import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from recoverable.read.terraform.evaluate import Evaluation

#: Any other value than those that are told apart.
OTHER = "something else"

#: A map with more keys than this is not followed key by key.
MOST_KEYS = 12

WORKSPACE = "terraform.workspace"
#: How the choice among the files of values beside a root is called.
VARIABLE_FILE = "the variable file"


class Apart:
    """The values that are told apart in one root, by what has them.

    `stale`: some came up after a choice had been made without them; what was read by then must be read again.
    """

    __slots__ = ("_chosen", "_values", "stale")

    def __init__(self) -> None:
        self._values: dict[str, dict[str, None]] = {}
        self._chosen: set[str] = set()
        self.stale = False

    def told(self, parameter: str, values: Collection[str]) -> tuple[str, ...]:
        """All values of a parameter that are told apart, with these."""
        known = self._values.setdefault(parameter, {})
        if parameter in self._chosen and any(value not in known for value in values):
            self.stale = True
        known.update(dict.fromkeys(values))
        self._chosen.add(parameter)
        return tuple(sorted(known))


def is_equal(evaluation: Evaluation, parameter: str, value: str) -> bool | Open:
    """Whether an unknown parameter has a value: a choice, and both ways are followed."""
    found = _value(evaluation, parameter, (value,))
    if found is None:
        shown = f"{parameter.rpartition('#')[2]} == {value!r}".replace("'", '"')
        return Open(f"it cannot be told whether {shown}")
    return found == value


def is_null(evaluation: Evaluation, parameter: str) -> bool | Open:
    """Whether an unknown parameter is `null`: a choice of its own, and both ways are followed."""
    scope, _, shown = parameter.rpartition("#")
    answer = evaluation.walk.decide(Choice(scope, f"{shown} == null", ("false", "true")))
    return Open(f"it cannot be told whether {shown} is null") if answer is None else answer == "true"


def chosen_key(evaluation: Evaluation, owner: Datum, key: Datum) -> Datum:
    """The key that is meant by an index into a map that is not known: each of the map's keys in turn.

    That it is none of them is looked into only where something is done then (`try`, `lookup`); else Terraform refuses.
    """
    parameter = _parameter(key)
    if not parameter or not isinstance(owner.content, Fields) or owner.content.open:
        return key
    keys = owner.content.keys()
    if not 0 < len(keys) <= MOST_KEYS:
        return key
    found = _value(evaluation, parameter, keys)
    if found is None:
        return key
    if found not in keys and not evaluation.walk.lenient:
        evaluation.walk.run.impossible = True
        return key
    return key._replace(content=found)


def contained(evaluation: Evaluation, items: Datum, item: Datum) -> bool | None:
    """Whether a list holds something that only a deployment knows; None where that is not told."""
    parameter = _parameter(item)
    if not parameter or not isinstance(items.content, Items) or items.content.open:
        return None
    values = [literal(each) for each in items.content]
    known = [value for value in values if value is not None]
    if len(known) < len(values) or not 0 < len(known) <= MOST_KEYS:
        return None
    found = _value(evaluation, parameter, known)
    return None if found is None else found in known


def _parameter(datum: Datum) -> str:
    content = datum.content
    return content.parameter if isinstance(content, Open) and content.type != WRONG else ""


def _value(evaluation: Evaluation, parameter: str, values: Collection[str]) -> str | None:
    """The value of a parameter in this scenario, `OTHER` for any that is not told apart; None where it stays open."""
    walk = evaluation.walk
    configuration = evaluation.module.configuration
    apart = configuration.apart
    known = tuple(sorted(set(values))) if apart is None else apart.told(parameter, values)
    taken = walk.equal.get(parameter)
    if taken is not None:
        return taken
    scope, _, shown = parameter.rpartition("#")
    if shown == WORKSPACE:
        named = _workspace_of_file(evaluation, known)
        if named is not None:
            walk.equal[parameter] = named
            return named
    if len(known) == 1:
        compared = f"{shown} == {known[0]!r}".replace("'", '"')
        answer = walk.decide(Choice(scope, compared, ("false", "true")))
        found = None if answer is None else known[0] if answer == "true" else OTHER
    else:
        found = walk.decide(Choice(scope, shown, (*known, OTHER)))
    if found is not None:
        walk.equal[parameter] = found
    return found


def workspace(evaluation: Evaluation, names: tuple[str, ...]) -> str | None:
    """The workspace, where it is known which there are; None where that stays open."""
    scope = evaluation.module.root_scope
    parameter = f"{scope}#{WORKSPACE}"
    walk = evaluation.walk
    found = walk.equal.get(parameter) or _workspace_of_file(evaluation, names)
    if found not in names:
        found = walk.decide(Choice(scope, WORKSPACE, names))
    if found is not None:
        walk.equal[parameter] = found
    return found


def _workspace_of_file(evaluation: Evaluation, names: Collection[str]) -> str | None:
    """What the file of values is called (`prod.tfvars`), where one of them is called after one of these workspaces."""
    choices = evaluation.module.configuration.choices
    stems = {path: posixpath.basename(path).partition(".tfvars")[0] for path in choices}
    if not any(stem in names for stem in stems.values()):
        return None
    return stems.get(variable_file(evaluation) or "")


def variable_file(evaluation: Evaluation) -> str | None:
    """The file beside the root that gives values to variables in this scenario; None where that stays open."""
    files = tuple(evaluation.module.configuration.choices)
    if len(files) == 1:
        return files[0]
    return evaluation.walk.decide(Choice(evaluation.module.root_scope, VARIABLE_FILE, files))
