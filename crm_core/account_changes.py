"""What becomes of an account: its details change, it is archived, brought back, and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from crm_core import audit, events, search_index
from crm_core.accounts import Account, AccountType, generated_name
from crm_core.contacts import contact_names
from crm_core.fields.asking import typed_values
from crm_core.fields.saving import write_values
from crm_core.fields.values import Owner
from crm_core.folding import folded
from crm_core.permissions import MANAGE_ACCOUNTS, demand
from crm_core.refusals import NotFound, Refused, Stale
from crm_core.store.file_rows import FileRow
from crm_core.store.tables import AccountRow, LinkRow
from crm_core.tags import tags_of_accounts
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core.context import Context
    from crm_core.fields.values import Entered
    from crm_core.postal import PostalAddress


@frozen(kw_only=True)
class AccountChange:
    """An account's details as somebody wants them; `version` is that of the account they saw.

    Without a `name` it is generated (ACC-9). A company's name and address are kept, and return,
    whatever the type is (ACC-10). `fields` are what was entered into custom fields (I6); those that
    are not named stay as they are.
    """

    type: AccountType
    name: str
    company_name: str
    company_address: PostalAddress
    version: int
    fields: tuple[Entered, ...] = ()


def details_of(account: Account) -> AccountChange:
    """What the account says now, to start a change from."""
    return AccountChange(
        type=account.type,
        name=account.name if account.name_by_hand else "",
        company_name=account.company_name,
        company_address=account.company_address,
        version=account.version,
    )


def change_account(ctx: Context, account: Account, change: AccountChange) -> None:
    """Saves an account's details and custom fields; `Stale` where somebody saved it first (ACC-15).

    Refuses a name that would be empty.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    name = change.name.strip() or _generated(ctx, account, change)
    if not name:
        raise Refused(_("An account needs a name."), at="name")
    address = change.company_address
    changed = (
        AccountRow.change(
            ctx,
            type=change.type,
            name=name,
            sort_name=folded(name),
            name_by_hand=bool(change.name.strip()),
            company_name=change.company_name.strip(),
            company_street=address.street,
            company_postcode=address.postcode,
            company_city=address.city,
            company_region=address.region,
            company_country=address.country,
            version=AccountRow.version + 1,
        )
        .where((AccountRow.id == account.id) & (AccountRow.version == change.version))
        .execute()
    )
    if not changed:
        tags = [tag.public_id for tag in tags_of_accounts(ctx, [account.id])[account.id]]
        own = typed_values(ctx, Owner.ACCOUNT, account.id)
        raise Stale({**_told(account), "tags": tags, **own}, account.version)
    write_values(ctx, Owner.ACCOUNT, account.id, change.fields)
    search_index.account_changed(ctx, [account.id])
    after = {**_told_of(change), "name": name}
    audit.record_change(ctx, events.ACCOUNT_CHANGED, _told(account), after, account_id=account.id)


def contact_renamed(ctx: Context, contact_id: int, name: str) -> None:
    """Renames the accounts whose names are generated from this contact's (ACC-9).

    An account's name follows the contact that it was opened with. Asks for no right: renaming the
    contact did.
    """
    for row in AccountRow.of(ctx).where(
        (AccountRow.anchor_contact_id == contact_id) & ~AccountRow.name_by_hand
    ):
        generated = generated_name(AccountType(row.type), row.company_name, name)
        if generated and generated != row.name:
            AccountRow.change(
                ctx,
                name=generated,
                sort_name=folded(generated),
                version=AccountRow.version + 1,
            ).where(AccountRow.id == row.id).execute()
            search_index.account_changed(ctx, [row.id])


def archive_account(ctx: Context, account: Account) -> None:
    """Takes an account off the active list, out of pickers and search (ACC-13)."""
    _set_archived(ctx, account, archived=True)


def bring_account_back(ctx: Context, account: Account) -> None:
    """Puts an archived account back on the active list."""
    _set_archived(ctx, account, archived=False)


def delete_account(ctx: Context, account: Account, typed_name: str) -> None:
    """Deletes an archived account with all that plugins keep of it; its contacts stay (ACC-13).

    `typed_name` is the name as the person typed it, to show that they mean this one.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    if account.archived is None:
        raise Refused(_("Only an archived client can be deleted. Archive it first."))
    if " ".join(typed_name.split()) != " ".join(account.name.split()):
        raise Refused(_("Type the name exactly: {name}.", name=account.name), at="name")
    audit.record(
        ctx,
        events.ACCOUNT_DELETED,
        account_id=account.id,
        before={"name": account.name, "number": account.number},
    )
    for table in reversed(ctx.catalog.everything.tables):
        row = table.value.row
        if "account_id" in row._meta.fields:
            row.remove(ctx).where(row.account_id == account.id).execute()
    FileRow.remove(ctx).where(FileRow.account_id == account.id).execute()
    # The account and its link refer to each other; the database looks when the transaction ends.
    LinkRow.remove(ctx).where(LinkRow.account_id == account.id).execute()
    if not AccountRow.remove(ctx).where(AccountRow.id == account.id).execute():
        raise NotFound


def _set_archived(ctx: Context, account: Account, *, archived: bool) -> None:
    demand(ctx, MANAGE_ACCOUNTS)
    if (account.archived is not None) is archived:
        return
    AccountRow.change(
        ctx, archived=ctx.now if archived else None, version=AccountRow.version + 1
    ).where(AccountRow.id == account.id).execute()
    event = events.ACCOUNT_ARCHIVED if archived else events.ACCOUNT_BROUGHT_BACK
    audit.record(ctx, event, account_id=account.id)


def _generated(ctx: Context, account: Account, change: AccountChange) -> str:
    row = AccountRow.of(ctx, AccountRow.anchor_contact_id).where(AccountRow.id == account.id).get()
    names = contact_names(ctx, [row.anchor_contact_id])
    return generated_name(change.type, change.company_name, names.get(row.anchor_contact_id, ""))


def _told(account: Account) -> dict[str, Any]:
    """What an account says now, by the names of a form's fields."""
    return {**_told_of(details_of(account)), "name": account.name}


def _told_of(change: AccountChange) -> Mapping[str, Any]:
    return {
        "type": change.type,
        "name": change.name,
        "company_name": change.company_name,
        **asdict(change.company_address),
    }
