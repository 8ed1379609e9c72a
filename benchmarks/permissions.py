"""How long the permissions of an account take: what each role may do to each table and its backups.

    python benchmarks/permissions.py
    python benchmarks/permissions.py --roles 2000 --tables 1000
    python benchmarks/permissions.py --capabilities

The account is made up, with policies of realistic sizes: each role has two policies of its own with grants by name, by
prefix, and by tag, most have managed policies in common, some have a boundary; the account has three levels of service
control policies; one table in ten has a policy.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time

from recoverable.estate import Estate
from recoverable.policy.actions import groups
from recoverable.policy.compiled import Matrix, Question
from recoverable.policy.document import Policy
from recoverable.policy.layers import Attached, Layers, ResourcePolicy
from recoverable.policy.managed import managed_policy
from recoverable.policy.request import Caller, Context, Present, caller
from recoverable.policy.targets import Target, Targets
from recoverable.read.json_nodes import read_json
from recoverable.read.policies import policy_at
from recoverable.recovery.access.powers import Powers
from recoverable.recovery.access.requirements import requirements
from recoverable.recovery.access.scenes import Scene
from recoverable.recovery.access.standing import Standing
from recoverable.recovery.access.targets import foreign
from recoverable.source import Span
from recoverable.text import Hole, joined

ACCOUNT = "123456789012"
REGIONS = ("eu-central-1", "us-east-1")
TEAMS = ("orders", "billing", "search", "users", "mail", "stock", "audit", "media")
MANAGED = (
    "AWSBackupFullAccess", "AWSBackupOperatorAccess", "AWSBackupServiceRolePolicyForBackup",
    "AWSBackupServiceRolePolicyForRestores", "AmazonDynamoDBFullAccess", "AmazonDynamoDBReadOnlyAccess",
    "PowerUserAccess",
)  # fmt: skip
ITEMS = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--roles", type=int, nargs="*", default=[250, 500, 1000, 2000])
    arguments.add_argument("--tables", type=int, nargs="*", default=[125, 250, 500, 1000])
    arguments.add_argument("--capabilities", action="store_true", help="all capabilities of everybody, by all ways")
    given = arguments.parse_args()
    if given.capabilities:
        sys.stdout.write("| roles | tables | answers | seconds | yes |\n|---|---|---|---|---|\n")
        for roles in given.roles:
            capabilities(roles, 500 if len(given.tables) > 1 else given.tables[0])
        return
    sys.stdout.write("| roles | tables | requests | seconds | allowed | depends |\n|---|---|---|---|---|---|\n")
    for roles in given.roles:
        measure(roles, 500 if len(given.tables) > 1 else given.tables[0])
    for tables in given.tables if len(given.tables) > 1 else ():
        measure(1000 if len(given.roles) > 1 else given.roles[0], tables)


def measure(roles: int, tables: int) -> None:
    account = Account(roles, tables)
    start = time.process_time()
    matrix = Matrix(account.questions())
    allowed = depends = 0
    for who, layers in account.callers:
        for row in matrix.row(who, layers):
            allowed += row.sure.bit_count()
            depends += (row.possible ^ row.sure).bit_count()
    seconds = time.process_time() - start
    asked = roles * sum(len(question.targets.items) for question in matrix.questions)
    sys.stdout.write(f"| {roles:,} | {tables:,} | {asked:,} | {seconds:.1f} | {allowed:,} | {depends:,} |\n")


def capabilities(roles: int, tables: int) -> None:
    """Every capability of every role over every table: what rules, who-can and the recovery picture ask for."""
    account = Account(roles, tables)
    known = tuple(requirements().capabilities.values())
    start = time.process_time()
    scene = Scene(Estate())
    targets = [foreign(name, REGIONS[at % 2], ACCOUNT) for at, name in enumerate(account.tables)]
    powers = Powers(targets, scene, known)
    sure = 0
    for at, (who, layers) in enumerate(account.callers):
        standing = Standing(f"role {at}", who, layers, scene.narrowing)
        sure += sum(powers.can(standing, capability.name).sure.bit_count() for capability in known)
    seconds = time.process_time() - start
    sys.stdout.write(f"| {roles:,} | {tables:,} | {roles * tables * len(known):,} | {seconds:.1f} | {sure:,} |\n")


class Account:
    """A made-up account, the same every time."""

    def __init__(self, roles: int, tables: int) -> None:
        self.dice = random.Random(f"{roles} {tables}")
        self.tables = [f"{TEAMS[at % len(TEAMS)]}-{at:05}" for at in range(tables)]
        self.managed = {name: _policy(managed_policy(name).document) for name in MANAGED}  # type: ignore[union-attr]
        self.boundary = _policy(
            _document([_allow(["dynamodb:*", "backup:*", "s3:*", "kms:*"], "*"), _deny("dynamodb:DeleteTable", "*")])
        )
        everything = _policy(_document([_allow("*", "*")]))
        elsewhere = {"StringNotEquals": {"aws:RequestedRegion": list(REGIONS)}}
        self.guards = (
            (Attached(everything),),
            (Attached(everything), Attached(_policy(_document([_deny("*", "*", elsewhere)])))),
            (Attached(everything), Attached(_policy(_document([_deny("backup:DeleteBackupVault*", "*")])))),
        )  # fmt: skip
        self.callers = [(self.caller(at), self.layers(at)) for at in range(roles)]

    def caller(self, at: int) -> Caller:
        tags = {"aws:principaltag/team": Present((joined(TEAMS[at % len(TEAMS)]),))}
        return caller(f"arn:aws:iam::{ACCOUNT}:role/service/{TEAMS[at % len(TEAMS)]}-role-{at:05}")._replace(keys=tags)

    def layers(self, at: int) -> Layers:
        own = [_policy(_document(self.statements(TEAMS[at % len(TEAMS)]))) for _ in range(2)]
        common = [self.managed[self.dice.choice(MANAGED)]] if self.dice.random() < 0.3 else []
        boundary = (Attached(self.boundary),) if self.dice.random() < 0.2 else None
        return Layers(tuple(map(Attached, (*own, *common))), boundary, service_control=self.guards)

    def statements(self, team: str) -> list[dict[str, object]]:
        found = []
        own = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
        for _ in range(self.dice.randint(2, 6)):
            name = self.dice.choice(self.tables)
            region = self.dice.choice((*REGIONS, "*"))
            arn = f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/"
            found.append(
                self.dice.choice(
                    (
                        _allow(ITEMS, [f"{arn}{name}", f"{arn}{name}/index/*"]),
                        _allow("dynamodb:*", f"{arn}{team}-*"),
                        _allow(["dynamodb:CreateBackup", "dynamodb:*Backup"], f"{arn}{name}*"),
                        _allow(["backup:Start*", "backup:Describe*"], "*"),
                        _allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::bucket-{name}/*"),
                        _allow(["logs:*", "sqs:SendMessage"], "*"),
                        _allow("dynamodb:*", "*", own),
                        _deny(["dynamodb:DeleteTable", "dynamodb:DeleteBackup"], f"{arn}*"),
                        _deny("*", "*", {"Bool": {"aws:SecureTransport": "false"}}),
                    )
                )
            )  # fmt: skip
        return found

    def questions(self) -> list[Question]:
        tables = Targets(
            [self.target(at, "dynamodb:{region}:{account}:table/{name}") for at in range(len(self.tables))]
        )
        backups = Targets(
            [
                self.target(at, "dynamodb:{region}:{account}:table/{name}/backup/", some=True)
                for at in range(len(self.tables))
            ]
        )
        points = Targets([self.target(0, "backup:{region}:{account}:recovery-point:", some=True)])
        vaults = Targets([self.target(at, "backup:{region}:{account}:backup-vault:{name}") for at in range(10)])
        found = []
        for action in sorted({action for group in groups().values() for action in group} | set(ITEMS)):
            if action.startswith("dynamodb:"):
                found.append(Question(action, backups if action.endswith(("Backup",)) else tables))
            elif action.startswith("backup:"):
                found.append(Question(action, points if "RecoveryPoint" in action else vaults))
        return found

    def target(self, at: int, shape: str, *, some: bool = False) -> Target:
        region, name = REGIONS[at % 2], self.tables[at % len(self.tables)]
        written = "arn:aws:" + shape.format(region=region, account=ACCOUNT, name=name)
        resource = joined(written, Hole("any of them")) if some else joined(written)
        known = {
            "aws:requestedregion": Present((joined(region),)),
            "aws:resourcetag/team": Present((joined(name.partition("-")[0]),)),
        }
        policy = None
        if at % 10 == 0 and "table/{name}" in shape and not some:
            role = f"arn:aws:iam::{ACCOUNT}:role/service/{TEAMS[0]}-role-{at:05}"
            statement = {**_allow(ITEMS, written), "Principal": {"AWS": role}}
            policy = ResourcePolicy((Attached(_policy(_document([statement]))),), "table")
        return Target(resource, Context(known, open="the request is not known"), policy=policy)


def _allow(action: object, resource: object, condition: object = None) -> dict[str, object]:
    found = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {**found, "Condition": condition} if condition else found


def _deny(action: object, resource: object, condition: object = None) -> dict[str, object]:
    return {**_allow(action, resource, condition), "Effect": "Deny"}


def _document(statements: list[dict[str, object]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _policy(document: str) -> Policy:
    return policy_at(read_json(document, "account.json"), Span("account.json", 1, 1, 1, 1))


if __name__ == "__main__":
    main()
