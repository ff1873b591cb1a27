"""Life-like documents for the demonstration firm."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from crm_core.files import keep_file, store_sent
from crm_core.links import linked_contacts
from plugins.documents import saving, store, template_store, tree
from plugins.documents.blueprint import planned
from plugins.documents.previews import ask_for_preview
from plugins.documents.values import Access

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from crm_core import Context, DemoAccount
    from plugins.documents.values import Folder

_FROM_CLIENTS = (
    "Bank statement {month}.pdf",
    "Payslips {month}.pdf",
    "Receipts {month}.csv",
    "Mortgage statement {year}.pdf",
    "Invoice office rent {month}.pdf",
    "Insurance policy {year}.pdf",
)
_FOR_CLIENTS = (
    "Income tax return {year}.pdf",
    "VAT return {month}.pdf",
    "Annual accounts {year}.pdf",
    "Engagement letter {year}.pdf",
    "Provisional assessment {year}.pdf",
)
_PRIVATE = ("Working papers {year}.csv", "Notes on the audit {year}.pdf")
_PLANNED = {
    Access.EDITS: "Tax papers/Income\nTax papers/Expenses\n/Payroll",
    Access.SEES: "Returns/Income tax\nReturns/VAT",
    Access.PRIVATE: "Working papers",
}
_LINES = (
    "Prepared for the year that the name of this document says.",
    "All amounts are in euros.",
    "Made up for the demonstration: nobody's real figures.",
)


def make_demo_documents(ctx: Context, accounts: Sequence[DemoAccount], random: Random) -> None:
    """Puts documents into the folders of these accounts, the last ones some days ago."""
    if not template_store.templates_of(ctx):
        template_store.add_template(ctx, "Yearly return", planned(_PLANNED), for_new=False)
    for account in accounts:
        key = account.account.id
        first = tree.tree_of(ctx, key).folders[0]
        tree.made(ctx, key, first)
        tops = {one.access: one for one in tree.tree_of(ctx, key).within(None)}
        contacts = linked_contacts(ctx, account.account)
        client = contacts[0].name if contacts else account.account.name
        many = 4 if account.first else 1
        for access, names, by in (
            (Access.EDITS, _FROM_CLIENTS, client),
            (Access.SEES, _FOR_CLIENTS, ""),
            (Access.PRIVATE, _PRIVATE, ""),
        ):
            for name in random.sample(names, k=min(len(names), random.randint(many - 1, many))):
                _put(ctx, key, tops[access], name, by, random)


def _put(ctx: Context, account_id: int, folder: Folder, name: str, by: str, random: Random) -> None:
    at = ctx.now - timedelta(days=random.randint(0, 200), minutes=random.randint(0, 600))
    called = name.format(month=f"{at:%Y-%m}", year=at.year - 1)
    content = _pdf(called) if called.endswith(".pdf") else _csv(called)
    sent = store_sent(ctx.store, ctx.firm.id, called, [content])
    file: dict[str, Any] = {
        "file_id": keep_file(ctx, sent, account_id),
        "size": sent.size,
        "kind": sent.kind,
        "from_client": bool(by),
        "uploaded_by": by or ctx.viewer.name,
        "uploaded": at,
    }
    if store.document_named(ctx, folder, sent.name) is None:
        public_id = saving.add_document(ctx, account_id, folder, sent.name, file)
        ask_for_preview(ctx, account_id, public_id)
        if by and at < ctx.now - timedelta(days=14):
            saving.see(ctx, store.document_of(ctx, account_id, public_id))


@lru_cache(512)
def _pdf(name: str) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    made = BytesIO()
    page = Canvas(made, pagesize=A4, invariant=1)
    page.setTitle(name)
    page.setFont("Helvetica-Bold", 18)
    page.drawString(72, 760, name.removesuffix(".pdf"))
    page.setFont("Helvetica", 11)
    for nth, line in enumerate(_LINES):
        page.drawString(72, 720 - 18 * nth, line)
    page.save()
    return made.getvalue()


def _csv(name: str) -> bytes:
    rows = [f"{day:02};{name};{day * 12},50" for day in range(1, 20)]
    return "\r\n".join(["Day;What;Amount", *rows, ""]).encode()
