"""The folders of a run and what stands in them: modules, values for variables, and what is wrong with the files."""

from __future__ import annotations

import posixpath
from types import MappingProxyType

from recoverable.read.decode import decode
from recoverable.read.hcl.later import Later
from recoverable.read.hcl.scan import read_hcl
from recoverable.read.hcl.syntax import Body
from recoverable.read.nodes import MalformedError, Mapping, Scalar, Sequence
from recoverable.read.sniff import DECLARATIONS, TERRAFORM, VALUES
from recoverable.read.terraform.configuration import together
from recoverable.rule import Fault
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from collections.abc import Mapping as Dict

    from recoverable.read.nodes import Node
    from recoverable.read.terraform.configuration import Call, Module
    from recoverable.source import Span

#: More files than this in one folder are not read.
MOST_FILES = 2_000

_INSTALLED = ".terraform/modules/modules.json"
_WORKSPACES = "terraform.tfstate.d"


def _none(_folder: str) -> Collection[str]:
    return ()


class Given(NamedTuple):
    """What whoever runs us gives: files of values by what messages call them, later ones win, and what stands in the
    environment for variables by name. `subfolders` are the names of the folders in a folder of the repository.
    """

    files: tuple[tuple[str, bytes], ...] = ()
    environment: Dict[str, str] = MappingProxyType({})
    subfolders: Callable[[str], Collection[str]] = _none


class Sources:
    """Reads folders when they are asked for, each once. `texts` are those of all files that were used.

    `files` are given; other folders are reached by `listing`, the names of the files in a folder, and `lookup`, the
    bytes of a file; both stay within the repository. `taken` are the files that expressions read.
    """

    __slots__ = (
        "_bodies",
        "_folders",
        "_foreign",
        "_installed",
        "_listing",
        "_lookup",
        "_modules",
        "_problems",
        "_subfolders",
        "_var_files",
        "environment",
        "faults",
        "taken",
        "texts",
    )

    def __init__(
        self,
        files: dict[str, bytes],
        lookup: Callable[[str], bytes | None],
        listing: Callable[[str], Collection[str]],
        given: Given = Given(),  # noqa: B008 (nothing in it changes)
    ) -> None:
        self._folders: dict[str, dict[str, bytes | None]] = {}
        for path, data in files.items():
            self._folders.setdefault(posixpath.dirname(path), {})[path] = data
        self._lookup = lookup
        self._listing = listing
        self._modules: dict[str, Module | None] = {}
        self._foreign: dict[tuple[str, str | None, Span], Module | None] = {}
        self._bodies: dict[str, Body] = {}
        self._installed: dict[str, dict[str, str]] = {}
        self._problems: dict[str, list[MalformedError]] = {}
        self._var_files = dict(given.files)
        self.environment = given.environment
        self._subfolders = given.subfolders
        self.texts: dict[str, str] = {}
        self.taken: set[str] = set()
        self.faults: list[Fault] = []

    def folders(self) -> tuple[str, ...]:
        """The folders that were given."""
        return tuple(sorted(self._folders))

    def first(self, folder: str) -> str:
        """The first file of a folder, where something about all of it is told."""
        return next(iter(self._paths(folder)), folder)

    def module(self, folder: str) -> Module | None:
        """What the files of a folder declare, None if there are none."""
        if folder not in self._modules:
            self._modules[folder] = None
            paths = [path for path in self._paths(folder) if path.endswith(DECLARATIONS)]
            # Where one is written for each, OpenTofu's file counts; https://opentofu.org/docs/language/files/
            paths = [path for path in paths if not (".tf" in path[-8:] and path.replace(".tf", ".tofu") in paths)]
            bodies = [(path, body) for path in paths if (body := self.body(path)) is not None]
            if bodies:
                self._modules[folder] = together(folder, bodies)
        return self._modules[folder]

    def foreign(self, call: Call, folder: str | None) -> Module | None:
        """A module whose text is not the repository's own, from the folder it was installed in or by what is known.

        All of it stands at the place of the call: that is where whoever reads of it can change something.
        """
        key = (call.source, folder, call.span)
        if key not in self._foreign:
            # Many configurations call none.
            from recoverable.read.terraform.relocated import relocated  # noqa: PLC0415
            from recoverable.read.terraform.summaries import summary_of  # noqa: PLC0415

            module = summary_of(call.source) if folder is None else self.module(folder)
            moved = None if module is None else relocated(module, call.span)._replace(foreign=True)
            self._foreign[key] = moved
        return self._foreign[key]

    def values(self, folder: str) -> tuple[list[str], list[str]]:
        """The files of values that always apply to a root, in the order in which they do; and those that may.

        Of those that may only one is used, and none where files were named: `--var-file`, which win over all others.
        https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
        """
        always: list[str] = []
        maybe: list[str] = []
        for path in sorted(path for path in self._paths(folder) if path.endswith(VALUES)):
            name = posixpath.basename(path).removesuffix(".json")
            (always if name == "terraform.tfvars" or name.endswith(".auto.tfvars") else maybe).append(path)
        always.sort(key=lambda path: (not posixpath.basename(path).startswith("terraform.tfvars"), path))
        if self._var_files:
            always, maybe = [path for path in always if path not in self._var_files], []
        return [*always, *self._var_files], maybe

    def workspaces(self, folder: str) -> tuple[str, ...]:
        """The workspaces of a root, where their states are kept beside it; empty where nobody can tell.

        https://developer.hashicorp.com/terraform/language/backend/local
        """
        names = self._subfolders(posixpath.join(folder, _WORKSPACES))
        return ("default", *sorted(names)) if names else ()

    def body(self, path: str) -> Body | None:
        """The blocks and arguments of a file, None if there is no such file."""
        if path not in self._bodies:
            data = self._var_files.get(path) or self._folders.get(posixpath.dirname(path), {}).get(path)
            data = data or self._lookup(path)
            if data is None:
                return None
            body = self._bodies[path] = self._parsed(path, data)
            if ".terraform" not in path.split("/"):
                _ask(body)
        return self._bodies[path]

    def read(self, path: str) -> str | None:
        """The text of any file of the repository."""
        self.taken.add(path)
        data = self._lookup(path)
        try:
            return None if data is None else decode(data, path)
        except MalformedError:
            return None

    def names(self, folder: str) -> Collection[str]:
        """The names of the files in a folder of the repository."""
        return self._listing(folder)

    def installed(self, root: str, key: str) -> str | None:
        """The folder in which `terraform init` put a module, by its key (`tables.inner`)."""
        if root not in self._installed:
            self._installed[root] = self._manifest(root)
        return self._installed[root].get(key)

    def variables(self) -> set[str]:
        """The names of all variables of the modules that were read."""
        return {name for module in self._modules.values() if module is not None for name in module.variables}

    def problems(self) -> list[Fault]:
        """What is wrong with what was read so far."""
        found = [error for problems in self._problems.values() for error in problems]
        return [*self.faults, *(Fault("unparsable", each.message, each.span, each.do) for each in found)]

    def _paths(self, folder: str) -> list[str]:
        given = self._folders.get(folder)
        if given is None:
            names = sorted(name for name in self._listing(folder) if name.endswith(TERRAFORM))
            given = {posixpath.join(folder, name): None for name in names[:MOST_FILES]}
            self._folders[folder] = given
        return sorted(given)

    def _parsed(self, path: str, data: bytes) -> Body:
        problems = self._problems.setdefault(path, [])
        try:
            text = self.texts[path] = decode(data, path)
            if not path.endswith(".json"):
                return read_hcl(text, path, problems)
            from recoverable.read.hcl.tf_json import read_tf_json, read_tfvars_json  # noqa: PLC0415 (few files are JSON)

            values = path.endswith(VALUES) or path in self._var_files
            return (read_tfvars_json if values else read_tf_json)(text, path, problems)
        except MalformedError as error:
            problems.append(error)
            return Body({}, (), f"{path} cannot be read")

    def _manifest(self, root: str) -> dict[str, str]:
        path = posixpath.join(root, _INSTALLED)
        data = self._lookup(path)
        if data is None:
            return {}
        from recoverable.read.json_nodes import read_json  # noqa: PLC0415 (few roots have one)

        try:
            node = read_json(decode(data, path), path)
        except MalformedError as error:
            self.faults.append(Fault("unparsable", error.message, error.span, "run `terraform init` again"))
            return {}
        found = {}
        for entry in _items(node):
            key, folder = _text(entry, "Key"), _text(entry, "Dir")
            if key and folder and not posixpath.isabs(folder):
                inside = posixpath.normpath(posixpath.join(root or ".", folder))
                if inside != ".." and not inside.startswith("../"):
                    found[key] = "" if inside == "." else inside
        return found


def _ask(body: Body) -> None:
    """Read all expressions of a file, so that a mistake is told even where nobody needs the value."""
    waiting = [body]
    while waiting:
        here = waiting.pop()
        for argument in here.arguments.values():
            expression = argument.expression
            if isinstance(expression, Later):
                expression.sound()
            else:
                expression()
        waiting.extend(block.body for block in here.blocks)


def _items(node: Node) -> tuple[Node, ...]:
    listed = node.get("Modules") if isinstance(node, Mapping) else None
    return listed.items if isinstance(listed, Sequence) else ()


def _text(node: Node, key: str) -> str:
    value = node.get(key) if isinstance(node, Mapping) else None
    return value.text if isinstance(value, Scalar) else ""
