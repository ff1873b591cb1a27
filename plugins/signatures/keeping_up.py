"""What others may do with a document that is out to be signed, and with its signers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Reaction, Refused, When
from crm_core.accounts import account_with_key
from plugins.documents import api as documents
from plugins.signatures import preparing, store, telling
from plugins.signatures.values import SignerKind
from plugins.signatures.words import _

if TYPE_CHECKING:
    from crm_core import Context, Happened


def keep_as_it_is(ctx: Context, happened: Happened) -> None:
    """Refuses what changes a document that is out to be signed, or hides it from its signers."""
    if happened.account_id is None:
        return
    open_ones = store.open_documents(ctx, happened.account_id)
    if not open_ones:
        return
    account = account_with_key(ctx, happened.account_id)
    known = documents.documents_of(ctx, account, open_ones)
    for key, request in open_ones.items():
        document = known.get(key)
        stays = (
            document is not None
            and document.trashed is None
            and document.access is not documents.Access.PRIVATE
            and document.number == request.number
        )
        if not stays:
            raise Refused(
                _("A document in it is out to be signed. Void the request first, or wait for it.")
            )


def follow_contacts(ctx: Context, happened: Happened) -> None:
    """Tells the team where somebody who has yet to sign cannot do so any more."""
    if happened.account_id is not None:
        requests = store.pending_on(ctx, [happened.account_id])
    elif happened.contact_id is not None:
        requests = store.pending_for_contact(ctx, happened.contact_id)
    else:
        return
    for request in requests:
        account = account_with_key(ctx, request.account_id)
        able = {one.contact_id for one in preparing.possible_signers(ctx, account).values()}
        for signer in request.signers:
            if (
                signer.kind is SignerKind.CLIENT
                and signer.signed is None
                and signer.contact_id not in able
            ):
                what = _("{who} can no longer sign what was sent to them.", who=signer.name)
                telling.tell_team(ctx, account, request, what)


REACTIONS = (
    Reaction(
        name="keep",
        title=_("Documents that are out to be signed stay as they are"),
        to=(
            "documents.uploaded",
            "documents.moved",
            "documents.trashed",
            "documents.folder_changed",
            "documents.folder_moved",
            "documents.folder_deleted",
        ),
        when=When.BEFORE,
        act=keep_as_it_is,
    ),
    Reaction(
        name="contacts",
        title=_("Signers who can no longer sign"),
        to=(
            "accounts.contact_unlinked",
            "accounts.address_settings_changed",
            "contacts.contact_changed",
        ),
        when=When.WITHIN,
        act=follow_contacts,
    ),
)
