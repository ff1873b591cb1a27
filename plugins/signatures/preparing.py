"""Preparing a request: which document, who signs, where; and sending it."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from crm_core import NotFound, Refused, Stale, demand
from crm_core.address_settings import LOGIN, NOTIFY
from crm_core.links import linked_contacts
from crm_core.team import colleagues_who_see
from plugins.documents import api as documents
from plugins.signatures import events, evidence, placing, priority, saving, store, telling
from plugins.signatures.rights import ASK
from plugins.signatures.sealing.fitness import measured
from plugins.signatures.sealing.values import Kind, Unfit
from plugins.signatures.values import MOST_SIGNERS, Signer, SignerKind, Stage
from plugins.signatures.why import WHY
from plugins.signatures.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.api import Document
    from plugins.signatures.forms import NewRequest, PlacedFields
    from plugins.signatures.values import Request

LONGEST = timedelta(days=365)
USUALLY = timedelta(days=30)


@frozen(kw_only=True)
class Measured:
    """What somebody wants to have signed, once the document was looked at."""

    wanted: NewRequest
    number: int
    pages: int
    sha256: str


def measure(ctx: Context, account: Account, wanted: NewRequest) -> Measured:
    """Looks whether the document can be signed at all (SIG-5). Takes up to ten seconds."""
    demand(ctx, ASK)
    document = _document_to_sign(ctx, account, wanted.document)
    with tempfile.NamedTemporaryFile(prefix="crm-sign-") as copy:
        for piece in documents.content_of(ctx, document):
            copy.write(piece)
        copy.flush()
        try:
            fit = measured(Path(copy.name))
        except Unfit as unfit:
            raise Refused(WHY[unfit.why], at="document") from None
    return Measured(
        wanted=wanted,
        number=document.number,
        pages=len(fit.pages),
        sha256=documents.hash_of(ctx, document),
    )


def make_request(ctx: Context, account: Account, measured_: Measured) -> str:
    """Makes a draft; answers its public id."""
    demand(ctx, ASK)
    wanted = measured_.wanted
    document = _document_to_sign(ctx, account, wanted.document)
    if document.number != measured_.number:
        raise Refused(_("The document has a new version since. Try again."), at="document")
    if not timedelta() <= wanted.expires - ctx.today <= LONGEST:
        raise Refused(_("Choose a day from today on, within a year."), at="expires")
    possible = possible_signers(ctx, account)
    if not wanted.signers:
        raise Refused(_("Choose at least one signer."), at="signers")
    if len(wanted.signers) > MOST_SIGNERS:
        raise Refused(_("At most {most} signers.", most=MOST_SIGNERS), at="signers")
    if any(key not in possible for key in wanted.signers):
        raise Refused(_("Choose from these signers."), at="signers")
    return saving.add_request(
        ctx,
        [signer for key, signer in possible.items() if key in wanted.signers],
        account_id=account.id,
        document_id=document.id,
        number=document.number,
        pages=measured_.pages,
        in_order=wanted.in_order,
        note=wanted.note.strip(),
        expires=wanted.expires,
        digest_before=measured_.sha256,
    )


def possible_signers(ctx: Context, account: Account) -> Mapping[str, Signer]:
    """Who can sign for an account, by the keys of the form, in the order of the signer priority.

    Contacts whom a mail reaches that lets them sign: an address with LOGIN, else one with NOTIFY,
    where links in mails may act without signing in.
    """
    login = LOGIN.read(ctx, account)
    notify = NOTIFY.read(ctx, account) if ctx.firm.allows_action_links else ()
    found: dict[str, Signer] = {}
    first = priority.ranked(ctx, account)
    others = [one for one in linked_contacts(ctx, account) if one not in first]
    for contact in (*first, *others):
        own = [one for one in contact.addresses if one.id in login]
        own += [one for one in contact.addresses if one.id in notify]
        if own:
            found[f"client-{contact.id}"] = Signer(
                kind=SignerKind.CLIENT,
                name=contact.name,
                address=own[0].address,
                contact_id=contact.id,
                email_id=own[0].id,
            )
    for member_id, name in colleagues_who_see(ctx, account.id).items():
        found[f"staff-{member_id}"] = Signer(kind=SignerKind.STAFF, name=name, member_id=member_id)
    return found


def place_fields(ctx: Context, account: Account, public_id: str, value: PlacedFields) -> None:
    """Puts the fields of a draft where somebody placed them."""
    demand(ctx, ASK)
    request = _draft(ctx, account, public_id, value.version)
    fields = placing.fields_from(value.fields, request)
    if not saving.change_request(ctx, request):
        raise Stale({}, request.version)
    saving.set_fields(ctx, request, fields)


def place_blocks(ctx: Context, account: Account, public_id: str) -> None:
    """Puts a signature with its date at the foot of the last page, for each who has none yet."""
    demand(ctx, ASK)
    request = _draft(ctx, account, public_id, None)
    if not saving.change_request(ctx, request):
        raise Stale({}, request.version)
    saving.set_fields(ctx, request, [*request.fields, *placing.blocks_for(request)])


def move_signer(ctx: Context, account: Account, public_id: str, signer: str) -> None:
    """Lets a signer of a draft sign before the one before them."""
    demand(ctx, ASK)
    request = _draft(ctx, account, public_id, None)
    found = request.signer(signer)
    if found is None:
        raise NotFound
    order = [one for one in request.signers if one is not found]
    order.insert(max(found.position - 2, 0), found)
    if not saving.change_request(ctx, request):
        raise Stale({}, request.version)
    saving.place_signers(ctx, request, order)


def delete_draft(ctx: Context, account: Account, public_id: str, version: int) -> None:
    """Deletes a draft: nobody was asked yet."""
    demand(ctx, ASK)
    if not saving.remove_request(ctx, _draft(ctx, account, public_id, version)):
        raise Refused(_("This was sent already."))


def send(ctx: Context, account: Account, public_id: str, version: int) -> None:
    """Sends a draft: the first signers are asked, all at once or the first in the order."""
    demand(ctx, ASK)
    request = _draft(ctx, account, public_id, version)
    demand_fields(request)
    document = documents.document_of_key(ctx, account, request.document_id)
    _document_to_sign(ctx, account, document.public_id)
    if document.number != request.number:
        raise Refused(_("The document has a new version since. Make a new request for it."))
    able = possible_signers(ctx, account).values()
    reached = {(one.contact_id, one.member_id) for one in able}
    for one in request.signers:
        if (one.contact_id, one.member_id) not in reached:
            raise Refused(_("{name} cannot be asked any more. Make a new request.", name=one.name))
    if not saving.change_request(ctx, request, stage=Stage.PENDING, sent=ctx.now):
        raise Stale({}, request.version)
    evidence.prove(
        ctx,
        request.id,
        evidence.SENT,
        document=document.name,
        version=request.number,
        sha256=request.hash_before,
        signers=[one.name for one in request.signers],
    )
    names = ", ".join(one.name for one in request.signers)
    documents.record(
        ctx,
        events.SENT,
        document,
        version=request.number,
        signers=names,
        hash=request.hash_before,
    )
    ask_next(ctx, account, request, document)


def ask_next(ctx: Context, account: Account, request: Request, document: Document) -> None:
    """Asks those whose turn it is now."""
    left = [one for one in request.signers if one.signed is None and one.asked is None]
    for one in left[:1] if request.in_order else left:
        saving.change_signer(ctx, one, asked=ctx.now)
        evidence.prove(ctx, request.id, evidence.ASKED, signer=one.name, address=one.address)
        telling.ask_signer(ctx, account, request, one, document)


def demand_fields(request: Request) -> None:
    """Refuses a request in which somebody has nothing to sign."""
    for one in request.signers:
        if not any(field.kind is Kind.SIGNATURE for field in request.fields_of(one)):
            raise Refused(_("{name} has no place for a signature yet.", name=one.name))


def _draft(ctx: Context, account: Account, public_id: str, version: int | None) -> Request:
    request = store.locked(ctx, store.request_of(ctx, account.id, public_id))
    if request.stage is not Stage.DRAFT:
        raise Refused(_("This was sent already."))
    if version is not None and request.version != version:
        raise Stale({}, request.version)
    return request


def _document_to_sign(ctx: Context, account: Account, public_id: str) -> Document:
    try:
        document = documents.document_of(ctx, account, public_id)
    except NotFound:
        raise Refused(_("Choose one of these documents."), at="document") from None
    if document.trashed is not None:
        raise Refused(_("This document is in the trash. Bring it back first."), at="document")
    if document.access is documents.Access.PRIVATE:
        raise Refused(
            _("Clients do not see this document. Move it to a folder that they see."),
            at="document",
        )
    if document.shut:
        raise Refused(_("Clients cannot open this document yet."), at="document")
    if document.id in store.open_documents(ctx, account.id):
        raise Refused(_("This document is out to be signed already."), at="document")
    return document
