"""What it costs to check a large repository in which hardly anything is a template, and whether any table is lost.

    python benchmarks/repository.py [ROUNDS]

A repository of 7,500 files and 24 MB is made in a temporary folder, the same every time: Terraform, manifests, lists,
pages, and 24 templates that are hard to tell from the rest. It is checked by the installed program, side by side with
bare Python and with a loop that does nothing but read the files that could be templates and search them for one word.
Then all files are parsed without being searched first, and every table that this finds must be in the report: the exit
code is 1 if one is missing.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import ENVIRONMENT, ROOT, Job, installed, interleaved, machine, table

sys.path.insert(0, str(ROOT / "linter"))

from recoverable.files import ENDINGS
from recoverable.read import cloudformation, sniff
from recoverable.read.decode import decode
from recoverable.read.document import read_document
from recoverable.read.nodes import MalformedError

SEED = 20_260_101

#: Files of each kind and their bytes together, as in a set of well-known public repositories.
KINDS = ((".tf", 3_100, 8_000_000), (".yaml", 1_000, 3_600_000), (".json", 3_200, 10_300_000), (".md", 176, 300_000))

WORDS = (
    "account", "action", "address", "alarm", "annotation", "application", "backup", "bucket", "build", "cache",
    "channel", "cluster", "config", "container", "cost", "count", "deployment", "domain", "dynamodb", "endpoint",
    "engine", "environment", "event", "failure", "function", "gateway", "health", "image", "instance", "job", "key",
    "label", "latency", "limit", "listener", "log", "memory", "metadata", "metric", "module", "namespace", "network",
    "node", "origin", "output", "owner", "parameter", "path", "pipeline", "policy", "port", "profile", "provider",
    "queue", "region", "registry", "release", "replica", "request", "resource", "restore", "retention", "role", "route",
    "runner", "schedule", "secret", "service", "stack", "stage", "state", "storage", "stream", "subnet", "table", "tag",
    "target", "template", "timeout", "token", "topic", "trace", "user", "value", "vault", "version", "volume",
    "workflow", "zone",
)  # fmt: skip
RESOURCES = (
    "aws_iam_role", "aws_instance", "aws_lambda_function", "aws_s3_bucket", "aws_security_group", "aws_subnet",
    "google_storage_bucket", "kubernetes_namespace", "random_id",
)  # fmt: skip
GROUPS = ("deploy", "docs", "environments", "modules", "packages", "services")
FILES_IN_A_FOLDER = 6

#: Reads what could be a template, and looks for one word in it: the least that a check can do.
FLOOR = """
import os, sys
waiting, found = [sys.argv[1]], 0
while waiting:
    with os.scandir(waiting.pop()) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            elif entry.name.endswith((".yaml", ".yml", ".json", ".template", ".cfn", ".tf")):
                descriptor = os.open(entry.path, os.O_RDONLY)
                found += b"AWS::" in os.read(descriptor, os.fstat(descriptor).st_size)
                os.close(descriptor)
"""

YAML_TABLE = """\
Resources:
  {name}:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
"""
FILLING = "# nothing to see in this line of a long file\n"


def main(arguments: list[str]) -> int:
    rounds = int(arguments[0]) if arguments else 9
    print(machine(), flush=True)
    environment = installed()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "repository"
        expected = make(root)
        files = [path for path in root.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        print(f"{len(files):,} files, {size / 1e6:.1f} MB, {len(expected)} tables\n")
        python = str(environment / "bin" / "python")
        check = (str(environment / "bin" / "recoverable"), "check", str(root))
        jobs = [
            Job("python -c pass", (python, "-c", "pass")),
            Job("read and search", (python, "-c", FLOOR, str(root))),
            Job("recoverable check", check),
        ]
        print(table(jobs, interleaved(jobs, rounds)))
        reported = _reported(check)
        parsed = _parsed(root)
    lost = (expected | parsed) - reported
    print(f"\n{len(reported)} tables reported; {len(parsed)} found by parsing every file; {len(lost)} lost")
    for path, address in sorted(lost):
        print(f"lost: {path} {address}")
    return 1 if lost or reported != expected else 0


def make(root: Path) -> set[tuple[str, str]]:
    """Write the repository; by path and logical id, the tables in it."""
    chance = random.Random(SEED)
    (root / ".git").mkdir(parents=True)
    number = 0
    for ending, count, size in KINDS:
        # Most files are small and a few are large.
        weights = [chance.paretovariate(1.3) for _ in range(count)]
        share = size / sum(weights)
        for weight in weights:
            number += 1
            folder = number // FILES_IN_A_FOLDER
            place = root / GROUPS[folder % len(GROUPS)] / f"{folder:04}" / f"{number}{ending}"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(_unrelated(ending, int(weight * share), chance), encoding="utf-8")
    return _templates(root)


def _unrelated(ending: str, size: int, chance: random.Random) -> str:
    """Text of about that size, well formed, that is no template; some of it speaks of templates."""
    lines: list[str] = []
    length = 0
    while length < size:
        key, value = chance.choice(WORDS), " ".join(chance.choices(WORDS, k=chance.randint(1, 7)))
        line = {
            ".tf": f'resource "{chance.choice(RESOURCES)}" "{key}_{len(lines)}" {{\n  name = "{value}"\n}}\n',
            ".yaml": f"- {key}: {value}\n  kind: {chance.choice(WORDS)}\n  # {value}\n",
            ".json": f'  {{"{key}": "{value}", "count": {chance.randint(0, 9_999)}, "on": true}},\n',
            ".md": f"{value}, for example `Type: AWS::DynamoDB::Table` of a {key}.\n",
        }[ending]
        lines.append(line)
        length += len(line)
    text = "".join(lines)
    return "[\n" + text.rstrip(",\n") + "\n]\n" if ending == ".json" else text


def _templates(root: Path) -> set[tuple[str, str]]:
    """Templates of which the tables are easily lost."""
    table_json = {"Resources": {"T": {"Type": "AWS::DynamoDB::Table", "Properties": {}}}}
    escaped = json.dumps(table_json).replace("AWS::", "\\u0041\\u0057S\\u003a\\u003a")
    looped = {
        "Transform": "AWS::LanguageExtensions",
        "Resources": {"Fn::ForEach::L": ["N", ["A", "B"], {"T${N}": table_json["Resources"]["T"]}]},
    }
    plain = YAML_TABLE.format(name="T")
    texts: dict[str, tuple[bytes, set[str]]] = {
        "plain.yaml": (plain.encode(), {"T"}),
        "plain.yml": (plain.encode(), {"T"}),
        "plain.template": (plain.encode(), {"T"}),
        "plain.json": (json.dumps(table_json).encode(), {"T"}),
        "indented.json": (json.dumps(table_json, indent=8).encode(), {"T"}),
        "escaped.json": (escaped.encode(), {"T"}),
        "escaped.yaml": (plain.replace("AWS::DynamoDB::Table", '"\\x41WS::DynamoDB::Table"').encode(), {"T"}),
        "broken-line.yaml": (plain.replace("AWS::DynamoDB::Table", '"AWS::Dyn\\\n      amoDB::Table"').encode(), {"T"}),
        "quoted.yaml": (plain.replace("AWS::DynamoDB::Table", "'AWS::DynamoDB::Table'").encode(), {"T"}),
        "marked.yaml": (plain.encode("utf-8-sig"), {"T"}),
        "utf16.yaml": (plain.encode("utf-16"), {"T"}),
        "utf16-big.json": (b"\xfe\xff" + json.dumps(table_json).encode("utf-16-be"), {"T"}),
        "windows.yaml": (plain.replace("\n", "\r\n").encode(), {"T"}),
        "late.yaml": ((FILLING * 40_000 + plain).encode(), {"T"}),
        "simple.yaml": (plain.replace("AWS::DynamoDB::Table", "AWS::Serverless::SimpleTable").encode(), {"T"}),
        "global.yaml": (plain.replace("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable").encode(), {"T"}),
        "looped.json": (json.dumps(looped).encode(), {"TA", "TB"}),
        "framework/serverless.yml": (
            b"service: orders\nprovider: {name: aws}\nresources:\n  " + plain.replace("\n", "\n  ").encode(),
            {"T"},
        ),
        "cdk.out/App.template.json": (json.dumps(table_json).encode(), {"T"}),
        "deep/a/b/c/d/e/f/g/h/plain.yaml": (plain.encode(), {"T"}),
        "umlaut/größe.yaml": (plain.encode(), {"T"}),
        "two.yaml": ((plain + plain.partition("\n")[2].replace("  T:", "  U:")).encode(), {"T", "U"}),
        "anchored.yaml": (plain.replace("AWS::DynamoDB::Table", "&type AWS::DynamoDB::Table").encode(), {"T"}),
        "no-table.yaml": (b"Resources:\n  Q:\n    Type: AWS::SQS::Queue\n", set()),
    }
    for name, (data, _) in texts.items():
        path = root / "infrastructure" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return {(f"infrastructure/{name}", address) for name, (_, tables) in texts.items() for address in tables}


def _reported(check: tuple[str, ...]) -> set[tuple[str, str]]:
    done = subprocess.run([*check, "--format", "json"], env=ENVIRONMENT, capture_output=True, check=False)
    report = json.loads(done.stdout)
    return {(row["location"]["path"], row["address"]) for row in report["tables"] if row["kind"] == "table"}


def _parsed(root: Path) -> set[tuple[str, str]]:
    """The tables in all files, none of which is left out for what it looks like."""
    documents = {}
    for file in sorted(root.rglob("*")):
        if not file.name.endswith(ENDINGS) or not file.is_file():
            continue
        path = file.relative_to(root).as_posix()
        try:
            tree = read_document(decode(file.read_bytes(), path), path, [])
        except MalformedError:
            continue
        kind = sniff.kind(tree)
        if kind is not None:
            documents[path] = (kind, tree)
    reading = cloudformation.read(documents, lambda _: None, lambda _: {})
    items = [variant.item for entry in reading.tables for variant in entry.variants]
    return {(item.subject.path, item.subject.address) for item in items if item is not None}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
