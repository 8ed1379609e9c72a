"""How long it takes to read who may act: roles with what hangs on them, from each kind of input, and how that grows.

    python benchmarks/principals.py
    python benchmarks/principals.py --roles 1000 2000

Each role has a trust policy, an inline policy of two statements, and one of 200 managed policies of eight.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

from recoverable.estate.documents import gathered, statements_of
from recoverable.templates import Templates

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ACTIONS = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "s3:GetObject", "logs:PutLogEvents"]
MANAGED = 200


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--roles", type=int, nargs="*", default=[250, 500, 1000])
    given = arguments.parse_args()
    sys.stdout.write("| roles | input | megabytes | seconds | statements |\n|---|---|---|---|---|\n")
    for roles in given.roles:
        for name, text in (
            ("get-account-authorization-details", account(roles)),
            ("CloudFormation, JSON", template(roles)),
            ("Terraform", configuration(roles)),
        ):
            path = "main.tf" if name == "Terraform" else "input.json"
            data = text.encode()
            start = time.process_time()
            found = statements({path: data})
            seconds = time.process_time() - start
            sys.stdout.write(f"| {roles} | {name} | {len(data) / 1e6:.1f} | {seconds:.2f} | {found} |\n")


def statements(files: Mapping[str, bytes]) -> int:
    """How many statements there are once everybody and everything is read."""
    templates = Templates(files.get)
    for path, data in files.items():
        templates.add(path, data)
    reading = templates.reading(lambda _: {})
    assert not templates.faults
    return len(statements_of(gathered(reading.principals, reading.documents)))


def document(number: int, count: int) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"S{index}",
                "Effect": "Allow",
                "Action": ACTIONS,
                "Resource": [f"arn:aws:dynamodb:eu-west-1:111122223333:table/t{number}-{index}"],
                "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1"]}},
            }
            for index in range(count)
        ],
    }


def account(roles: int) -> str:
    own = "arn:aws:iam::111122223333:"
    answer = {
        "RoleDetailList": [
            {
                "RoleName": f"r{number}",
                "Arn": f"{own}role/r{number}",
                "AssumeRolePolicyDocument": TRUST,
                "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document(number, 2)}],
                "AttachedManagedPolicies": [{"PolicyArn": f"{own}policy/m{number % MANAGED}"}],
            }
            for number in range(roles)
        ],
        "Policies": [
            {
                "PolicyName": f"m{number}",
                "Arn": f"{own}policy/m{number}",
                "PolicyVersionList": [{"Document": document(number, 8), "IsDefaultVersion": True}],
            }
            for number in range(MANAGED)
        ],
    }
    return json.dumps(answer, indent=1)


def template(roles: int) -> str:
    resources: dict[str, Any] = {
        f"M{number}": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document(number, 8)}}
        for number in range(MANAGED)
    }
    for number in range(roles):
        resources[f"R{number}"] = {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": TRUST,
                "Policies": [{"PolicyName": "own", "PolicyDocument": document(number, 2)}],
                "ManagedPolicyArns": [{"Ref": f"M{number % MANAGED}"}],
            },
        }
    return json.dumps({"Resources": resources}, indent=1)


def configuration(roles: int) -> str:
    def blocks() -> Iterable[str]:
        for number in range(MANAGED):
            eight = json.dumps(document(number, 8))
            yield f'resource "aws_iam_policy" "m{number}" {{\n  policy = jsonencode({eight})\n}}'
        for number in range(roles):
            trust, own = json.dumps(TRUST), json.dumps(document(number, 2))
            yield f'resource "aws_iam_role" "r{number}" {{\n  assume_role_policy = jsonencode({trust})\n}}'
            named = f"role = aws_iam_role.r{number}.name"
            yield f'resource "aws_iam_role_policy" "p{number}" {{\n  {named}\n  policy = jsonencode({own})\n}}'
            arn = f"policy_arn = aws_iam_policy.m{number % MANAGED}.arn"
            yield f'resource "aws_iam_role_policy_attachment" "a{number}" {{\n  {named}\n  {arn}\n}}'

    return "\n".join(blocks())


if __name__ == "__main__":
    main()
