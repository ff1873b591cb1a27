"""What people are told of documents: that the firm shared some, that a client sent some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import Audience, MailWish, NotificationType, To, notify
from plugins.documents.rules import is_client
from plugins.documents.values import Access
from plugins.documents.words import _, _n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context
    from crm_core.accounts import Account
    from plugins.documents.values import Folder

SHARED = NotificationType(
    name="documents.shared",
    title=_("New documents"),
    help=_("Your accountant put documents into the portal."),
    audience=Audience.CLIENT,
    order=10,
)
SENT = NotificationType(
    name="documents.sent",
    title=_("Documents from a client"),
    help=_("A client that you follow uploaded documents."),
    audience=Audience.STAFF,
    mail=MailWish.DAILY,
    order=10,
)


def tell_of_upload(
    ctx: Context, account: Account, folder: Folder, added: Sequence[tuple[str, str]]
) -> None:
    """Tells the other side what was put into a folder that clients see: ids and names."""
    if not added:
        return
    first, name = added[0]
    many = len(added) > 1
    here = {"account": account.public_id}
    if is_client(ctx):
        what = (
            _n(
                "{who} sent {count} document.",
                "{who} sent {count} documents.",
                count=len(added),
                who=ctx.viewer.name,
            )
            if many
            else _("{who} sent a document: {name}", who=ctx.viewer.name, name=name)
        )
        to = (
            To("documents.folder", here | {"folder": folder.public_id})
            if many
            else To("documents.document", here | {"document": first})
        )
        notify.tell_staff(ctx, SENT, account, what, to, f"{first}:{ctx.now.isoformat()}")
    elif folder.access is not Access.PRIVATE:
        what = (
            _n("{count} new document for you.", "{count} new documents for you.", count=len(added))
            if many
            else _("A new document for you: {name}", name=name)
        )
        to = (
            To("documents.portal_folder", here | {"folder": folder.public_id})
            if many
            else To("documents.portal_document", here | {"document": first})
        )
        notify.tell_clients(ctx, SHARED, account, what, to, f"{first}:{ctx.now.isoformat()}")
