"""The wheel: what is in it, and that it runs where it is installed, in a repository that is not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "fixtures" / "demo" / "shop" / "orders.yaml"


class Installed(NamedTuple):
    """An environment that holds our wheel and nothing else; what we depend on is borrowed from the one of the tests."""

    wheel: Path
    folder: Path

    @property
    def command(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / "recoverable"

    @property
    def packages(self) -> Path:
        return Path(sysconfig.get_path("purelib", vars={"base": str(self.folder), "platbase": str(self.folder)}))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist"), cwd=ROOT)
    (wheel,) = (folder / "dist").glob("*.whl")
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder / "venv"))
    result = Installed(wheel, folder / "venv")
    python = result.command.with_name("python")
    _run(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index", "--no-deps", str(wheel))
    (result.packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return result


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A repository whose folders are called like ours, and break when they are imported."""
    for name in ("linter", "rules"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise ImportError('this is the {name} of somebody else')\n")
    (tmp_path / "template.yaml").write_bytes(TEMPLATE.read_bytes())
    return tmp_path


def _run(*command: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env=clean | environment, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert done.returncode in (0, 1), f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_the_wheel_holds_one_package_with_rules_and_schemas(installed: Installed) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    top = {name.split("/")[0] for name in names}

    assert {name for name in top if not name.endswith(".dist-info")} == {"recoverable"}
    assert {"recoverable/rules/tables/pitr_disabled.py", "recoverable/rules/tables/pitr_disabled.md"} <= {*names}
    assert {path.relative_to(ROOT / "linter").as_posix() for path in (ROOT / "linter").rglob("*.json")} <= {*names}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_everything_of_the_checkout_is_in_the_wheel(installed: Installed) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    ours = {
        (place + path.relative_to(folder).as_posix())
        for folder, place in ((ROOT / "linter", ""), (ROOT / "rules", "recoverable/rules/"))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert {name for name in names if ".dist-info/" not in name} == ours


def test_it_runs_in_a_repository_with_folders_called_like_ours(installed: Installed, foreign: Path) -> None:
    done = _run(str(installed.command), "check", cwd=foreign, PYTHONPATH=".")

    assert done.returncode == 1
    assert "pitr-disabled" in done.stdout
    assert done.stderr == ""


def test_it_runs_compiled_and_writes_nothing_where_it_is_installed(installed: Installed, foreign: Path) -> None:
    before = _files(installed.packages)
    _run(str(installed.command), "check", cwd=foreign)

    assert any(name.startswith("recoverable/rules/tables/__pycache__/pitr_disabled.") for name in before)
    assert _files(installed.packages) == before


def test_the_version_is_the_wheels(installed: Installed) -> None:
    done = _run(str(installed.command), "--version")

    assert done.stdout.startswith(f"recoverable {installed.wheel.name.split('-')[1]} (AWS data of ")


def test_a_source_distribution_makes_the_same_wheel(installed: Installed, tmp_path: Path) -> None:
    _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path), cwd=ROOT)
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path), cwd=source)
    (wheel,) = tmp_path.glob("*.whl")

    assert set(zipfile.ZipFile(wheel).namelist()) == set(zipfile.ZipFile(installed.wheel).namelist())
