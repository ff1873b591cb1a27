"""Texts that are scripts stay texts: a real browser runs none of them, wherever they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core.account_roles import add_account_role, set_role_holders
from crm_core.accounts import Account, AccountType, NewAccount, create_account
from crm_core.contacts import Detail, NewContact
from crm_core.firm_settings import Accent, FirmChange, change_firm
from crm_core.links import linked_contacts
from crm_core.listing.saved import save_list
from crm_core.postal import PostalAddress
from crm_core.search_and_lists import ListOf
from crm_core.tags import TagChange, add_tag, set_tags
from crm_core.testing.builders import an_employee, as_owner
from plugins.notes.actions import write_note
from plugins.notes.forms import NewNote
from tests.core.fields.filled import a_field, fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from crm_core.context import Context

FEWEST_SCRIPTS = 200
FEW = 12
"""Of the worst texts in a place where each is a thing of its own, such as a tag."""

SETTINGS = ("team", "requests", "tags", "fields", "roles", "modules", "firm", "history")


def test_no_text_runs(office: Any, naughty: list[str], visit: Callable[..., Page]) -> None:
    scripts = [text for text in naughty if text.isprintable() and _is_a_script(text)]
    assert len(scripts) >= FEWEST_SCRIPTS
    firm, address = office.open_firm("hostile")
    person, _address = office.add_person("hostile-colleague")
    with as_owner(office.store, office.catalog, firm) as ctx:
        account = _hostile_client(ctx, scripts, person)
        contact = linked_contacts(ctx, account)[0]
    page = visit(address)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(page.url), dialog.dismiss()))
    root = f"/f/{firm.slug}"
    profile = f"{root}/accounts/{account.public_id}"
    for path in (
        *(f"{profile}{tab}" for tab in ("", "/info", "/info/edit", "/notes")),
        *(f"{root}{place}" for place in ("/clients", "/contacts", "/search?q=alert")),
        *(f"{root}/contacts/{contact.public_id}{part}" for part in ("", "/edit", "/history")),
        *(f"{root}/settings/{place}" for place in SETTINGS),
    ):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert "alert(" in page.inner_text("body"), path
    page.get_by_role("combobox", name="Search clients").fill("alert")
    page.get_by_role("listbox", name="Found").get_by_role("option").first.wait_for()
    assert "alert(" in page.get_by_role("listbox", name="Found").inner_text()
    assert not asked


def _is_a_script(text: str) -> bool:
    return "alert" in text or "script" in text.lower()


def _hostile_client(ctx: Context, scripts: list[str], person: int) -> Account:
    """A client, and a firm around it, in which every text is a script."""
    line = " ".join(scripts)
    texts = iter([line[start : start + 190] for start in range(0, len(line), 190)])
    short = [text for text in scripts if "<script>alert(" in text and len(text) <= 50]
    change_firm(
        ctx,
        FirmChange(
            name=short[0],
            address=PostalAddress(street=next(texts), city=next(texts)),
            zone=ctx.firm.zone,
            currency=ctx.firm.currency,
            language=ctx.firm.language,
            accent=Accent.TEAL,
            version=ctx.firm.version,
        ),
    )
    account = create_account(
        ctx,
        NewAccount(
            type=AccountType.BUSINESS,
            name=short[1],
            company_name=next(texts),
            company_address=PostalAddress(street=next(texts), city=next(texts)),
            description=next(texts),
            contact=NewContact(
                first_name=short[2],
                last_name=next(texts),
                company=next(texts),
                phone=short[3],
                address=PostalAddress(street=next(texts), country=next(texts)),
                details=(Detail(label=next(texts), value=line[:5_000]),),
            ),
        ),
    )
    for text in short[:FEW]:
        save_list(ctx, ListOf.ACCOUNTS, text, "")
        role = add_account_role(ctx, text)
    colleague = an_employee(ctx, accounts=(account,), person_id=person)
    set_role_holders(ctx, account, {role.id: colleague})
    set_tags(ctx, account, {add_tag(ctx, TagChange(name=text)).id for text in short[:FEW]})
    for kind in ("text", "long_text"):
        field = a_field(ctx, "account", kind, f"{kind} {short[0]}", help=next(texts))
        fill(ctx, "account", account.id, {field: line[:190] if kind == "text" else line[:19_000]})
    a_field(ctx, "account", "choice", short[1], choices=tuple(short[:FEW]))
    write_note(ctx, account, NewNote(text=line[:19_000], pinned=True))
    return account
