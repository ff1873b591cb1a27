"""Two people at once: one valid state comes of it, and whoever was late reads a sentence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from crm_core import Happened, Refused, audit
from plugins.signatures import completing, ending, evidence
from plugins.signatures.values import Stage
from tests.plugins.documents.people import ANNA, BEN
from tests.plugins.signatures.asking import seen, sent, sign, to_sign, work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.plugins.documents.people import Practice


def at_once(practice: Practice, *calls: Callable[[], object]) -> Sequence[str]:
    """What comes of these, begun in the same moment: "" or why it was refused."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> str:
        start.wait()
        try:
            call()
        except Refused as refused:
            return str(refused.sentence)
        finally:
            practice.store.close()
        return ""

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_last_two_sign_in_the_same_second(practice: Practice) -> None:
    """SIG-2: it is sealed once, with both."""
    document = to_sign(practice)
    request = sent(practice, document)
    said = at_once(
        practice,
        lambda: sign(practice, request, ANNA),
        lambda: sign(practice, request, BEN),
    )
    assert said == ["", ""]
    assert seen(practice, request).stage is Stage.COMPLETING
    work(practice)
    assert practice.seen(document, practice.as_owner).number == 2
    with practice.as_owner() as ctx:
        told = [entry.event for entry in audit.history(ctx, about=document).entries]
    assert told.count("signatures.all_signed") == 1
    assert told.count("signatures.sealed") == 1


def test_the_same_signature_twice_at_once_is_one(practice: Practice) -> None:
    request = sent(practice)
    said = at_once(practice, *[lambda: sign(practice, request, ANNA)] * 3)
    assert sorted(said)[0] == ""
    assert set(sorted(said)[1:]) == {"You have signed this already."}
    key = seen(practice, request).id
    with practice.as_owner() as ctx:
        chain = evidence.chain_of(ctx, key)
    assert [one.what for one in chain].count("signed") == 1
    assert evidence.is_whole(chain)


def test_signing_against_voiding_is_one_of_both(practice: Practice) -> None:
    request = sent(practice, "", ANNA)

    def void() -> None:
        with practice.as_owner() as ctx:
            ending.void(ctx, practice.account, request, "Wrong.")

    signed, voided = at_once(practice, lambda: sign(practice, request, ANNA), void)
    found = seen(practice, request)
    assert (signed == "") is not (voided == "")
    assert found.stage is (Stage.VOIDED if voided == "" else Stage.COMPLETING)
    assert found.signed_count == (0 if voided == "" else 1)


def test_two_workers_keep_one_seal(practice: Practice) -> None:
    """SIG-2: each has made one; the later finds it done, and what it made is forgotten."""
    document = to_sign(practice)
    sign(practice, sent(practice, document, ANNA), ANNA)
    told = Happened(event="signatures.all_signed", account_id=practice.account.id, about=document)

    def seal() -> None:
        with practice.as_owner() as ctx:
            made = completing.make(ctx, told)
        both.wait()
        with practice.as_owner() as ctx:
            completing.keep(ctx, told, made)

    both = Barrier(2)
    assert at_once(practice, seal, seal) == ["", ""]
    assert practice.seen(document, practice.as_owner).number == 2
