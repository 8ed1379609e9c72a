"""The printed policy is enough, and nothing in it can be left out."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from permissions import ACCOUNT, CAPABILITIES, REGION, TABLE, SceneWithRole, answer, role, standing
from recoverable.cli.main import run
from recoverable.estate.tables import Replica, Tags
from recoverable.recovery.access.capabilities import can
from recoverable.recovery.access.grants import Around, document, grants_for
from recoverable.recovery.access.targets import foreign, with_key
from recoverable.text import Text
from recoverable.truth import Answer, Truth
from recoverable.value import Known, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverable.recovery.access.capabilities import Verdict
    from recoverable.recovery.access.requirements import Capability, Mode
    from recoverable.recovery.access.targets import Target

FIXTURES = Path(__file__).parents[1] / "fixtures" / "policies"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
VAULT_KEY = KEY.replace("1111", "9999")

#: Every way of everything, with and without keys, in practice and by the letter, where that makes a difference.
CASES = [
    pytest.param(capability, mode, keyed, strict, id=f"{capability.name}-{mode.name}-{keyed}-{strict}")
    for capability in CAPABILITIES.values()
    for mode in capability.modes
    for keyed in (False, True)
    for strict in (False, True)
    if (any("key" in need.when for need in mode.needs) or not keyed)
    and (keyed or mode.name != "kill-key")
    and (any(need.strict for need in mode.needs) or not strict)
]


def target(*, keyed: bool) -> Target:
    """A table of which everything is so that some way is bound to."""
    made = foreign("WebSeries", REGION, ACCOUNT)
    sure = Truth(Answer.YES)
    holding = made.holdings[0]._replace(removable=sure, air_gapped=sure)
    if keyed:
        made = with_key(made, KEY)
        holding = holding._replace(key=Value("key", Known(Text((VAULT_KEY,)), None)))
    given = {name: sure for name in made.given if name != "table-key"}
    return made._replace(given={**made.given, **given}, holdings=(holding,), replicas=(replica_of(made),))


def replica_of(table: Target) -> Replica:
    off = Value("PointInTimeRecoveryEnabled", Known(False, None))
    none: Value[Any] = Value("nothing", Known(None, None))
    arn = Text((f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/WebSeries",))
    whole: Any = None
    return Replica(table.subject, whole, arn, off, Value("window", Known(35, None)), off, none, none, Tags())


def around(*, keyed: bool) -> Around:
    return Around(key=KEY if keyed else "", vault_key=VAULT_KEY if keyed else "")


def verdict(
    capability: Capability, mode: Mode, caller: dict[str, Any], taken_on: dict[str, Any], *, keyed: bool, strict: bool
) -> Verdict:
    scene = SceneWithRole(role(taken_on), strict=strict)
    return can(standing(caller), capability, target(keyed=keyed), scene, mode.name)


def lesser(whole: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The policy without one action or one resource of one statement."""
    for at, statement in enumerate(whole["Statement"]):
        for element in ("Action", "Resource"):
            listed = statement[element] if isinstance(statement[element], list) else [statement[element]]
            for word in listed:
                made = deepcopy(whole)
                rest = [other for other in listed if other != word]
                if rest:
                    made["Statement"][at][element] = rest
                else:
                    del made["Statement"][at]
                yield f"{statement['Sid']} without {word}", made


@pytest.mark.parametrize(("capability", "mode", "keyed", "strict"), CASES)
def test_the_policy_is_enough_and_no_part_of_it_can_go(
    capability: Capability, mode: Mode, keyed: bool, strict: bool
) -> None:
    asked = target(keyed=keyed)
    caller, taken_on = (
        document(grants_for([mode], asked, around(keyed=keyed), actor=actor, strict=strict))
        for actor in ("caller", "role")
    )

    assert answer(verdict(capability, mode, caller, taken_on, keyed=keyed, strict=strict)) == "yes"
    too_much = [
        said
        for said, less in lesser(caller)
        if answer(verdict(capability, mode, less, taken_on, keyed=keyed, strict=strict)) != "no"
    ]
    too_much += [
        said
        for said, less in lesser(taken_on)
        if answer(verdict(capability, mode, caller, less, keyed=keyed, strict=strict)) != "no"
    ]
    assert too_much == []


@pytest.mark.parametrize(("options", "name"), [((), "fixed"), (("--strict-sar",), "fixed-strict")])
def test_the_command_prints_the_fixed_policy(
    options: tuple[str, ...], name: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    code = run(["policy", "back-up,restore", "--table", TABLE, *options])

    assert code == 0
    printed = json.loads(capsysbinary.readouterr().out)
    assert printed == json.loads((FIXTURES / f"webseries-{name}.json").read_text(encoding="utf-8"))
