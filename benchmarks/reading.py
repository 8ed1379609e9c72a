"""How long templates take to be read once they are parsed, in milliseconds of processor time.

    python benchmarks/reading.py [FOLDER]

Reads a generated template of 1,000 resources (333 tables in two scenarios each, a scalable target and a role beside
each), and the templates of a folder, if one is named. The best of five is printed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "linter")]

from agreement import templates  # noqa: E402

from recoverable.read import cloudformation  # noqa: E402
from recoverable.read.document import read_document  # noqa: E402

if TYPE_CHECKING:
    from recoverable.read.nodes import Node

HEAD = """
Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  K: {Type: AWS::KMS::Key}
"""

THREE = """
  T%(n)d:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      TableName: !Sub '${Env}-t%(n)d'
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !If [IsProd, true, false]}
      SSESpecification: {SSEEnabled: true, KMSMasterKeyId: !GetAtt K.Arn}
      Tags: [{Key: a, Value: b}, {Key: env, Value: !Ref Env}]
  S%(n)d:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {ResourceId: !Sub 'table/${T%(n)d}', MinCapacity: 1}
  R%(n)d: {Type: AWS::IAM::Role, Properties: {RoleName: x%(n)d}}
"""


def main(arguments: list[str]) -> None:
    text = HEAD + "".join(THREE % {"n": number} for number in range(333))
    _time("1,000 resources", {"app.yaml": ("cloudformation", read_document(text, "app.yaml"))}, {})
    for folder in arguments:
        documents, trees = templates(Path(folder))
        _time(f"{len(documents)} templates in {folder}", documents, trees)


def _time(what: str, documents: dict[str, tuple[str, Node]], trees: dict[str, Node]) -> None:
    times = []
    for _ in range(5):
        start = time.process_time()
        reading = cloudformation.read(documents, trees.get, lambda _: {})
        times.append(time.process_time() - start)
    print(f"{what}: {len(reading.tables)} tables in {min(times) * 1000:.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
