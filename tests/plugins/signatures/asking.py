"""Having documents signed, for tests."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.links import linked_contacts
from crm_core.working import Worker
from plugins.documents import api as documents
from plugins.documents.values import Access
from plugins.signatures import placing, preparing, saving, signing, store
from plugins.signatures.forms import NewRequest
from plugins.signatures.signing import Signed
from plugins.signatures.values import Request, Signer, SignerKind, Stage
from tests.plugins.documents.making import a_document
from tests.plugins.documents.people import ANNA, BEN

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.context import Context
    from tests.plugins.documents.people import Practice


@cache
def a_pdf(pages: int = 2) -> bytes:
    """A PDF of so many pages, with a line on each."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    made = BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    for page in range(1, pages + 1):
        canvas.drawString(72, 760, f"Page {page} of a return")
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def to_sign(practice: Practice, name: str = "Return.pdf", content: bytes = b"") -> str:
    """The public id of a PDF that clients see."""
    with practice.as_owner() as ctx:
        return a_document(ctx, practice.account, Access.SEES, name=name, content=content or a_pdf())


def keys_of(ctx: Context, account: Account, *who: str) -> tuple[str, ...]:
    """The keys of the form for signers with these addresses or names, in this order."""
    possible = preparing.possible_signers(ctx, account)
    return tuple(
        next(key for key, one in possible.items() if name in (one.address, one.name))
        for name in who
    )


def draft(
    practice: Practice,
    document: str = "",
    *who: str,
    in_order: bool = False,
    days: int = 30,
) -> str:
    """The public id of a draft with a place for each signer."""
    document = document or to_sign(practice)
    with practice.as_owner() as ctx:
        keys = keys_of(ctx, practice.account, *(who or (ANNA, BEN)))
        wanted = NewRequest(
            document=document,
            signers=keys,
            in_order=in_order,
            expires=ctx.today + timedelta(days=days),
            note="Please sign.",
        )
        measured = preparing.measure(ctx, practice.account, wanted)
        public_id = preparing.make_request(ctx, practice.account, measured)
        request = store.request_of(ctx, practice.account.id, public_id)
        saving.set_fields(ctx, request, placing.blocks_for(request))
    return public_id


def sent(practice: Practice, document: str = "", *who: str, **more: Any) -> str:
    """The public id of a request that was sent."""
    public_id = draft(practice, document, *who, **more)
    with practice.as_owner() as ctx:
        request = store.request_of(ctx, practice.account.id, public_id)
        preparing.send(ctx, practice.account, public_id, request.version)
    return public_id


def seen(practice: Practice, request: str) -> Request:
    """The request as it is now."""
    with practice.as_owner() as ctx:
        return store.request_of(ctx, practice.account.id, request)


def signer(practice: Practice, request: str, who: str) -> Signer:
    """The signer of a request with this address or name."""
    found = seen(practice, request).signers
    return next(one for one in found if who in (one.address, one.name))


def signing_as(name: str = "Anna Client", **more: Any) -> Signed:
    """What somebody fills in who types their name."""
    empty: dict[str, Any] = {"declines": False, "reason": "", "picture": b"", "initials": ""}
    return Signed(**{**empty, "consent": True, "typed": name, "texts": {}, **more})


def sign(practice: Practice, request: str, who: str = ANNA, **more: Any) -> Request:
    """What comes of it where this client signs."""
    one = signer(practice, request, who)
    with practice.as_client(who) as ctx:
        return signing.sign(ctx, practice.account, one.public_id, signing_as(who, **more))


def work(practice: Practice) -> None:
    """Lets the worker do what waits."""
    Worker(store=practice.store, catalog=practice.catalog).work()


def content(practice: Practice, document: str) -> bytes:
    """The bytes of the document's current version."""
    with practice.as_owner() as ctx:
        found = documents.document_of(ctx, practice.account, document)
        return b"".join(documents.content_of(ctx, found))


def mail_everybody(practice: Practice) -> None:
    """Switches NOTIFY on for each address of the account."""
    with practice.as_owner() as ctx:
        emails = addresses_of_account(ctx, practice.account)
        save_settings(ctx, practice.account, {"core.notify": dict.fromkeys(emails, True)})


def a_draft(ctx: Context, account: Account) -> str:
    """A draft about a document of its own, for whoever is linked to the account."""
    document = documents.document_of(ctx, account, a_document(ctx, account, content=a_pdf()))
    public_id = saving.add_request(
        ctx,
        [*_clients(ctx, account), *_myself(ctx)],
        account_id=account.id,
        document_id=document.id,
        number=document.number,
        pages=2,
        in_order=False,
        note="",
        expires=ctx.today + timedelta(days=30),
        digest_before=documents.hash_of(ctx, document),
    )
    request = store.request_of(ctx, account.id, public_id)
    saving.set_fields(ctx, request, placing.blocks_for(request))
    return public_id


def a_request(ctx: Context, account: Account) -> str:
    """The same, out to be signed: where it does not matter who could be asked."""
    request = store.request_of(ctx, account.id, a_draft(ctx, account))
    saving.change_request(ctx, request, stage=Stage.PENDING, sent=ctx.now)
    for one in request.signers:
        saving.change_signer(ctx, one, asked=ctx.now)
    return request.public_id


def signer_of_contact(ctx: Context, account: Account, contact: str, request: str) -> str:
    """The public id of the signer who is this contact of the account."""
    keys = {one.public_id: one.id for one in linked_contacts(ctx, account)}
    signers = store.request_of(ctx, account.id, request).signers
    mine = [one for one in signers if one.contact_id == keys.get(contact)]
    return (mine or signers)[0].public_id


def staff_signer(ctx: Context, account: Account) -> str:
    """The public id of the viewer as a signer of a request of its own."""
    signers = store.request_of(ctx, account.id, a_request(ctx, account)).signers
    return next(one.public_id for one in signers if one.kind is SignerKind.STAFF)


def _clients(ctx: Context, account: Account) -> list[Signer]:
    """Those who can be asked; where nobody can, whoever is linked to the account."""
    possible = preparing.possible_signers(ctx, account).values()
    able = [one for one in possible if one.kind is SignerKind.CLIENT]
    return able or [
        Signer(kind=SignerKind.CLIENT, contact_id=one.id, name=one.name)
        for one in linked_contacts(ctx, account)
    ]


def _myself(ctx: Context) -> list[Signer]:
    me = ctx.viewer
    return [Signer(kind=SignerKind.STAFF, member_id=me.member_id, name=me.name)]
