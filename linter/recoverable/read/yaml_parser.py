"""PyYAML's event parser: the C one without the rest of the package, else the pure one.

Importing all of PyYAML takes as long as starting Python, and most of that is for what the C parser never uses. So the
package's own module is put off: what the C parser needs is imported, the rest when somebody first asks the package for
something (docs/decisions/yaml.md).
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from types import ModuleType, SimpleNamespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from typing import Any, TypeAlias

    # The published stubs say that an event may lack its marks; a parser's never does.
    Event: TypeAlias = Any
    EventParser: TypeAlias = Any
    Mark: TypeAlias = Any

# What the C module takes from modules that are put off: errors, of which the parser raises the first three.
_ERRORS = {
    "reader": "ReaderError",
    "scanner": "ScannerError",
    "parser": "ParserError",
    "composer": "ComposerError",
    "constructor": "ConstructorError",
    "emitter": "EmitterError",
    "serializer": "SerializerError",
    "representer": "RepresenterError",
}


class _PutOff(ModuleType):
    """The package `yaml`, whose own code runs when something is asked of it that is not there yet."""

    def __init__(self, spec: ModuleSpec) -> None:
        super().__init__("yaml")
        self.__spec__ = spec
        self.__loader__ = spec.loader
        self.__package__ = "yaml"
        self.__file__ = spec.origin
        self.__path__ = list(spec.submodule_search_locations or ())

    def __getattr__(self, name: str) -> object:
        self.__class__ = ModuleType  # type: ignore[assignment]
        for module in _ERRORS:
            if isinstance(self.__dict__.get(module), SimpleNamespace):
                del self.__dict__[module]
        for module, loaded in list(sys.modules.items()):
            if module.startswith("yaml."):
                self.__dict__.setdefault(module.removeprefix("yaml."), loaded)
        spec = self.__spec__
        if spec is None or spec.loader is None:
            raise AttributeError(name)
        spec.loader.exec_module(self)
        return getattr(self, name)


def _c_parser() -> type | None:
    """The C parser with little else imported; None where that does not work out."""
    spec = PathFinder.find_spec("yaml")
    if spec is None or spec.loader is None:
        return None
    package = _PutOff(spec)
    sys.modules["yaml"] = package
    try:
        from yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415
        from yaml.events import MappingStartEvent, ScalarEvent  # noqa: PLC0415

        for module, name in _ERRORS.items():
            # The arguments of a reader's error are not those of the rest.
            of = YAMLError if name == "ReaderError" else MarkedYAMLError
            setattr(package, module, SimpleNamespace(**{name: type(name, (of,), {"__module__": f"yaml.{module}"})}))
        # The C module looks for these; not `from yaml import ...`, which would ask the package.
        import yaml.nodes  # noqa: PLC0415
        import yaml.tokens  # noqa: PLC0415, F401
        from yaml._yaml import CParser  # noqa: PLC0415

        tried = CParser("a: [b]")
        kinds = [type(tried.get_event()) for _ in range(4)]
        works = kinds[2:] == [MappingStartEvent, ScalarEvent]
    except (ImportError, AttributeError, TypeError):
        works = False
    if works:
        return CParser
    for module in [module for module in sys.modules if module == "yaml" or module.startswith("yaml.")]:
        del sys.modules[module]
    return None


def _any_parser() -> type:
    """From the package as it stands: for when somebody else has imported it, and where there is no C parser."""
    try:
        from yaml._yaml import CParser  # noqa: PLC0415
    except ImportError:
        return pure_parser()
    return CParser


def pure_parser() -> type:
    """PyYAML's parser in Python, some twenty times slower."""
    from yaml.parser import Parser as Grammar  # noqa: PLC0415
    from yaml.reader import Reader  # noqa: PLC0415
    from yaml.scanner import Scanner  # noqa: PLC0415

    class PureParser(Reader, Scanner, Grammar):
        def __init__(self, text: str) -> None:
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Grammar.__init__(self)

    return PureParser


Parser: EventParser = ("yaml" not in sys.modules and _c_parser()) or _any_parser()

from yaml.error import YAMLError  # noqa: E402
from yaml.events import (  # noqa: E402
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

__all__ = [
    "AliasEvent",
    "DocumentStartEvent",
    "MappingEndEvent",
    "MappingStartEvent",
    "Parser",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "YAMLError",
]
