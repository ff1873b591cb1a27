"""Whatever people do to a request, in whatever order: it is in one state, and an end stays one."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from crm_core import Refused
from plugins.signatures import ending, evidence, signing
from plugins.signatures.values import Stage
from tests.plugins.documents.people import ANNA, BEN
from tests.plugins.signatures.asking import seen, sent, sign, signer, to_sign, work

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.plugins.documents.people import Practice

ROUNDS, STEPS = 10, 7
ENDS = (Stage.SIGNED, Stage.DECLINED, Stage.VOIDED)


def _decline(practice: Practice, request: str) -> None:
    one = signer(practice, request, BEN)
    with practice.as_client(BEN) as ctx:
        signing.decline(ctx, practice.account, one.public_id, "No.")


def _void(practice: Practice, request: str) -> None:
    with practice.as_owner() as ctx:
        ending.void(ctx, practice.account, request, "Wrong.")


def _remind(practice: Practice, request: str) -> None:
    with practice.as_owner() as ctx:
        ending.remind(ctx, practice.account, request)


ACTIONS: dict[str, Callable[[Practice, str], object]] = {
    "anna": lambda practice, request: sign(practice, request, ANNA),
    "ben": lambda practice, request: sign(practice, request, BEN),
    "decline": _decline,
    "void": _void,
    "remind": _remind,
    "work": lambda practice, _request: work(practice),
}
WEIGHTS = {"anna": 4, "ben": 4, "decline": 1, "void": 1, "remind": 2, "work": 2}


def allowed(action: str, stage: Stage, signed: set[str]) -> bool:
    """What the rules say: whether it may happen now."""
    if action == "work":
        return True
    if stage is not Stage.PENDING:
        return False
    return action not in signed and not (action == "decline" and "ben" in signed)


def after(action: str, stage: Stage, signed: set[str]) -> Stage:
    """The state that follows, where it was allowed."""
    if action in ("anna", "ben"):
        return Stage.COMPLETING if signed == {"anna", "ben"} else stage
    if action == "work" and stage is Stage.COMPLETING:
        return Stage.SIGNED
    return {"decline": Stage.DECLINED, "void": Stage.VOIDED}.get(action, stage)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_request_goes_as_the_rules_say(practice: Practice, seed: int) -> None:
    """SIG-3: a model of it says what is allowed; of what is not, nothing is left behind."""
    random = Random(seed)
    document = to_sign(practice)
    request = sent(practice, document)
    stage, signed = Stage.PENDING, set[str]()
    for action in random.choices(list(WEIGHTS), list(WEIGHTS.values()), k=STEPS):
        before = seen(practice, request)
        if allowed(action, stage, signed):
            ACTIONS[action](practice, request)
            signed |= {action} & {"anna", "ben"}
            stage = after(action, stage, signed)
        else:
            with pytest.raises(Refused):
                ACTIONS[action](practice, request)
            assert seen(practice, request) == before, action
        now = seen(practice, request)
        assert (now.stage, now.signed_count) == (stage, len(signed)), action
        assert (now.ended is not None) is (stage in ENDS)
        with practice.as_owner() as ctx:
            assert evidence.is_whole(evidence.chain_of(ctx, now.id))
    versions = practice.seen(document, practice.as_owner).number
    assert versions == (2 if stage is Stage.SIGNED else 1)
