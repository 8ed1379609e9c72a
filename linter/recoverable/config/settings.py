"""What a run goes by: the settings of `.recoverable.yaml`, or the defaults where there is none."""

from __future__ import annotations

from recoverable.glob import path_matches
from recoverable.recovery.objectives import Objectives
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.estate.model import Entrusted, Outside
    from recoverable.read.nodes import Mapping
    from recoverable.recovery.classes import ClassRule
    from recoverable.rule import Fault, Rule, Severity
    from recoverable.source import Span


class Level(NamedTuple):
    """What the configuration says about one rule: switched on or off, or (then on) of another severity."""

    on: bool
    severity: Severity | None
    origin: Span


class PackFolder(NamedTuple):
    """A folder with a user's rules: `path` to open, `shown` for messages, relative to the repository root."""

    path: str
    shown: str
    origin: Span


class ParameterSet(NamedTuple):
    """Values of template parameters, for the templates that one of `paths` fits; None for all templates."""

    values: tuple[tuple[str, str], ...]
    paths: tuple[str, ...] | None = None


class Settings(NamedTuple):
    """All that the configuration decides.

    `path` is the configuration file relative to the repository root and `text` its content, both empty where there is
    none. `levels` are by rule name as written, `objectives` by class of table, both in the order of the file.
    `accept` are the entries under `accept:`, for `accept.collect`. `estate_complete`: whether what is scanned is taken
    as all there is; `external` are those who make backups from outside, `entrusted` the principals that are meant to
    have some powers. `fail_on` is the severity from which on a run
    fails: `high`, `medium`, `low`, `info` or `never`.
    """

    path: str = ""
    text: str = ""
    strict: bool = False
    levels: tuple[tuple[str, Level], ...] = ()
    accept: tuple[Mapping, ...] = ()
    class_rules: tuple[ClassRule, ...] = ()
    objectives: tuple[tuple[str, Objectives], ...] = ()
    estate_complete: bool = True
    accounts: tuple[str, ...] = ()
    external: tuple[Outside, ...] = ()
    entrusted: tuple[Entrusted, ...] = ()
    packs: tuple[PackFolder, ...] = ()
    parameters: tuple[ParameterSet, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: str = "medium"

    def level_of(self, rule: Rule) -> Level | None:
        """What is said about a rule, under the name it has or had; None if nothing is."""
        names = (rule.name, *rule.formerly)
        return next((level for name, level in self.levels if name in names), None)

    def objectives_of(self, table_class: str) -> Objectives:
        """The objectives of a class of tables: its own, else those of production, else the defaults.

        What is off by default and `strict` switches on includes the objective of a customer managed key.
        """
        by_class = dict(self.objectives)
        return by_class.get(table_class) or by_class.get("production") or Objectives(customer_key=self.strict)

    def parameters_of(self, path: str) -> dict[str, str]:
        """The values fixed for the template at `path`. Of several sets that name a parameter the first one holds."""
        values: dict[str, str] = {}
        for group in self.parameters:
            if group.paths is None or any(path_matches(pattern, path) for pattern in group.paths):
                for name, value in group.values:
                    values.setdefault(name, value)
        return values


class ConfigError(Exception):
    """A configuration that cannot be used: every fault in it, each at its place. Nothing is checked then.

    `path` and `text` are those of the file, for showing the lines.
    """

    def __init__(self, faults: tuple[Fault, ...], path: str = "", text: str = "") -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults
        self.path = path
        self.text = text
