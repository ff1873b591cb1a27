"""Preparing a request: the document, who signs, where; and sending it (features.md 2.8)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from crm_core import NotAllowed, Refused, Stale
from plugins.documents.values import Access
from plugins.signatures import placing, preparing, store
from plugins.signatures.forms import NewRequest, PlacedFields
from plugins.signatures.sealing.values import Kind
from plugins.signatures.values import Stage
from tests.plugins.documents.making import a_document
from tests.plugins.documents.people import ANNA, BEN, put
from tests.plugins.signatures.asking import a_pdf, draft, keys_of, seen, sent, to_sign
from tests.web.browsing import form_of

if TYPE_CHECKING:
    from tests.plugins.documents.people import Practice

A_FIELD = {"signer": 1, "kind": "signature", "page": 1, "x": 1, "y": 2, "width": 900, "height": 400}


def wanted(practice: Practice, document: str, **more: Any) -> NewRequest:
    """What the form says."""
    with practice.as_owner() as ctx:
        values = {
            "signers": keys_of(ctx, practice.account, ANNA, BEN),
            "expires": ctx.today + timedelta(days=3),
            **more,
        }
        return NewRequest(document=document, **values)


def refused_at(practice: Practice, value: NewRequest) -> tuple[str, str]:
    """Where and why it is refused."""
    with practice.as_owner() as ctx, pytest.raises(Refused) as refused:
        measured = preparing.measure(ctx, practice.account, value)
        preparing.make_request(ctx, practice.account, measured)
    return refused.value.at, str(refused.value.sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"no PDF at all", "no PDF"), (a_pdf()[:300], "no PDF"), (b"%PDF-1.7\n", "no PDF")],
)
def test_what_is_no_pdf_is_refused_with_the_reason(
    practice: Practice, content: bytes, sentence: str
) -> None:
    """SIG-5: at the request, and nothing is made."""
    document = to_sign(practice, content=content)
    at, why = refused_at(practice, wanted(practice, document))
    assert at == "document"
    assert sentence in why
    with practice.as_owner() as ctx:
        assert store.page_of(ctx, practice.account.id, "", "", 5).requests == []


def test_what_clients_cannot_see_is_not_signed(practice: Practice) -> None:
    with practice.as_owner() as ctx:
        document = a_document(ctx, practice.account, Access.PRIVATE, content=a_pdf())
    at, why = refused_at(practice, wanted(practice, document))
    assert (at, "do not see" in why) == ("document", True)


def test_who_signs_and_until_when_has_to_make_sense(practice: Practice) -> None:
    document = to_sign(practice)
    today = wanted(practice, document).expires - timedelta(days=3)
    for more, where in (
        ({"signers": ()}, "signers"),
        ({"signers": ("client-99999",)}, "signers"),
        ({"expires": today - timedelta(days=1)}, "expires"),
        ({"expires": today + timedelta(days=400)}, "expires"),
    ):
        assert refused_at(practice, wanted(practice, document, **more))[0] == where


def test_a_document_is_out_to_be_signed_once(practice: Practice) -> None:
    document = to_sign(practice)
    first, second = draft(practice, document), draft(practice, document)
    for public_id in (first, second):
        request = seen(practice, public_id)
        with practice.as_owner() as ctx:
            if public_id == first:
                preparing.send(ctx, practice.account, public_id, request.version)
                continue
            with pytest.raises(Refused, match="out to be signed already"):
                preparing.send(ctx, practice.account, public_id, request.version)
    assert seen(practice, second).stage is Stage.DRAFT


def test_everybody_needs_a_place_to_sign(practice: Practice) -> None:
    public_id = draft(practice)
    fields = json.dumps([A_FIELD, {**A_FIELD, "signer": 2, "kind": "date"}])
    version = seen(practice, public_id).version
    with practice.as_owner() as ctx:
        value = PlacedFields(fields=fields, version=version)
        preparing.place_fields(ctx, practice.account, public_id, value)
    request = seen(practice, public_id)
    assert [(one.kind, one.signer) for one in request.fields] == [
        (Kind.SIGNATURE, 1),
        (Kind.DATE, 2),
    ]
    with practice.as_owner() as ctx, pytest.raises(Refused, match="has no place for a signature"):
        preparing.send(ctx, practice.account, public_id, request.version)
    with practice.as_owner() as ctx:
        preparing.place_blocks(ctx, practice.account, public_id)
        request = store.request_of(ctx, practice.account.id, public_id)
        preparing.send(ctx, practice.account, public_id, request.version)


@pytest.mark.parametrize(
    "wrong",
    [
        {"page": 3},
        {"page": 0},
        {"signer": 3},
        {"x": -1},
        {"x": 9_500},
        {"y": 9_999},
        {"width": 10_001},
        {"height": 0},
        {"kind": "stamp"},
        {"x": 1.5},
        {"x": "1"},
        {"width": True},
        {"label": 7},
    ],
)
def test_fields_lie_on_their_page_and_belong_to_a_signer(
    practice: Practice, wrong: dict[str, Any]
) -> None:
    request = seen(practice, draft(practice))
    with pytest.raises(Refused):
        placing.fields_from(json.dumps([{**A_FIELD, **wrong}]), request)


@pytest.mark.parametrize("text", ["", "{}", "[1]", "null", "[[]]", "[" * 5_000, '[{"x": 1}]'])
def test_nonsense_is_refused_as_fields(practice: Practice, text: str) -> None:
    request = seen(practice, draft(practice))
    if text == "{}":
        assert placing.fields_from(text, request) == []
        return
    with pytest.raises(Refused):
        placing.fields_from(text, request)


def test_two_who_place_fields_at_once_see_each_other(practice: Practice) -> None:
    public_id = draft(practice)
    version = seen(practice, public_id).version
    value = PlacedFields(fields=json.dumps([A_FIELD]), version=version)
    with practice.as_owner() as ctx:
        preparing.place_fields(ctx, practice.account, public_id, value)
    with practice.as_owner() as ctx, pytest.raises(Stale):
        preparing.place_fields(ctx, practice.account, public_id, value)


def test_signers_are_put_into_another_order_with_their_fields(practice: Practice) -> None:
    public_id = draft(practice, in_order=True)
    before = seen(practice, public_id)
    first, second = before.signers
    with practice.as_owner() as ctx:
        preparing.move_signer(ctx, practice.account, public_id, second.public_id)
    after = seen(practice, public_id)
    assert [one.name for one in after.signers] == [second.name, first.name]
    for one in before.signers:
        now = after.signer(one.public_id)
        assert now is not None
        places = [(f.x, f.y) for f in before.fields_of(one)]
        assert [(f.x, f.y) for f in after.fields_of(now)] == places


def test_a_new_version_makes_a_draft_useless(practice: Practice) -> None:
    document = to_sign(practice)
    public_id = draft(practice, document)
    folder = f"{practice.tab}/folders/{practice.top(Access.SEES)}/upload"
    put(practice.owner, folder, ("Return.pdf", a_pdf(1)))
    request = seen(practice, public_id)
    with practice.as_owner() as ctx, pytest.raises(Refused, match="new version since"):
        preparing.send(ctx, practice.account, public_id, request.version)


def test_a_draft_is_deleted_and_what_was_sent_is_not(practice: Practice) -> None:
    public_id, gone = sent(practice), draft(practice, to_sign(practice, "Other.pdf"))
    with practice.as_owner() as ctx, pytest.raises(Refused, match="sent already"):
        preparing.delete_draft(ctx, practice.account, public_id, 1)
    version = seen(practice, gone).version
    with practice.as_owner() as ctx:
        preparing.delete_draft(ctx, practice.account, gone, version)
        found = store.page_of(ctx, practice.account.id, "", "", 5).requests
    assert [one.public_id for one in found] == [public_id]


def test_clients_prepare_nothing(practice: Practice) -> None:
    public_id = draft(practice)
    with practice.as_client() as ctx, pytest.raises(NotAllowed):
        preparing.send(ctx, practice.account, public_id, 1)


def test_the_pages_lead_from_a_document_to_sending_it(practice: Practice) -> None:
    """SIG-1: who signs is chosen for each request, and can be changed until it is sent."""
    document = to_sign(practice)
    path = f"/f/acme/accounts/{practice.account.public_id}/signatures"
    about = practice.owner.get(f"{practice.tab}/{document}").text
    assert f"{path}/new?document={document}" in about
    page = practice.owner.get(f"{path}/new?document={document}").text
    form = form_of(page)
    with practice.as_owner() as ctx:
        keys = keys_of(ctx, practice.account, ANNA, BEN)
    made = practice.owner.post(f"{path}/new", data={**form, "signers": list(keys)})
    assert made.status_code == 303, made.text
    assert made.location.endswith("/fields")
    place = practice.owner.get(made.location).text
    assert "Place the fields" in place
    assert practice.owner.get(f"{made.location}?show=2").data.startswith(b"RIFF")
    assert practice.owner.get(f"{made.location}?show=3").status_code == 404
    request = made.location.split("/")[-2]
    blocks = f"{path}/{request}/blocks"
    practice.owner.post(blocks, data=form_of(place, blocks))
    form = form_of(practice.owner.get(made.location).text, "")
    placed = practice.owner.post(made.location, data=form)
    assert placed.location.endswith("/send")
    confirmed = practice.owner.get(placed.location).text
    assert "2 fields" in confirmed
    done = practice.owner.post(placed.location, data=form_of(confirmed), follow_redirects=True)
    assert "The signers are asked." in done.text
    assert "Pending signature 0/2" in done.text
    assert seen(practice, request).stage is Stage.PENDING
