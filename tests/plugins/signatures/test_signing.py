"""Signing: in the portal, from a mail, as a colleague; and what ends it (features.md 2.8)."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from crm_core import NotAllowed, NotFound, Refused, audit
from crm_core.inbox import inbox_page
from crm_core.links import linked_contacts, unlink_contact
from plugins.documents import actions as of_documents
from plugins.documents.forms import Confirm
from plugins.documents.values import Access
from plugins.signatures import cards, ending, evidence, preparing, saving, signing, store
from plugins.signatures.sealing.values import Kind
from plugins.signatures.values import How, Stage
from tests.pictures import encoded, quarters
from tests.plugins.documents.mailed import links
from tests.plugins.documents.people import ANNA, BEN, EMIL, put
from tests.plugins.signatures.asking import (
    a_pdf,
    content,
    draft,
    mail_everybody,
    seen,
    sent,
    sign,
    signer,
    signing_as,
    to_sign,
)
from tests.web.browsing import form_of

if TYPE_CHECKING:
    from flask import Flask

    from tests.plugins.documents.people import Practice
    from web.bootstrap import Deployment

PICTURE = encoded(quarters(40, 40))
DRAWN = "data:image/png;base64," + base64.b64encode(PICTURE).decode()


def words_on(practice: Practice, document: str) -> list[str]:
    """What the team reads on the document."""
    found = practice.seen(document, practice.as_owner)
    return [str(one.state.word) for one in found.standings]


def test_each_signs_and_the_state_tells_how_many(practice: Practice) -> None:
    """SIG-3, DOC-4: pending x/y, partially signed, and once all have it is being sealed."""
    document = to_sign(practice)
    request = sent(practice, document)
    assert words_on(practice, document) == ["Pending signature 0/2"]
    assert sign(practice, request, ANNA).stage is Stage.PENDING
    assert words_on(practice, document) == ["Partially signed 1/2"]
    assert sign(practice, request, BEN).stage is Stage.COMPLETING
    assert words_on(practice, document) == ["Being sealed"]


def test_in_order_the_next_is_asked_when_the_one_before_has_signed(practice: Practice) -> None:
    """SIG-1: who is not asked yet cannot sign."""
    request = sent(practice, "", ANNA, BEN, in_order=True)
    first, second = seen(practice, request).signers
    assert first.asked is not None
    assert second.asked is None
    with pytest.raises(Refused, match="not your turn yet"):
        sign(practice, request, second.address)
    sign(practice, request, first.address)
    assert seen(practice, request).signers[1].asked is not None
    assert sign(practice, request, second.address).stage is Stage.COMPLETING


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"consent": False}, "consent"),
        ({"typed": ""}, "typed"),
    ],
)
def test_nothing_is_signed_without_consent_and_a_signature(
    practice: Practice, said: dict[str, Any], at: str
) -> None:
    request = sent(practice)
    with pytest.raises(Refused) as refused:
        sign(practice, request, ANNA, **said)
    assert refused.value.at == at
    assert seen(practice, request).signed_count == 0


def test_every_field_is_filled_to_finish(practice: Practice) -> None:
    """SIG-2: texts and initials too; the date is that of signing."""
    public_id = draft(practice, "", ANNA)
    request = seen(practice, public_id)
    kinds = (Kind.TEXT, Kind.INITIALS)
    more = [evolve(request.fields[0], kind=kind, y=100, label="BSN") for kind in kinds]
    with practice.as_owner() as ctx:
        saving.set_fields(ctx, request, [*request.fields, *more])
        preparing.send(ctx, practice.account, public_id, request.version)
    request = seen(practice, public_id)
    (text,) = (one for one in request.fields if one.kind is Kind.TEXT)
    texts = {text.id: "123456782"}
    for said, at in (
        ({"texts": texts}, "initials"),
        ({"initials": "AC", "texts": {text.id: ""}}, f"field_{text.id}"),
    ):
        with pytest.raises(Refused) as refused:
            sign(practice, public_id, ANNA, **said)
        assert refused.value.at == at
    done = sign(practice, public_id, ANNA, initials="AC", texts=texts)
    assert {one.kind: one.value for one in done.fields} == {
        Kind.SIGNATURE: ANNA,
        Kind.DATE: done.signers[0].signed.date().isoformat(),  # type: ignore[union-attr]
        Kind.TEXT: "123456782",
        Kind.INITIALS: "AC",
    }


def test_a_signature_is_drawn(practice: Practice) -> None:
    request = sent(practice, "", ANNA)
    picture = signing.picture_from(DRAWN)
    sign(practice, request, ANNA, typed="", picture=picture)
    found = seen(practice, request).signers[0]
    assert (found.how, found.picture) == (How.DRAWN, picture)
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("drawn", ["data:image/png;base64,AAAA", "nonsense !", DRAWN[:-40]])
def test_what_is_no_drawing_is_refused(drawn: str) -> None:
    """And whoever sent it is asked to draw again, or to type."""
    with pytest.raises(Refused, match="Draw it again") as refused:
        signing.picture_from(drawn)
    assert refused.value.at == "typed"


def test_declining_ends_it_for_everybody_and_says_why(practice: Practice) -> None:
    document = to_sign(practice)
    request = sent(practice, document)
    one = signer(practice, request, BEN)
    with practice.as_client(BEN) as ctx, pytest.raises(Refused) as refused:
        signing.decline(ctx, practice.account, one.public_id, " ")
    assert refused.value.at == "reason"
    with practice.as_client(BEN) as ctx:
        signing.decline(ctx, practice.account, one.public_id, "The year is wrong.")
    found = seen(practice, request)
    assert (found.stage, found.reason) == (Stage.DECLINED, "The year is wrong.")
    assert words_on(practice, document) == ["Declined"]
    with pytest.raises(Refused, match="Somebody declined"):
        sign(practice, request, ANNA)
    with practice.as_employee() as ctx:
        (entry,) = inbox_page(ctx, 5).entries
    assert str(entry.what).endswith("declined to sign Return.pdf: The year is wrong.")


def test_a_request_is_voided_and_its_document_is_free_again(practice: Practice) -> None:
    document = to_sign(practice)
    request = sent(practice, document)
    sign(practice, request, ANNA)
    with practice.as_owner() as ctx:
        ending.void(ctx, practice.account, request, "A wrong file.")
    with pytest.raises(Refused, match="taken back"):
        sign(practice, request, BEN)
    with practice.as_owner() as ctx, pytest.raises(Refused, match="taken back"):
        ending.void(ctx, practice.account, request, "Again.")
    assert words_on(practice, document) == []
    assert sent(practice, document) != request


def test_after_its_day_nobody_can_sign(practice: Practice) -> None:
    """SIG-3: on the day itself they still can."""
    request = sent(practice, "", ANNA, BEN, days=0)
    sign(practice, request, ANNA)
    one = signer(practice, request, BEN)
    with practice.as_client(BEN) as ctx, pytest.raises(Refused, match="is past"):
        tomorrow = evolve(ctx, now=ctx.now + timedelta(days=1))
        signing.sign(tomorrow, practice.account, one.public_id, signing_as())
    with practice.as_owner() as ctx:
        ending.expire_old_ones(ctx)
    assert seen(practice, request).stage is Stage.PENDING
    with practice.as_owner() as ctx:
        ending.expire_old_ones(evolve(ctx, now=ctx.now + timedelta(days=1)))
    assert seen(practice, request).stage is Stage.EXPIRED


def test_only_the_signer_signs(practice: Practice) -> None:
    request = sent(practice, "", ANNA)
    one = signer(practice, request, ANNA)
    for ask in (lambda: practice.as_client(BEN), practice.as_owner, practice.as_employee):
        with ask() as ctx, pytest.raises(NotFound):
            signing.sign(ctx, practice.account, one.public_id, signing_as())
    waiting = draft(practice, to_sign(practice, "Other.pdf"), ANNA)
    with practice.as_client() as ctx, pytest.raises(NotFound):
        early = signer_of(waiting, practice)
        signing.sign(ctx, practice.account, early, signing_as())
    with practice.as_client() as ctx, pytest.raises(NotAllowed):
        ending.void(ctx, practice.account, request, "No.")


def signer_of(request: str, practice: Practice) -> str:
    """The public id of the first signer, within an open transaction."""
    from plugins.signatures.rows import RequestRow, SignerRow

    with_id = RequestRow.public_id == request
    store_ = practice.store
    scope = type("Scope", (), {"store": store_, "firm": practice.firm})()
    found = RequestRow.of(scope).where(with_id).get()
    return str(SignerRow.of(scope).where(SignerRow.request_id == found.id).get().public_id)


def test_whoever_is_unlinked_cannot_sign_and_the_team_hears_of_it(practice: Practice) -> None:
    request = sent(practice)
    one = signer(practice, request, BEN)
    with practice.as_owner() as ctx:
        (ben,) = (c for c in linked_contacts(ctx, practice.account) if BEN in c.own_emails)
        unlink_contact(ctx, practice.account, ben.id)
    with pytest.raises(NotFound), practice.as_client(BEN) as ctx:
        signing.sign(ctx, practice.account, one.public_id, signing_as())
    with practice.as_employee() as ctx:
        (entry,) = inbox_page(ctx, 5).entries
    assert "can no longer sign" in str(entry.what)
    assert sign(practice, request, ANNA).stage is Stage.PENDING


def _replace(practice: Practice, _document: str) -> str:
    folder = f"{practice.tab}/folders/{practice.top(Access.SEES)}/upload"
    return put(practice.owner, folder, ("Return.pdf", a_pdf(1))).text


def _trash(practice: Practice, document: str) -> str:
    found = practice.seen(document, practice.as_owner)
    with pytest.raises(Refused) as refused, practice.as_owner() as ctx:
        of_documents.trash(ctx, found, Confirm(version=found.version))
    return str(refused.value.sentence)


@pytest.mark.parametrize("change", [_replace, _trash])
def test_what_is_out_to_be_signed_stays_as_it_is(practice: Practice, change: Any) -> None:
    document = to_sign(practice)
    request = sent(practice, document)
    assert "out to be signed" in change(practice, document)
    assert practice.seen(document, practice.as_owner).number == 1
    assert sign(practice, request, ANNA).stage is Stage.PENDING


def test_a_colleague_signs_too(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        name = next(
            one.name
            for key, one in preparing.possible_signers(ctx, practice.account).items()
            if key.startswith("staff-") and one.member_id != ctx.viewer.member_id
        )
    request = sent(practice, "", name)
    one = signer(practice, request, name)
    emil = practice.browser_for(EMIL)
    page = f"/f/acme/accounts/{practice.account.public_id}/signatures/sign/{one.public_id}"
    assert "Please sign: Return.pdf" in emil.get("/f/acme/inbox").text
    form = form_of(emil.get(page).text)
    said = {"said": "sign", "consent": "1", "typed": "Emil"}
    done = emil.post(page, data={**form, **said}, follow_redirects=True)
    assert "the sealed document comes by mail" in done.text
    assert practice.owner.get(page).status_code == 404


def test_the_evidence_is_a_chain_that_breaks_where_it_is_changed(practice: Practice) -> None:
    """SIG-4: consent, who, when, address, browser, hash of the document."""
    request = sent(practice)
    with practice.as_client() as ctx:
        signing.note_seen(ctx, practice.account, _signer_in(ctx, practice, request, ANNA))
    sign(practice, request, ANNA)
    with practice.as_owner() as ctx:
        found = store.request_of(ctx, practice.account.id, request)
        chain = evidence.chain_of(ctx, found.id)
    assert [one.what for one in chain] == ["sent", "asked", "asked", "seen", "consented", "signed"]
    assert evidence.is_whole(chain)
    for wrong in (
        [*chain[:2], *chain[3:]],
        [evolve(chain[0], who="Somebody else"), *chain[1:]],
        [chain[1], chain[0], *chain[2:]],
        [*chain[:-1], evolve(chain[-1], at=chain[-1].at + timedelta(seconds=1))],
    ):
        assert not evidence.is_whole(wrong)


def _signer_in(ctx: Any, practice: Practice, request: str, who: str) -> str:
    found = store.request_of(ctx, practice.account.id, request)
    return next(one.public_id for one in found.signers if one.address == who)


def test_a_mail_leads_to_signing_and_a_get_signs_nothing(
    practice: Practice, deployment: Deployment, app: Flask
) -> None:
    """POR-7: each link signs as who the mail went to; once, whatever a scanner opens before."""
    mail_everybody(practice)
    request = sent(practice)
    found = links(practice, deployment, app)
    assert set(found) == {ANNA, BEN}
    nobody = app.test_client()
    for path in (found[ANNA], f"{found[ANNA]}?show=file", f"{found[ANNA]}?show=1"):
        for _time in range(2):
            assert nobody.get(path).status_code == 200
    nobody.head(found[BEN])
    assert seen(practice, request).signed_count == 0
    assert signer(practice, request, ANNA).seen is not None
    assert signer(practice, request, BEN).seen is None
    form = form_of(nobody.get(found[ANNA]).text)
    said = {"said": "sign", "consent": "1", "typed": "Anna"}
    for _time in range(2):
        answer = nobody.post(found[ANNA], data={**form, **said})
        assert "Your signature is kept." in answer.text
    assert seen(practice, request).signed_count == 1
    assert signer(practice, request, ANNA).text == "Anna"
    again = nobody.get(found[ANNA])
    assert "You have signed. Others are still asked." in again.text
    declined = {**form_of(nobody.get(found[BEN]).text), "said": "decline"}
    assert nobody.post(found[BEN], data=declined).status_code == 422
    declined["reason"] = "No."
    assert "do not sign" in nobody.post(found[BEN], data=declined).text
    assert nobody.get(found[ANNA]).status_code == 404


def test_the_portal_and_the_overview_say_what_is_to_be_signed(practice: Practice) -> None:
    """O7, O8, POR-3: until it is done."""
    document = to_sign(practice)
    request = sent(practice, document)
    anna = practice.browser_for(ANNA)
    home = f"/p/acme/{practice.account.public_id}"
    one = signer(practice, request, ANNA)
    assert f"{home}/signatures/{one.public_id}" in anna.get(home).text
    assert "Waits for you" in anna.get(f"{home}/signatures").text
    assert f"{home}/signatures/{one.public_id}" in anna.get(f"{home}/documents/{document}").text
    with practice.as_owner() as ctx:
        items = cards.latest(ctx, practice.account).values["items"]
        from plugins.approvals.cards import waiting_for_clients

        waiting = waiting_for_clients(ctx, practice.account).values["items"]
    assert [(item.what, str(item.state.word)) for item in items] == [
        ("Return.pdf", "Pending signature 0/2")
    ]
    assert [item.what for item in waiting] == ["Return.pdf"]
    sign(practice, request, ANNA)
    assert f"{home}/signatures/{one.public_id}" not in anna.get(home).text


def test_signers_are_reminded_by_hand(practice: Practice) -> None:
    request = sent(practice)
    with practice.as_owner() as ctx:
        ending.remind(ctx, practice.account, request)
        found = store.request_of(ctx, practice.account.id, request)
        chain = evidence.chain_of(ctx, found.id)
    assert [one.what for one in chain][-2:] == ["reminded", "reminded"]
    with practice.as_owner() as ctx:
        told = audit.history(ctx, account_id=practice.account.id).entries
    assert "signatures.reminded" in [entry.event for entry in told]


def test_the_document_is_not_changed_by_a_signature_alone(practice: Practice) -> None:
    document = to_sign(practice)
    request = sent(practice, document)
    sign(practice, request, ANNA)
    assert content(practice, document) == a_pdf()
    assert re.fullmatch(r"[0-9a-f]{64}", seen(practice, request).hash_before)
