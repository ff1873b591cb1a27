"""Signing, and declining to: what the signer may do, once each, while the request is open."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any

import attrs
from attrs import evolve, frozen

from crm_core import NotFound, Refused, Role, demand
from crm_core.clients import contact_keys_of_client
from crm_core.forms import ASK
from crm_core.images import drawing_from
from crm_core.words import as_typed
from plugins.documents import api as documents
from plugins.signatures import events, evidence, forms, preparing, saving, store, telling
from plugins.signatures.rights import SIGN, SIGN_IN_PORTAL
from plugins.signatures.sealing.values import Kind
from plugins.signatures.values import How, SignerKind, Stage
from plugins.signatures.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.api import Document
    from plugins.signatures.values import Field, Request, Signer

_DATA = "data:image/png;base64,"
_TEXT = "field_"
LONGEST_TEXT = 200


@frozen(kw_only=True)
class Signed:
    """What a signer has filled in: the signature as a text or a picture, and texts by field."""

    declines: bool
    reason: str
    consent: bool
    typed: str
    picture: bytes
    initials: str
    texts: Mapping[int, str]

    @classmethod
    def of_form(cls, value: Any) -> Signed:
        """From the form that `form_for` made. What was drawn is looked at, which takes a moment."""
        said = attrs.asdict(value)
        signs = said["said"] is forms.Said.SIGN
        return cls(
            declines=not signs,
            reason=said["reason"],
            consent=said["consent"],
            typed=said["typed"].strip(),
            picture=picture_from(said["drawn"]) if signs else b"",
            initials=said.get("initials", "").strip(),
            texts={
                int(name.removeprefix(_TEXT)): text.strip()
                for name, text in said.items()
                if name.startswith(_TEXT)
            },
        )


def form_for(request: Request, signer: Signer) -> type[Any]:
    """The form in which this signer fills in what is theirs."""
    asked: dict[str, Any] = {
        "said": _asking(forms.SAID, forms.Said, default=forms.Said.SIGN),
        "consent": _asking(forms.CONSENT, bool, default=False),
        "typed": _asking(forms.TYPED, str, default=""),
        "drawn": _asking(forms.DRAWN, str, default=""),
    }
    mine = request.fields_of(signer)
    if any(one.kind is Kind.INITIALS for one in mine):
        asked["initials"] = _asking(forms.INITIALS, str, default="")
    for one in mine:
        if one.kind is Kind.TEXT:
            asked[f"{_TEXT}{one.id}"] = _asking(_ask_for(one), str, default="")
    asked["reason"] = _asking(forms.WHY_NOT, str, default="")
    return attrs.make_class("SignerForm", asked, frozen=True)


def sign(ctx: Context, account: Account, signer_id: str, wanted: Signed) -> Request:
    """Signs as the viewer; answers the request as it then is.

    Whoever signs last leaves it to the worker to make the sealed document.
    """
    request, signer, document = turn_of(ctx, account, signer_id)
    if not wanted.consent:
        raise Refused(_("Tick this to sign, or choose to decline."), at="consent")
    picture = wanted.picture
    if not wanted.typed and not picture:
        raise Refused(_("Type your name, or draw your signature."), at="typed")
    how = How.DRAWN if picture else How.TYPED
    filled = _filled(ctx, request, signer, wanted)
    saving.fill_fields(ctx, filled)
    saving.change_signer(
        ctx,
        signer,
        consented=ctx.now,
        signed=ctx.now,
        from_address=ctx.origin.address,
        browser=ctx.origin.browser,
        how=how,
        text=wanted.typed,
        initials=wanted.initials,
        picture=picture,
    )
    evidence.prove(ctx, request.id, evidence.CONSENTED, says=str(forms.CONSENT.label))
    evidence.prove(
        ctx,
        request.id,
        evidence.SIGNED,
        how=how.value,
        typed=wanted.typed,
        picture=hashlib.sha256(picture).hexdigest() if picture else "",
        sha256=request.hash_before,
        fields={str(key): text for key, text in filled.items()},
    )
    documents.record(ctx, events.SIGNED, document, version=request.number, signer=signer.name)
    telling.ask_no_more(ctx, account, signer, keep_link=True)
    return _go_on(ctx, account, store.locked(ctx, request), document, signer)


def _go_on(
    ctx: Context, account: Account, request: Request, document: Document, signer: Signer
) -> Request:
    """Asks the next, or where all have signed has the document sealed."""
    if request.signed_count < len(request.signers):
        preparing.ask_next(ctx, account, request, document)
        what = _("{who} signed {name}.", who=signer.name, name=document.name)
        telling.tell_team(ctx, account, request, what)
        return request
    saving.change_request(ctx, request, stage=Stage.COMPLETING)
    documents.record(ctx, events.ALL_SIGNED, document, version=request.number)
    return store.locked(ctx, request)


def decline(ctx: Context, account: Account, signer_id: str, reason: str) -> None:
    """Declines to sign, which ends the request for everybody."""
    request, signer, document = turn_of(ctx, account, signer_id)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why, so that it can be put right."), at="reason")
    saving.change_signer(
        ctx,
        signer,
        declined=ctx.now,
        from_address=ctx.origin.address,
        browser=ctx.origin.browser,
    )
    evidence.prove(ctx, request.id, evidence.DECLINED, reason=reason)
    saving.change_request(ctx, request, stage=Stage.DECLINED, ended=ctx.now, reason=reason)
    for one in request.signers:
        telling.ask_no_more(ctx, account, one)
    documents.record(
        ctx, events.DECLINED, document, version=request.number, signer=signer.name, reason=reason
    )
    who = {"who": signer.name, "name": document.name}
    what = _("{who} declined to sign {name}: {reason}", **who, reason=reason)
    telling.tell_team(ctx, account, request, what)


def note_seen(ctx: Context, account: Account, signer_id: str) -> None:
    """Notes that the signer has opened the document, the first time."""
    request, signer = store.request_of_signer(ctx, account.id, signer_id)
    if not is_signer(ctx, account, signer):
        return
    request = store.locked(ctx, request)
    found = request.signer(signer_id)
    if found is None or not found.waits or found.seen or request.stage is not Stage.PENDING:
        return
    saving.change_signer(ctx, found, seen=ctx.now)
    evidence.prove(ctx, request.id, evidence.SEEN, sha256=request.hash_before)


def turn_of(ctx: Context, account: Account, signer_id: str) -> tuple[Request, Signer, Document]:
    """The request, locked, where it is the viewer's turn to sign as this signer.

    `NotFound` for whoever is not that signer; refuses where it is too early or too late.
    """
    is_client = ctx.viewer.role is Role.CLIENT
    demand(ctx, SIGN_IN_PORTAL if is_client else SIGN)
    found, _signer = store.request_of_signer(ctx, account.id, signer_id)
    request = store.locked(ctx, found)
    signer = request.signer(signer_id)
    if signer is None or not is_signer(ctx, account, signer):
        raise NotFound
    if signer.signed is not None:
        raise Refused(_("You have signed this already."))
    if request.stage is not Stage.PENDING:
        raise Refused(ENDED[request.stage])
    if request.expires < ctx.today:
        raise Refused(ENDED[Stage.EXPIRED])
    if signer.asked is None:
        raise Refused(_("It is not your turn yet: others sign before you."))
    document = documents.document_of_key(ctx, account, request.document_id)
    if document.number != request.number or document.shut:
        raise Refused(_("This document cannot be signed now. Ask your accountant."))
    return request, signer, document


ENDED = {
    Stage.DRAFT: _("This was not sent yet."),
    Stage.COMPLETING: _("All have signed this already."),
    Stage.SIGNED: _("All have signed this already."),
    Stage.DECLINED: _("Somebody declined to sign, so it can no longer be signed."),
    Stage.VOIDED: _("This was taken back, so it can no longer be signed."),
    Stage.EXPIRED: _("The day by which this had to be signed is past."),
}


def is_signer(ctx: Context, account: Account, signer: Signer) -> bool:
    """Whether the viewer is this signer."""
    if signer.kind is SignerKind.STAFF:
        return signer.is_member(ctx.viewer.member_id)
    is_client = ctx.viewer.role is Role.CLIENT
    return is_client and signer.contact_id in contact_keys_of_client(ctx, account)


def picture_from(drawn: str) -> bytes:
    """What somebody drew, as a PNG made anew; empty where nobody did. Refuses what is no drawing.

    Takes as long as `drawing_from` does.
    """
    if not drawn:
        return b""
    try:
        return drawing_from(base64.b64decode(drawn.removeprefix(_DATA), validate=True))
    except (binascii.Error, ValueError, Refused):
        sentence = _("The drawing could not be read. Draw it again, or type your name.")
        raise Refused(sentence, at="typed") from None


def _filled(ctx: Context, request: Request, signer: Signer, wanted: Signed) -> Mapping[int, str]:
    """What stands in each of the signer's fields; refuses where one is empty (SIG-2)."""
    found: dict[int, str] = {}
    for one in request.fields_of(signer):
        if one.kind is Kind.DATE:
            found[one.id] = ctx.today.isoformat()
        elif one.kind is Kind.SIGNATURE:
            found[one.id] = wanted.typed
        elif one.kind is Kind.INITIALS:
            found[one.id] = wanted.initials
            if not wanted.initials:
                raise Refused(_("Type your initials."), at="initials")
        else:
            found[one.id] = wanted.texts.get(one.id, "")
            if not found[one.id]:
                raise Refused(_("Fill this in."), at=f"{_TEXT}{one.id}")
    return found


def _ask_for(field: Field) -> Any:
    label = as_typed(field.label) if field.label else _("Text on page {page}", page=field.page)
    return evolve(forms.INITIALS, label=label, longest=LONGEST_TEXT)


def _asking(asked: Any, type_: type[Any], default: Any) -> Any:
    return attrs.field(default=default, type=type_, metadata={ASK: asked}, kw_only=True)
