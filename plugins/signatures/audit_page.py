"""What the audit page at the end of a signed document says, in the firm's language (SIG-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import format_datetime

from crm_core.locales import locale_of
from crm_core.speaking import said_in
from plugins.signatures.sealing.values import AuditPage, Group
from plugins.signatures.values import HOW
from plugins.signatures.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crm_core import Context, Words
    from plugins.documents.api import Document
    from plugins.signatures.values import Proof, Request, Signer

EVIDENCE = {
    "sent": _("Sent to be signed"),
    "asked": _("Asked to sign"),
    "seen": _("Document opened"),
    "consented": _("Agreed to sign electronically"),
    "signed": _("Signed"),
    "declined": _("Declined"),
    "voided": _("Voided"),
    "expired": _("Expired"),
    "reminded": _("Reminded"),
}


def of(ctx: Context, request: Request, document: Document, chain: Sequence[Proof]) -> AuditPage:
    """The audit page of a request that all have signed."""

    def say(words: Words) -> str:
        return said_in(ctx, words)

    about = Group(
        say(_("Document")),
        (
            (say(_("Name")), document.name),
            (say(_("Version")), str(request.number)),
            (say(_("SHA-256 before signing")), request.hash_before),
            (say(_("Sent by")), f"{request.made_by}, {ctx.firm.name}"),
            (say(_("Sent")), moment(ctx, request.sent)),
        ),
    )
    signers = tuple(_of_signer(ctx, one) for one in request.signers)
    facts = tuple((moment(ctx, one.at), _told(ctx, one)) for one in chain)
    events = Group(say(_("What happened")), facts)
    return AuditPage(
        title=say(_("Audit page")),
        lead=say(
            _(
                "This page belongs to the document before it. The digital seal of the file breaks "
                "if one byte of it changes."
            )
        ),
        groups=(about, *signers, events),
        last=say(_("Last hash of the evidence: {hash}", hash=chain[-1].hash)),
    )


def _told(ctx: Context, proof: Proof) -> str:
    told = f"{said_in(ctx, EVIDENCE[proof.what])}: {proof.about or proof.who}"
    return f"{told} ({proof.address})" if proof.address else told


def moment(ctx: Context, at: datetime | None) -> str:
    """A moment in the firm's zone, as its language writes it, with the zone."""
    if at is None:
        return ""
    local = at.astimezone(ctx.zone)
    return str(format_datetime(local, "long", tzinfo=ctx.zone, locale=locale_of(ctx.language)))


def _of_signer(ctx: Context, signer: Signer) -> Group:
    how = said_in(ctx, HOW[signer.how]) if signer.how else ""
    rows = (
        (_("E-mail address"), signer.address),
        (_("Asked to sign"), moment(ctx, signer.asked)),
        (_("Document opened"), moment(ctx, signer.seen)),
        (_("Agreed to sign electronically"), moment(ctx, signer.consented)),
        (_("Signed"), moment(ctx, signer.signed)),
        (_("How"), how),
        (_("Network address"), signer.from_address),
        (_("Browser"), signer.browser),
    )
    title = f"{signer.position}. {signer.name}"
    return Group(title, tuple((said_in(ctx, what), text) for what, text in rows if text))
