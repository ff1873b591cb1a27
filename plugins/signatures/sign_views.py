"""The page on which somebody signs, in the portal, from a mail, or as a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core import Download, NotFound, Page, Picture, Redirect, Role, To
from crm_core.clients import contact_keys_of_client
from plugins.documents import api as documents
from plugins.signatures import signing, store
from plugins.signatures.forms import Said
from plugins.signatures.paper import shown_page
from plugins.signatures.signing import ENDED, Signed, is_signer
from plugins.signatures.values import KINDS, WHOLE, Stage
from plugins.signatures.words import _

if TYPE_CHECKING:
    from crm_core import Context, Form, Words
    from crm_core.accounts import Account
    from plugins.signatures.values import Request, Signer

PAGE = 50


def all_in_portal(ctx: Context, account: Account, after: str) -> Page:
    """What the client signed and is to sign."""
    listed = store.page_of(ctx, account.id, "", after, PAGE)
    mine = contact_keys_of_client(ctx, account)
    about = documents.documents_of(ctx, account, [one.document_id for one in listed.requests])
    shown = []
    for request in listed.requests:
        own = [one for one in request.signers if one.contact_id in mine]
        if own and request.stage is not Stage.DRAFT and request.document_id in about:
            waits = bool(request.waiting(mine))
            shown.append((request, own[0], about[request.document_id], waits))
    values = {"requests": shown, "after": listed.after, "started": bool(after)}
    return Page("signatures/portal.html", _("Signatures"), values)


def form_of(ctx: Context, account: Account, signer: str, **_asked: str) -> type[Any]:
    """What this signer has to fill in."""
    request, found = store.request_of_signer(ctx, account.id, signer)
    return signing.form_for(request, found)


def ask_to_sign(
    ctx: Context, account: Account, signer: str, show: str, form: Form[Any]
) -> Page | Download | Picture:
    """The document with the signer's fields on it, and what is to be filled in.

    Whoever opened it by a link gets everything from this page: as `show` says.
    """
    request, found = store.request_of_signer(ctx, account.id, signer)
    if not is_signer(ctx, account, found):
        raise NotFound
    document = documents.document_of_key(ctx, account, request.document_id)
    is_it = documents.hash_of(ctx, document) in (request.hash_before, request.hash_after)
    if show and is_it:
        return shown_page(ctx, document, request, show)
    in_portal = ctx.viewer.role is Role.CLIENT
    values = {
        "form": form.starting_from(said=Said.SIGN),
        "asked": request,
        "signer": found,
        "document": document,
        "in_portal": in_portal,
        "waits": bool(
            request.stage is Stage.PENDING and found.waits and request.expires >= ctx.today
        ),
        "fields": request.fields_of(found),
        "others": [one for one in request.fields if one.signer != found.position],
        "signed": request.stage is Stage.SIGNED,
        "is_it": is_it,
        "why_not": why_not(ctx, request, found),
        "kinds": KINDS,
        "whole": WHOLE,
    }
    return Page("signatures/sign.html", _("Sign a document"), values)


def why_not(ctx: Context, request: Request, signer: Signer) -> Words | None:
    """What the signer reads where there is nothing for them to sign now; None where there is."""
    pending = request.stage is Stage.PENDING
    if not pending:
        return NOT_NOW.get(request.stage) or ENDED[request.stage]
    if signer.signed is not None:
        return _("You have signed. Others are still asked.")
    if request.expires < ctx.today:
        return ENDED[Stage.EXPIRED]
    return None if signer.asked else _("It is not your turn yet: others sign before you.")


NOT_NOW = {
    Stage.SIGNED: _("All have signed. The document is sealed: download it here."),
    Stage.COMPLETING: _("All have signed. The sealed document is being made."),
}


def read_signature(_ctx: Context, account: Account, signer: str, show: str, value: Any) -> Signed:
    """What the signer has filled in; a drawing is looked at before anything is kept."""
    return Signed.of_form(value)


def sign(ctx: Context, account: Account, signer: str, show: str, value: Signed) -> Redirect:
    """Keeps the signature, or that somebody declines."""
    if value.declines:
        signing.decline(ctx, account, signer, value.reason)
        notice = _("Your accountant knows that you do not sign.")
        return Redirect(_page(ctx, account, signer), notice)
    request = signing.sign(ctx, account, signer, value)
    notice = (
        _("Thank you. All have signed; the sealed document comes by mail in a moment.")
        if request.stage is Stage.COMPLETING
        else _("Thank you. Your signature is kept.")
    )
    return Redirect(_page(ctx, account, signer), notice)


def note_seen(ctx: Context, account: Account, signer: str, show: str) -> None:
    """Notes that the signer has opened the document."""
    if not show:
        signing.note_seen(ctx, account, signer)


def _page(ctx: Context, account: Account, signer: str) -> To:
    route = "portal_sign" if ctx.viewer.role is Role.CLIENT else "sign"
    return To(f"signatures.{route}", {"account": account.public_id, "signer": signer})
