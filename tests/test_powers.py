"""All capabilities of everybody at once: what is said of each pair is what is said when it is asked about by itself."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

import made_permissions
from permissions import CAPABILITIES, answer, ask_bare, estate, policy
from recoverable.recovery.capabilities import can
from recoverable.recovery.powers import Powers
from recoverable.recovery.scenes import Scene
from recoverable.recovery.targets import foreign, target_of
from recoverable.truth import Answer

if TYPE_CHECKING:
    from pathlib import Path


def differences(folder: Path, seed: int, tables: int = 2) -> list[str]:
    """Where the two disagree."""
    read = estate(folder, app=made_permissions.template(seed))
    scene = Scene(read)
    targets = [target_of(item, read) for item in read.tables.present()[:tables]]
    powers = Powers(targets, scene, tuple(CAPABILITIES.values()))
    found = []
    for standing in powers.standings:
        for name, capability in CAPABILITIES.items():
            together = powers.can(standing, name)
            for at, target in enumerate(targets):
                alone = can(standing, capability, target, scene).answer
                # A witness may settle by itself what is open for the usual name.
                if together[at] is not alone and (together[at], alone) != (Answer.UNKNOWN, Answer.YES):
                    found.append(f"{standing.title} {name} {target.name.shown()}: {together[at].value}, {alone.value}")
    return found


@pytest.mark.parametrize("seed", range(1, 4))
def test_the_matrix_says_what_single_questions_say(tmp_path: Path, seed: int) -> None:
    assert differences(tmp_path, seed) == []


RANK = {"no": 0, "depends": 1, "yes": 2}


@pytest.mark.parametrize("seed", range(8))
def test_a_denial_more_never_allows_and_a_grant_more_never_denies(seed: int) -> None:
    dice = Random(seed)
    written = [made_permissions.statement(dice) for _ in range(6)]
    denial = {**made_permissions.statement(dice), "Effect": "Deny"}
    grant = {**made_permissions.statement(dice), "Effect": "Allow"}
    table = foreign("orders", made_permissions.REGION, made_permissions.ACCOUNT)

    for name in CAPABILITIES:
        before = RANK[answer(ask_bare(policy(*written), name, table=table))]
        assert RANK[answer(ask_bare(policy(*written, denial), name, table=table))] <= before
        assert RANK[answer(ask_bare(policy(*written, grant), name, table=table))] >= before
        assert RANK[answer(ask_bare(policy(*reversed(written)), name, table=table))] == before
