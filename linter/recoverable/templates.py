"""The templates of a run: texts and trees by path, what they hold together, and what kept others from being read."""

from __future__ import annotations

from recoverable.read import sniff
from recoverable.read.comments import comments
from recoverable.read.decode import decode
from recoverable.read.document import read_document
from recoverable.read.nodes import MalformedError, Mapping
from recoverable.read.reading import Reading
from recoverable.rule import Fault, stumbled
from recoverable.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from collections.abc import Mapping as Dict

    from recoverable.read.nodes import Comment, Node
    from recoverable.read.planned import Outcome
    from recoverable.read.policy_files import PolicyFile
    from recoverable.read.terraform.sources import Sources


class Templates:
    """Templates, added file by file. `texts` are those of all files that were used, for showing their lines."""

    __slots__ = (
        "_aside",
        "_configurations",
        "_environment",
        "_listing",
        "_lookup",
        "_named",
        "_outcomes",
        "_policies",
        "_sources",
        "_subfolders",
        "_templates",
        "_trees",
        "_untold",
        "_var_files",
        "count",
        "faults",
        "texts",
    )

    def __init__(
        self,
        lookup: Callable[[str], bytes | None],
        listing: Callable[[str], Collection[str]] = lambda _: (),
        *,
        var_files: tuple[tuple[str, bytes], ...] = (),
        environment: Dict[str, str] | None = None,
        subfolders: Callable[[str], Collection[str]] = lambda _: (),
    ) -> None:
        """`lookup` gives the content of another file that a template names, None if there is none; `listing` the names
        of the files in a folder that one names, `subfolders` those of the folders in it.

        `var_files` and `environment` give values to variables of Terraform (see `terraform.sources.Given`).
        """
        self._var_files = var_files
        self._environment = environment or {}
        self._subfolders = subfolders
        self._lookup = lookup
        self._listing = listing
        self._configurations: dict[str, bytes] = {}
        self._outcomes: list[Outcome] = []
        self._named: set[str] = set()
        self._sources: Sources | None = None
        self._templates: dict[str, tuple[str, Node]] = {}
        self._trees: dict[str, Node | None] = {}
        #: Files that are none of ours by themselves. Their trees take twenty times their size, and few are named.
        self._aside: dict[str, bytes] = {}
        self._policies: list[PolicyFile] = []
        #: What is wrong with files that may be none of ours.
        self._untold: dict[str, list[Fault]] = {}
        self.texts: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.count = 0

    def add(self, path: str, data: bytes, *, named: bool = True) -> None:
        """Read one file; one that is no template is left alone, even if it is malformed. `named`: it was given."""
        self.count += 1
        if named:
            self._named.add(path)
        if path.endswith(sniff.TERRAFORM):
            self._configurations[path] = data
            return
        if sniff.looks_like_outcome(data) and self._add_outcome(path, data):
            return
        read = self._read(path, data, named=False)
        if read is None:
            self._trees[path] = None
            return
        text, tree = read
        kind = sniff.kind(tree)
        if kind is None:
            if not self._add_policies(path, text, tree):
                self._aside[path] = data
            return
        self.texts[path] = text
        self._trees[path] = tree
        self._templates[path] = (kind, tree)

    def _add_policies(self, path: str, text: str, tree: Node) -> bool:
        """Whether the file holds policies, by themselves or as the command line answers with them."""
        if "Statement" not in text or "Effect" not in text:
            return False
        from recoverable.read.policy_files import PolicyFile, kind_of  # noqa: PLC0415 (few runs have any)

        kind = kind_of(tree)
        if kind:
            self.texts[path] = text
            self._trees[path] = tree
            self._policies.append(PolicyFile(path, kind, tree))
            self.faults.extend(self._untold.pop(path, ()))
        return bool(kind)

    def reading(self, given: Callable[[str], Dict[str, str]], types: Collection[str] = ()) -> Reading:
        """What the templates hold together. `given` are the parameters that are fixed for a template, by its path;
        `types` those of further resources that rules ask about.

        A template that we stumble over is a fault, and the others are read without it.
        """
        reading = self._of_templates(given, types)
        if self._configurations or self._outcomes:
            # A run over templates alone does without.
            from recoverable.read.terraform.sources import Given, Sources  # noqa: PLC0415

            given_values = Given(self._var_files, self._environment, self._subfolders)
            self._sources = sources = Sources(self._configurations, self._lookup, self._listing, given_values)
            reading = _with_plans(reading, self._of_configurations(sources, given, types))
            self.texts |= sources.texts
        return reading.with_(self._of_policies(reading)) if self._policies else reading

    def _of_policies(self, others: Reading) -> Reading:
        """What policies in files of their own come to, those left out that a configuration reads by itself."""
        from recoverable.read import policy_files  # noqa: PLC0415 (few runs have any)

        def used() -> Collection[str]:
            # Which files it reads shows when its policies are read.
            len(others.principals)
            len(others.documents)
            return self._sources.taken if self._sources is not None else ()

        return policy_files.read(self._policies, used)

    def _of_templates(self, given: Callable[[str], Dict[str, str]], types: Collection[str]) -> Reading:
        if not self._templates:
            return Reading()
        from recoverable.read import cloudformation  # noqa: PLC0415 (a run over Terraform alone does without)

        try:
            return cloudformation.read(self._templates, self._tree, given, types)
        except Exception:
            sound = {path: template for path, template in self._templates.items() if self._stands(path, given, types)}
            if len(sound) == len(self._templates):
                raise
            self._templates = sound
            return cloudformation.read(sound, self._tree, given, types)

    def _of_configurations(
        self, sources: Sources, given: Callable[[str], Dict[str, str]], types: Collection[str]
    ) -> Reading:
        """What the folders of Terraform hold, read root by root if we stumble over one; plans stand for their roots."""
        from recoverable.read import terraform  # noqa: PLC0415 (as above)

        roots: tuple[str, ...] = ()
        planned = Reading()
        try:
            roots = terraform.roots_of(sources) if self._configurations else ()
            if self._outcomes:
                roots, planned = self._of_outcomes(sources, roots, given, types)
            reading = terraform.read(sources, roots, given, types)
        except Exception as error:
            reading = Reading()
            if not roots:
                self.faults.append(_stumbled(min(self._configurations), error))
            for root in roots:
                try:
                    reading = reading.with_(terraform.read(sources, (root,), given, types))
                except Exception as fault:
                    self.faults.append(_stumbled(sources.first(root), fault))
            reading = reading._replace(faults=tuple(dict.fromkeys(reading.faults)))
        return _with_plans(reading, planned) if self._outcomes else reading

    def _add_outcome(self, path: str, data: bytes) -> bool:
        """Read a plan or state; False if the file is none."""
        from recoverable.read.planned.intake import read_outcome  # noqa: PLC0415 (most files are none)

        try:
            outcome = read_outcome(path, data)
        except MalformedError as error:
            self.faults.append(Fault("unparsable", error.message, error.span, error.do))
            return True
        except Exception as error:
            self.faults.append(_stumbled(path, error))
            return True
        if outcome is not None:
            self._outcomes.append(outcome)
        return outcome is not None

    def _of_outcomes(
        self,
        sources: Sources,
        roots: tuple[str, ...],
        given: Callable[[str], Dict[str, str]],
        types: Collection[str],
    ) -> tuple[tuple[str, ...], Reading]:
        """The roots for which no plan or state stands, and what the plans and states hold."""
        from recoverable.read import planned  # noqa: PLC0415 (most runs have none)

        chosen = planned.choose(self._outcomes, sources, roots, self._named)
        after, before = Reading(notes=chosen.notes), Reading()
        changes = False
        for outcome, folder in chosen.outcomes:
            try:
                found = planned.read(outcome, folder, sources, types, given(outcome.path))
            except Exception as error:
                self.faults.append(_stumbled(outcome.path, error))
                continue
            changes = changes or bool(found.before)
            after = after.with_(found._replace(before=()))
            before = before.with_(found.before[0] if found.before else found)
        left = tuple(root for root in roots if root not in chosen.left)
        return left, after._replace(before=(before,) if changes else ())

    def paths(self) -> tuple[str, ...]:
        """All files that were used. Of plans and states no line is ever shown: secrets may stand in it."""
        return (*self.texts, *(outcome.path for outcome in self._outcomes))

    def parameters(self) -> set[str]:
        """The names of all parameters that templates have, and of all variables of Terraform."""
        variables = self._sources.variables() if self._sources is not None else set()
        sections = [tree.get("Parameters") for tree in self._trees.values() if isinstance(tree, Mapping)]
        names = {key.text for section in sections if isinstance(section, Mapping) for key, _ in section.entries}
        return names | variables

    def comments(self) -> Iterator[Comment]:
        """The comments that speak to us, in all files that were used."""
        for path, text in sorted(self.texts.items()):
            tree = self._trees.get(path)
            if tree is not None:
                yield from comments(text, tree)
            elif self._sources is not None and "recoverable" in text and not path.endswith(".json"):
                from recoverable.read.hcl import comments as hcl  # noqa: PLC0415 (few files speak to us)

                body = self._sources.body(path)
                yield from hcl.comments(text, path, body) if body is not None else ()

    def _tree(self, path: str) -> Node | None:
        """The tree of another file that a template names: a nested stack, an included snippet."""
        if path not in self._trees:
            aside = self._aside.get(path)
            data = self._lookup(path) if aside is None else aside
            read = None if data is None else self._read(path, data, named=aside is None)
            self._trees[path] = None if read is None else read[1]
            if read is not None:
                self.texts[path] = read[0]
        return self._trees[path]

    def _read(self, path: str, data: bytes, *, named: bool = True) -> tuple[str, Node] | None:
        """Text and tree; what is wrong with a file is said if a template named it, or it was meant to be one."""
        problems: list[MalformedError] = []
        try:
            text = decode(data, path)
            return text, read_document(text, path, problems)
        except MalformedError as error:
            problems.append(error)
        except Exception as error:
            self.faults.append(_stumbled(path, error))
        finally:
            told = [Fault("unparsable", each.message, each.span, each.do) for each in problems]
            if named or sniff.looks_like_template(data):
                self.faults.extend(told)
            else:
                self._untold[path] = told
        return None

    def _stands(self, path: str, given: Callable[[str], Dict[str, str]], types: Collection[str]) -> bool:
        from recoverable.read import cloudformation  # noqa: PLC0415 (as above)

        try:
            cloudformation.read({path: self._templates[path]}, self._tree, given, types)
        except Exception as error:
            self.faults.append(_stumbled(path, error))
            return False
        return True


def _with_plans(others: Reading, planned: Reading) -> Reading:
    """What there is with what plans make of it. Before them there was all that is not theirs, too."""
    if not planned.before:
        return others.with_(planned)
    return others.with_(planned)._replace(before=(others.with_(planned.before[0]),))


def _stumbled(path: str, error: Exception) -> Fault:
    return stumbled("this file", error, Span(path, 1, 1, 1, 1), "file")
