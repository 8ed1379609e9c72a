"""A loopback AWS for tests: an HTTP server that answers by botocore's service models about a world of plain records.

    with Stub(world) as stub:                       # ephemeral port on 127.0.0.1, a thread of this process
        environment = stub.environment()            # AWS_ENDPOINT_URL, keys and Region for a command line
        stub.deny("dynamodb:DescribeTable", TableName="orders")
        ...
        stub.counts["dynamodb:DescribeTable"]       # requests that came, refused ones included
    assert stub.mistakes == []                      # answers that do not fit the shapes of botocore

`world` says how to fill an account, `answers` what each call says about it, `faults` what can go wrong: denials, limits
per second, errors, silence, nonsense, unknown fields, empty pages, repeated tokens, credentials that expire. An access
key is `AKIA` and the account's id and `ROOT`; `sts:AssumeRole` gives keys of other accounts (`World.roles`, if not
empty, lists the roles that can be assumed, with their external id).

`moto_server` (tests/moto_server.py) does for DynamoDB, IAM, KMS, STS, Organizations and tagging what it is better at:
it keeps state. One command line can use both: AWS_ENDPOINT_URL for moto, AWS_ENDPOINT_URL_BACKUP for the stub
(`stub.environment("backup", "scheduler")`).
"""

from __future__ import annotations

from aws_stub.server import Stub
from aws_stub.world import Account, Organization, Refused, Region, World

__all__ = ["Account", "Organization", "Refused", "Region", "Stub", "World"]
