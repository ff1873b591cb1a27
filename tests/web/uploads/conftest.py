"""A client of a firm, and who sends files to its folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crm_core.links import link_contact
from crm_core.testing.builders import a_contact, an_account, as_owner
from tests.web.portal.visiting import ANNA, a_visitor
from tests.web.uploads.sending import Desk, Sender

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from crm_core.firms import Firm
    from web.bootstrap import Deployment


@pytest.fixture
def desk(deployment: Deployment, owned_firm: Firm) -> Desk:
    """A firm with one client, to which Anna belongs."""
    with as_owner(deployment.store, deployment.catalog, owned_firm) as ctx:
        made = an_account(ctx, "Bakery")
        link_contact(ctx, made, a_contact(ctx, "Anna", ANNA))
    return Desk(deployment, owned_firm, made)


@pytest.fixture
def staff(client: FlaskClient, desk: Desk) -> Sender:
    """The firm's owner, who sends files to the first folder."""
    return Sender(client, desk.form())


@pytest.fixture
def anna(app: Flask, client: FlaskClient, desk: Desk) -> Sender:
    """A client who sends files to the same folder in the portal."""
    browser = a_visitor(app, client, desk.deployment, desk.firm, desk.account, ANNA)
    return Sender(browser, desk.in_portal())
