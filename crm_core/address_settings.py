"""What each e-mail address of a contact may do for one account (ACC-6, ACC-7, C5, C6).

Settings belong to the triple account, contact and address: the same address has others on another
account. `LOGIN` and `NOTIFY` are the core's own; plugins contribute more through the hook `fields`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core import audit, events
from crm_core.addresses import address_key
from crm_core.catalog import Contributed
from crm_core.clients import end_clients
from crm_core.contributions import Field, FieldOf
from crm_core.guarding import Failed, read_guarded
from crm_core.permissions import MANAGE_ACCOUNTS, demand, may
from crm_core.refusals import Refused
from crm_core.store.statements import compiled
from crm_core.store.tables import AddressSettingRow, ContactEmailRow, LinkRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from crm_core.accounts import Account
    from crm_core.context import Context
    from crm_core.store.database import Scoped
    from crm_core.words import Words


class NoKeys(Exception):  # noqa: N818
    """A field answered something else than the keys of addresses."""


@frozen(kw_only=True)
class Setting:
    """A switch for each address of an account: its name, and the keys of those that are on.

    `may_change` is whether this viewer may, as the account is now. `failed` says how whoever
    contributed it failed to say which are on.
    """

    name: str
    title: Words
    help: Words
    may_change: bool
    on: frozenset[int] = frozenset()
    failed: Failed | None = None


def settings_of_account(ctx: Context, account: Account) -> Sequence[Setting]:
    """The switches of the core and of the firm's modules in order, each asked once."""
    return [_setting(ctx, account, field) for field in _fields(ctx)]


def save_settings(
    ctx: Context, account: Account, changed: Mapping[str, Mapping[int, bool]]
) -> None:
    """Switches addresses on or off: by the setting's name and the address's key.

    What is not named stays as it is, so two people who change different things both keep theirs.
    """
    demand(ctx, MANAGE_ACCOUNTS)
    addresses = addresses_of_account(ctx, account)
    told: dict[str, list[str]] = {}
    for contributed in _fields(ctx):
        wanted = changed.get(contributed.name, {})
        ours = {key: on for key, on in wanted.items() if key in addresses}
        if ours:
            demand(ctx, contributed.value.needs)
            if contributed.value is LOGIN and account.archived is not None and any(ours.values()):
                raise Refused(_not_while_archived(account))
            contributed.value.save(ctx, account, ours)
            for key, on in ours.items():
                what = f"{contributed.value.title}: {addresses[key].address}"
                told.setdefault("on" if on else "off", []).append(what)
        if contributed.value is LOGIN:
            lost = {address_key(addresses[key].address) for key, on in ours.items() if not on}
            end_clients(ctx, lost)
    if told:
        audit.record(ctx, events.ADDRESS_SETTINGS_CHANGED, account_id=account.id, after=told)


@frozen(kw_only=True)
class AddressOfAccount:
    """An e-mail address of a contact that is linked to an account."""

    contact_id: int
    address: str


def accounts_with_login(ctx: Context, account_ids: Collection[int]) -> Collection[int]:
    """Those of these accounts on which at least one address has LOGIN (ACC-11)."""
    return {row.account_id for row in _with_login(ctx, list(account_ids))}


@compiled
def _with_login(asked: Scoped, account_ids: Any) -> Any:
    return AddressSettingRow.of(asked, AddressSettingRow.account_id).where(
        AddressSettingRow.account_id.in_(account_ids) & AddressSettingRow.login
    )


def contacts_with_login(ctx: Context, account: Account) -> Collection[int]:
    """The keys of the account's contacts of whom an address has LOGIN."""
    rows = AddressSettingRow.of(ctx, AddressSettingRow.contact_id).where(
        (AddressSettingRow.account_id == account.id) & AddressSettingRow.login
    )
    return {row.contact_id for row in rows}


def addresses_of_account(ctx: Context, account: Account) -> Mapping[int, AddressOfAccount]:
    """The e-mail addresses of the account's contacts, by their keys."""
    rows = (
        ContactEmailRow.of(ctx)
        .join(
            LinkRow,
            on=(LinkRow.firm_id == ContactEmailRow.firm_id)
            & (LinkRow.contact_id == ContactEmailRow.contact_id),
        )
        .where(LinkRow.account_id == account.id)
    )
    return {
        row.id: AddressOfAccount(contact_id=row.contact_id, address=row.address) for row in rows
    }


def _not_while_archived(account: Account) -> Words:
    return _(
        "{name} is archived, so nobody can sign in to it. Bring it back first.", name=account.name
    )


def _reading(column: Any) -> Callable[[Context, Account], Collection[int]]:
    def read(ctx: Context, account: Account) -> Collection[int]:
        rows = AddressSettingRow.of(ctx, AddressSettingRow.email_id).where(
            (AddressSettingRow.account_id == account.id) & column
        )
        return {row.email_id for row in rows}

    return read


def _saving(column: Any) -> Callable[[Context, Account, Mapping[int, bool]], None]:
    def save(ctx: Context, account: Account, changed: Mapping[int, bool]) -> None:
        demand(ctx, MANAGE_ACCOUNTS)
        contacts = addresses_of_account(ctx, account)
        for email_id, on in changed.items():
            if email_id in contacts:
                AddressSettingRow.adding(
                    ctx,
                    account_id=account.id,
                    contact_id=contacts[email_id].contact_id,
                    email_id=email_id,
                    **{column.name: on},
                ).on_conflict(
                    conflict_target=[
                        AddressSettingRow.firm_id,
                        AddressSettingRow.account_id,
                        AddressSettingRow.email_id,
                    ],
                    update={column: on},
                ).execute()

    return save


LOGIN = Field(
    name="login",
    title=_("LOGIN"),
    help=_("May sign in to the portal and see what is shared on this account."),
    read=_reading(AddressSettingRow.login),
    save=_saving(AddressSettingRow.login),
    needs=MANAGE_ACCOUNTS,
    order=100,
)
NOTIFY = Field(
    name="notify",
    title=_("NOTIFY"),
    help=_("Receives mails about what happens on this account."),
    read=_reading(AddressSettingRow.notify),
    save=_saving(AddressSettingRow.notify),
    needs=MANAGE_ACCOUNTS,
    order=200,
)


def _fields(ctx: Context) -> Sequence[Contributed[Field]]:
    core = [Contributed("core", field) for field in (LOGIN, NOTIFY)]
    fields = [f for f in (*core, *ctx.modules.fields) if f.value.on is FieldOf.CONTACT_EMAIL]
    return sorted(fields, key=lambda field: (field.value.order, field.name))


def _setting(ctx: Context, account: Account, contributed: Contributed[Field]) -> Setting:
    field = contributed.value

    def read() -> frozenset[int]:
        keys = frozenset(field.read(ctx, account))
        if not all(isinstance(key, int) for key in keys):
            raise NoKeys(f"{contributed.name} answered something else than keys of addresses")
        return keys

    outcome = read_guarded(ctx, contributed.name, field.budget, read)
    return Setting(
        name=contributed.name,
        title=field.title,
        help=field.help,
        may_change=may(ctx, field.needs) and (field is not LOGIN or account.archived is None),
        **({"failed": outcome} if isinstance(outcome, Failed) else {"on": outcome.value}),
    )
