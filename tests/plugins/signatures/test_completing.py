"""The sealed document: made once, by the worker, whatever happens to it (SIG-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2

from crm_core import Happened
from crm_core.firms import firm_named
from crm_core.inbox import inbox_page
from crm_core.modules import switch_module
from crm_core.testing.builders import as_owner
from plugins.documents import api as documents
from plugins.documents.values import Access
from plugins.signatures import certificate, completing, evidence, store
from plugins.signatures.sealing.verdicts import Outcome
from plugins.signatures.sealing.verifying import verified
from plugins.signatures.values import Stage
from tests.plugins.documents.mailed import links
from tests.plugins.documents.people import ANNA, BEN, put
from tests.plugins.signatures.asking import (
    a_pdf,
    content,
    mail_everybody,
    seen,
    sent,
    sign,
    to_sign,
    work,
)
from tests.web.portal.visiting import mails
from tests.web.signin.acting import plain_text

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from flask import Flask

    from tests.plugins.documents.people import Practice
    from web.bootstrap import Deployment


def signed_by_all(practice: Practice, document: str) -> str:
    """A request that waits for its seal."""
    request = sent(practice, document)
    for who in (ANNA, BEN):
        sign(practice, request, who)
    return request


def told(practice: Practice, document: str) -> Happened:
    """What the worker is told."""
    return Happened(event="signatures.all_signed", account_id=practice.account.id, about=document)


def test_the_sealed_document_takes_the_place_of_the_one_before(
    practice: Practice, tmp_path: Path
) -> None:
    """SIG-2, DOC-5: signatures and audit page are seen, the original stays as a version."""
    document = to_sign(practice)
    request = signed_by_all(practice, document)
    work(practice)
    found = seen(practice, request)
    assert found.stage is Stage.SIGNED
    now = practice.seen(document, practice.as_owner)
    assert (now.number, now.sealed is not None) == (2, True)
    assert [str(one.state.word) for one in now.standings] == ["Signed"]
    sealed = tmp_path / "sealed.pdf"
    sealed.write_bytes(content(practice, document))
    verdict = verified(sealed, certificate.trusted(practice.store))
    assert verdict.outcome is Outcome.INTACT
    assert verdict.sha256 == found.hash_after
    pages = pypdfium2.PdfDocument(sealed)
    texts = [page.get_textpage().get_text_range() for page in pages]
    assert len(texts) == 3
    assert ANNA in texts[1]
    assert BEN in texts[1]
    with practice.as_owner() as ctx:
        chain = evidence.chain_of(ctx, found.id)
    assert "Audit page" in texts[2]
    assert chain[-1].hash in "".join(texts[2].split())
    assert found.hash_before in "".join(texts[2].split())
    assert practice.owner.get(f"{practice.tab}/{document}/download?number=1").data == a_pdf()


def test_everybody_hears_of_it_with_the_last_hash(
    practice: Practice, deployment: Deployment, app: Flask
) -> None:
    """SIG-4: the mail to the signers has it; their link leads to the sealed document."""
    mail_everybody(practice)
    document = to_sign(practice)
    request = signed_by_all(practice, document)
    found = links(practice, deployment, app)  # the worker seals, and then tells
    with practice.as_owner() as ctx:
        key = store.request_of(ctx, practice.account.id, request).id
        last = evidence.chain_of(ctx, key)[-1].hash
    done = [plain_text(mail) for mail in mails(deployment.settings.folder)]
    assert sum(last in "".join(text.split()) for text in done) == 2
    page = app.test_client().get(found[ANNA])
    assert "All have signed. The document is sealed" in page.text
    file = app.test_client().get(f"{found[ANNA]}?show=file").data
    assert file == content(practice, document)
    with practice.as_employee() as ctx:
        assert any("Signed by all" in str(one.what) for one in inbox_page(ctx, 9).entries)


def test_there_are_never_two_seals(practice: Practice) -> None:
    """A worker that was killed after it made one, or two at once: one of them is kept."""
    document = to_sign(practice)
    request = signed_by_all(practice, document)
    with practice.as_owner() as ctx:
        first = completing.make(ctx, told(practice, document))
        second = completing.make(ctx, told(practice, document))
    for made in (first, second, first):
        with practice.as_owner() as ctx:
            completing.keep(ctx, told(practice, document), made)
    work(practice)
    assert practice.seen(document, practice.as_owner).number == 2
    assert first is not None
    assert seen(practice, request).hash_after == first.sha256


def test_what_is_not_signed_by_all_is_not_sealed(practice: Practice) -> None:
    document = to_sign(practice)
    request = sent(practice, document)
    sign(practice, request, ANNA)
    with practice.as_owner() as ctx:
        assert completing.make(ctx, told(practice, document)) is None
        completing.keep(ctx, told(practice, document), None)
    work(practice)
    assert practice.seen(document, practice.as_owner).number == 1


def test_without_room_it_waits_and_nothing_is_half_done(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm_core import Refused, files

    def full(*_asked: object) -> None:
        raise Refused("Full.")  # type: ignore[arg-type]

    document = to_sign(practice)
    request = signed_by_all(practice, document)
    with monkeypatch.context() as patch:
        patch.setattr(files, "demand_room", full)
        work(practice)
        assert seen(practice, request).stage is Stage.COMPLETING
        assert practice.seen(document, practice.as_owner).number == 1
    with practice.as_owner() as ctx:
        made = completing.make(ctx, told(practice, document))
    with practice.as_owner() as ctx:
        completing.keep(ctx, told(practice, document), made)
        found = documents.document_of(ctx, practice.account, document)
    assert found.number == 2


def test_a_document_that_changed_while_the_module_was_off_is_not_sealed(
    practice: Practice,
) -> None:
    """What they signed is not what lies there: the request is voided, and the team is told."""
    document = to_sign(practice)
    request = signed_by_all(practice, document)
    with practice.as_owner() as ctx:
        switch_module(ctx, "signatures")
    folder = f"{practice.tab}/folders/{practice.top(Access.SEES)}/upload"
    put(practice.owner, folder, ("Return.pdf", a_pdf(1)))
    now = firm_named(practice.store, practice.firm.slug)
    with as_owner(practice.store, practice.catalog, now) as ctx:
        switch_module(ctx, "signatures")
    work(practice)
    assert seen(practice, request).stage is Stage.VOIDED
    assert content(practice, document) == a_pdf(1)
    with practice.as_employee() as ctx:
        assert "was changed while it was out" in str(inbox_page(ctx, 9).entries[0].what)
