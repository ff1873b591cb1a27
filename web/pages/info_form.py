"""A page under the Info tab that is one form, with a way back to the tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core.context import Page, To

if TYPE_CHECKING:
    from crm_core.accounts import Account
    from crm_core.forms import Form
    from crm_core.words import Words


def info_form(
    account: Account,
    form: Form[Any],
    title: Words,
    save: Words,
    lead: Words | str = "",
    *,
    danger: bool = False,
) -> Page:
    """The page with this form; `save` stands on its button, `lead` above its fields."""
    values = {"form": form, "save": save, "lead": lead, "danger": danger}
    return Page("pages/info_form.html", title, {**values, "back": to_info(account)})


def to_info(account: Account) -> To:
    """The Info tab of an account."""
    return To("shell.info", {"account": account.public_id})
