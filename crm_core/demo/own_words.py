"""What the demonstration firm has of its own: tags, fields, roles, LOGINs, former clients."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from crm_core.account_changes import archive_account
from crm_core.account_roles import add_account_role
from crm_core.address_settings import addresses_of_account, save_settings
from crm_core.fields.defining import add_field
from crm_core.fields.kinds import KINDS
from crm_core.fields.notation import firms_notation
from crm_core.fields.saving import insert_values
from crm_core.fields.values import FieldType, NewField, Owner
from crm_core.links import linked_contacts
from crm_core.tags import Colour, TagChange, add_tag, set_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from crm_core.context import Context
    from crm_core.contributions import DemoAccount

OF_BUSINESSES = (("VAT", Colour.BLUE), ("Payroll", Colour.TEAL), ("Annual accounts", Colour.PURPLE))
OF_EVERYBODY = (("Income tax", Colour.GREEN), ("Priority", Colour.RED))
ROLES = ("Partner", "Reviewer", "Bookkeeper")
PERIODS = ("Month", "Quarter", "Year")
LANGUAGES = ("Dutch", "English", "German")
FORMER = 0.05
"""The part of the clients who have left."""


def give_own_words(ctx: Context, accounts: Sequence[DemoAccount], random: Random) -> None:
    """Gives these accounts and their contacts what a firm adds to them in its first years."""
    for role in ROLES:
        add_account_role(ctx, role)
    _tag(ctx, accounts, random)
    _fill_fields(ctx, accounts, random)
    for one in accounts:
        if one.first or random.random() < 0.4:
            _let_sign_in(ctx, one)
        if not one.first and random.random() < FORMER:
            archive_account(ctx, one.account)


def _tag(ctx: Context, accounts: Sequence[DemoAccount], random: Random) -> None:
    made = {
        name: add_tag(ctx, TagChange(name=name, colour=colour)).id
        for name, colour in (*OF_BUSINESSES, *OF_EVERYBODY)
    }
    for one in accounts:
        fitting = OF_BUSINESSES if one.account.company_name else OF_EVERYBODY[:1]
        tags = {made[name] for name, _colour in fitting if random.random() < 0.6}
        if one.first or random.random() < 0.1:
            tags.add(made["Priority"])
        set_tags(ctx, one.account, tags)


def _fill_fields(ctx: Context, accounts: Sequence[DemoAccount], random: Random) -> None:
    businesses = [one.account.id for one in accounts if one.account.company_name]
    everybody = [one.account.id for one in accounts]
    contacts = {c.id: c for one in accounts for c in linked_contacts(ctx, one.account)}
    _fill(
        ctx,
        NewField(owner=Owner.ACCOUNT, type=FieldType.CHOICE, label="VAT period", choices=PERIODS),
        ((key, random.choice(PERIODS)) for key in businesses),
    )
    _fill(
        ctx,
        NewField(owner=Owner.ACCOUNT, type=FieldType.MONEY, label="Fee per year"),
        ((key, f"{random.randrange(4, 90) * 100}") for key in everybody),
    )
    _fill(
        ctx,
        NewField(owner=Owner.CONTACT, type=FieldType.DATE, label="Date of birth"),
        (
            (key, str(date(1948, 1, 1) + timedelta(days=random.randrange(20_000))))
            for key, contact in contacts.items()
            if contact.first_name
        ),
    )
    _fill(
        ctx,
        NewField(owner=Owner.CONTACT, type=FieldType.CHOICE, label="Speaks", choices=LANGUAGES),
        ((key, random.choice(LANGUAGES)) for key in contacts),
    )


def _fill(ctx: Context, new: NewField, texts: Iterable[tuple[int, str]]) -> None:
    field, notation = add_field(ctx, new), firms_notation(ctx)
    read = KINDS[field.type].read
    insert_values(ctx, field, ((key, 0, read(text, notation), True) for key, text in texts))


def _let_sign_in(ctx: Context, one: DemoAccount) -> None:
    """The first address may sign in, and the first two get mails."""
    keys = list(islice(addresses_of_account(ctx, one.account), 2))
    if keys:
        mails = dict.fromkeys(keys, True)
        save_settings(ctx, one.account, {"core.login": {keys[0]: True}, "core.notify": mails})
