"""The pages of requests, for the team: all of them, a new one, its fields, and how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Choice, Download, Page, Picture, Redirect, To, may
from plugins.documents import api as documents
from plugins.signatures import ending, evidence, placing, preparing, store
from plugins.signatures.audit_page import EVIDENCE
from plugins.signatures.paper import shown_page
from plugins.signatures.rights import ASK
from plugins.signatures.signing import ENDED, is_signer
from plugins.signatures.values import HOW, KINDS, STAGES, WHOLE, Stage
from plugins.signatures.words import _

if TYPE_CHECKING:
    from crm_core import Context, Form
    from crm_core.accounts import Account
    from plugins.signatures.forms import Confirm, NewRequest, PlacedFields, Reason
    from plugins.signatures.preparing import Measured

PAGE = 50
MOST_OFFERED = 100


def all_requests(ctx: Context, account: Account, stage: str, after: str) -> Page:
    """The *View all* tab: what was sent to be signed, and drafts; the last made first."""
    known = stage if stage in tuple(Stage) else ""
    listed = store.page_of(ctx, account.id, known, after, PAGE)
    about = documents.documents_of(ctx, account, [one.document_id for one in listed.requests])
    values = {
        "requests": [(one, about.get(one.document_id)) for one in listed.requests],
        "after": listed.after,
        "started": bool(after),
        "stage": known,
        "stages": STAGES,
        "may_ask": may(ctx, ASK),
    }
    return Page("signatures/all.html", _("Signatures"), values)


def one_request(ctx: Context, account: Account, request: str) -> Page:
    """A request: its document, its signers, how far each is, and the evidence of it."""
    found = store.request_of(ctx, account.id, request)
    chain = evidence.chain_of(ctx, found.id)
    values = {
        "asked": found,
        "document": documents.document_of_key(ctx, account, found.document_id),
        "ready": [
            (one, len(found.fields_of(one)), is_signer(ctx, account, one) and one.waits)
            for one in found.signers
        ],
        "chain": chain,
        "chain_is_whole": evidence.is_whole(chain),
        "evidence": EVIDENCE,
        "how": HOW,
        "may_ask": may(ctx, ASK),
    }
    return Page("signatures/request.html", _("Signatures"), values)


def ask_for_signers(ctx: Context, account: Account, document: str, form: Form[NewRequest]) -> Page:
    """The page on which the team chooses a document and who signs it."""
    shown = [one for one in documents.shown_to_clients(ctx, account, MOST_OFFERED) if _is_pdf(one)]
    if document and all(one.public_id != document for one in shown):
        shown.insert(0, documents.document_of(ctx, account, document))
    possible = preparing.possible_signers(ctx, account)
    filled = form.starting_from(
        document=document or (shown[0].public_id if len(shown) == 1 else ""),
        signers=tuple(key for key in possible if key.startswith("client-")),
        in_order=False,
        expires=(ctx.today + preparing.USUALLY).isoformat(),
    ).offering(
        document=[Choice(value=one.public_id, label=one.name) for one in shown],
        signers=[
            Choice(value=key, label=f"{one.name} ({one.address})" if one.address else one.name)
            for key, one in possible.items()
        ],
    )
    values = {"form": filled, "has_documents": bool(shown)}
    return Page("signatures/new.html", _("Have a document signed"), values)


def measure(ctx: Context, account: Account, document: str, value: NewRequest) -> Measured:
    """Looks whether the document can be signed."""
    return preparing.measure(ctx, account, value)


def make(ctx: Context, account: Account, document: str, value: Measured) -> Redirect:
    """Makes the draft, and goes on to its fields."""
    public_id = preparing.make_request(ctx, account, value)
    return Redirect(_place("place", account, public_id))


def ask_for_places(
    ctx: Context, account: Account, request: str, show: str, form: Form[PlacedFields]
) -> Page | Download | Picture:
    """The page on which fields are placed on pictures of the pages, by mouse or by keyboard."""
    found = store.request_of(ctx, account.id, request)
    document = documents.document_of_key(ctx, account, found.document_id)
    if show:
        return shown_page(ctx, document, found, show)
    filled = form.starting_from(fields=placing.as_text(found.fields), version=found.version)
    values = {
        "form": filled,
        "asked": found,
        "document": document,
        "is_draft": found.stage is Stage.DRAFT,
        "kinds": KINDS,
        "whole": WHOLE,
        "ended": ENDED,
    }
    return Page("signatures/place.html", _("Place the fields"), values)


def place(ctx: Context, account: Account, request: str, show: str, value: PlacedFields) -> Redirect:
    """Keeps the places, and shows the request as it will be sent."""
    preparing.place_fields(ctx, account, request, value)
    return Redirect(_place("send", account, request))


def place_blocks(ctx: Context, account: Account, request: str) -> Redirect:
    """Puts a signature at the foot of the last page for each who has none."""
    preparing.place_blocks(ctx, account, request)
    return Redirect(_place("place", account, request), _("Each signer has a place now."))


def move_signer(ctx: Context, account: Account, request: str, signer: str) -> Redirect:
    """Lets a signer sign before the one before them."""
    preparing.move_signer(ctx, account, request, signer)
    return Redirect(_place("send", account, request))


def confirm_sending(ctx: Context, account: Account, request: str, form: Form[Confirm]) -> Page:
    """What will be sent to whom, before it is."""
    found = store.request_of(ctx, account.id, request)
    values = {
        "form": form.starting_from(version=found.version),
        "asked": found,
        "document": documents.document_of_key(ctx, account, found.document_id),
        "ready": [(one, found.fields_of(one)) for one in found.signers],
        "is_draft": found.stage is Stage.DRAFT,
        "kinds": KINDS,
    }
    return Page("signatures/send.html", _("Send it to be signed"), values)


def send(ctx: Context, account: Account, request: str, value: Confirm) -> Redirect:
    """Sends it."""
    preparing.send(ctx, account, request, value.version)
    return Redirect(_place("request", account, request), _("The signers are asked."))


def confirm_deletion(ctx: Context, account: Account, request: str, form: Form[Confirm]) -> Page:
    """The page that asks before a draft is deleted."""
    found = store.request_of(ctx, account.id, request)
    values = {
        "form": form.starting_from(version=found.version),
        "save": _("Delete the draft"),
        "back": _place("request", account, request),
        "lead": _("Nobody was asked yet. The document stays."),
        "danger": True,
    }
    return Page("signatures/form.html", _("Delete this draft?"), values)


def delete(ctx: Context, account: Account, request: str, value: Confirm) -> Redirect:
    """Deletes the draft."""
    preparing.delete_draft(ctx, account, request, value.version)
    to = To("signatures.all", {"account": account.public_id})
    return Redirect(to, _("The draft is deleted."))


def ask_why(ctx: Context, account: Account, request: str, form: Form[Reason]) -> Page:
    """The page that asks why a request is voided."""
    store.request_of(ctx, account.id, request)
    values = {
        "form": form,
        "save": _("Void it"),
        "back": _place("request", account, request),
        "lead": _("Nobody can sign it any more. Signatures given so far count no longer."),
        "danger": True,
    }
    return Page("signatures/form.html", _("Void this request?"), values)


def void(ctx: Context, account: Account, request: str, value: Reason) -> Redirect:
    """Voids it."""
    ending.void(ctx, account, request, value.reason)
    return Redirect(_place("request", account, request), _("The request is voided."))


def remind(ctx: Context, account: Account, request: str) -> Redirect:
    """Reminds everybody whose turn it is."""
    ending.remind(ctx, account, request)
    return Redirect(_place("request", account, request), _("The signers are reminded."))


def _is_pdf(document: documents.Document) -> bool:
    return document.kind == "application/pdf"


def _place(name: str, account: Account, request: str) -> To:
    return To(f"signatures.{name}", {"account": account.public_id, "request": request})
