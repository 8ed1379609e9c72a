"""Runs commands side by side and tells what each of them cost: wall clock, processor time, memory."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

#: Nothing of the caller's Python settings: a user has none, and PYTHONDONTWRITEBYTECODE would compile at every start.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


class Sample(NamedTuple):
    """One run: seconds of wall clock and of processor time (children included), most megabytes in memory, exit code."""

    wall: float
    cpu: float
    memory: float
    code: int


class Job(NamedTuple):
    """A command under a name. Slow ones are run in `rounds` rounds at most."""

    name: str
    command: tuple[str, ...]
    rounds: int = 1_000


#: Starts a command and prints what it cost. A process counts the memory of the one that started it as its own, so that
#: this is a process which has hardly any.
_RUNNER = """
import os, sys, time
command = sys.argv[1:]
nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
begun = time.perf_counter()
process = os.posix_spawn(command[0], command, os.environ, file_actions=nowhere)
_, status, used = os.wait4(process, 0)
wall = time.perf_counter() - begun
print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


def run(command: tuple[str, ...], environment: Mapping[str, str] = ENVIRONMENT) -> Sample:
    """Run a command with its output thrown away."""
    runner = [sys.executable, "-I", "-S", "-c", _RUNNER, *command]
    done = subprocess.run(runner, env=environment, capture_output=True, check=True, text=True)
    wall, cpu, memory, code = done.stdout.split()
    # Kilobytes; macOS counts bytes.
    return Sample(float(wall), float(cpu), int(memory) / (1024 * 1024 if sys.platform == "darwin" else 1024), int(code))


def interleaved(jobs: list[Job], rounds: int) -> dict[str, list[Sample]]:
    """Each job once a round, so that whatever else the machine does strikes all alike. The first does not count."""
    samples: dict[str, list[Sample]] = {job.name: [] for job in jobs}
    for number in range(rounds + 1):
        for job in jobs:
            if number <= job.rounds:
                sample = run(job.command)
                if number or job.rounds == 1:
                    samples[job.name].append(sample)
    return samples


def table(jobs: list[Job], samples: dict[str, list[Sample]]) -> str:
    """A Markdown table of medians; the ratios are those to the first job."""
    lines = [
        "| | CPU, median | CPU, least | wall, median | CPU ratio | wall ratio | memory | exit | runs |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    bare = samples[jobs[0].name]
    for job in jobs:
        own = samples[job.name]
        cpu, wall = (statistics.median(getattr(one, field) for one in own) for field in ("cpu", "wall"))
        ratios = [
            statistics.median(getattr(one, field) for one in own)
            / statistics.median(getattr(one, field) for one in bare)
            for field in ("cpu", "wall")
        ]
        codes = "/".join(sorted({str(one.code) for one in own}))
        lines.append(
            f"| {job.name} | {_shown(cpu)} | {_shown(min(one.cpu for one in own))} | {_shown(wall)} "
            f"| {ratios[0]:.1f} | {ratios[1]:.1f} | {max(one.memory for one in own):.0f} MB | {codes} | {len(own)} |"
        )
    return "\n".join(lines)


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def cache() -> Path:
    """Where environments are kept between runs; outside of the repository."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "recoverable-benchmarks"


def environment(name: str) -> Path:
    """A virtual environment of that name in the cache."""
    folder = cache() / name
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True, symlinks=True)
    return folder


def installed() -> Path:
    """An environment with this repository as users have it: a wheel, compiled when it was installed."""
    folder = environment("recoverable")
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # As of today's pip: the script that an old one writes imports `re` before anything else.
    subprocess.run([*pip, "--upgrade", "pip"], check=True, env=ENVIRONMENT)
    source = cache() / "source"
    shutil.rmtree(source, ignore_errors=True)
    for part in ("linter", "rules"):
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / part, source)
    subprocess.run([*pip, str(source)], check=True, env=ENVIRONMENT)
    subprocess.run([*pip, "--force-reinstall", "--no-deps", str(source)], check=True, env=ENVIRONMENT)
    return folder


def machine() -> str:
    """In a line, what the numbers were measured on, and how busy it was."""
    load = os.getloadavg()[0]
    busy = "busy with other work" if load > 1.5 else "quiet"
    return (
        f"{time.strftime('%Y-%m-%d')}, Python {sys.version.split()[0]}, {os.cpu_count()} cores, "
        f"load {load:.1f} when it began ({busy})"
    )
