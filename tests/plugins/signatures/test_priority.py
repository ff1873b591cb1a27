"""In which order the contacts of an account are asked to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core import NotAllowed, NotFound, Refused
from crm_core.links import linked_contacts
from plugins.signatures import preparing, priority
from tests.plugins.approvals.asking import login
from tests.plugins.documents.people import ANNA, BEN
from tests.plugins.signatures.asking import mail_everybody, seen, sent
from tests.web.browsing import press

if TYPE_CHECKING:
    from tests.plugins.documents.people import Practice


def order(practice: Practice) -> list[str]:
    """The addresses of the ranked contacts, the first to sign first."""
    with practice.as_owner() as ctx:
        return [one.emails[0] for one in priority.ranked(ctx, practice.account)]


def test_the_order_is_changed_on_the_info_tab_and_holds_for_new_requests(
    practice: Practice,
) -> None:
    """C8, SIG-1."""
    first, second = order(practice)
    with practice.as_owner() as ctx:
        contacts = {one.emails[0]: one for one in linked_contacts(ctx, practice.account)}
    profile = f"/f/acme/accounts/{practice.account.public_id}"
    assert "Signer priority" in practice.owner.get(f"{profile}/info").text
    page = f"{profile}/signatures/priority"
    press(practice.owner, page, f"/priority/{contacts[second].public_id}")
    assert order(practice) == [second, first]
    request = seen(practice, sent(practice, "", ANNA, BEN, in_order=True))
    assert [one.address for one in request.signers] == [second, first]
    with practice.as_owner() as ctx:
        possible = preparing.possible_signers(ctx, practice.account).values()
        assert [one.address for one in possible][:2] == [second, first]


def test_only_addresses_with_login_rank(practice: Practice) -> None:
    """C8: one without stands behind, where a mail reaches it at all."""
    first, second = order(practice)
    login(practice, first, on=False)
    mail_everybody(practice)
    assert order(practice) == [second]
    with practice.as_owner() as ctx:
        possible = preparing.possible_signers(ctx, practice.account).values()
        assert [one.address for one in possible][:2] == [second, first]
        (out,) = (c for c in linked_contacts(ctx, practice.account) if first in c.own_emails)
        with pytest.raises(Refused, match="that has LOGIN"):
            priority.raise_contact(ctx, practice.account, out.public_id)


def test_whoever_may_not_manage_accounts_changes_no_order(practice: Practice) -> None:
    with practice.as_employee() as ctx, pytest.raises(NotAllowed):
        priority.raise_contact(ctx, practice.account, "0" * 32)
    with practice.as_owner() as ctx, pytest.raises(NotFound):
        priority.raise_contact(ctx, practice.account, "0" * 32)
