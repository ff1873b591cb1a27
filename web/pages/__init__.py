"""The shell's own pages, contributed as routes like everybody's; each module has its own."""

from crm_core.catalog import Contributed
from web.pages import (
    account_photo,
    account_team,
    arranging,
    clients,
    contacts,
    history,
    home,
    inbox,
    info,
    info_access,
    info_account,
    info_addresses,
    info_contacts,
    info_notifications,
    info_take,
    inviting,
    new_client,
    profile,
    saved_lists,
    search,
)
from web.pages.settings import (
    background,
    field_type,
    fields,
    firm,
    firm_logo,
    mails,
    modules,
    requests,
    roles,
    security,
    tags,
    team,
)
from web.portal import details as portal_details
from web.portal import home as portal_home
from web.portal import mails as portal_mails
from web.settling import SHELL

_MODULES = (
    home,
    inbox,
    arranging,
    clients,
    saved_lists,
    new_client,
    inviting,
    search,
    contacts,
    profile,
    info,
    info_account,
    info_addresses,
    info_access,
    info_contacts,
    info_notifications,
    info_take,
    account_photo,
    account_team,
    history,
    background,
    fields,
    field_type,
    firm,
    firm_logo,
    mails,
    modules,
    requests,
    roles,
    security,
    tags,
    team,
    portal_home,
    portal_details,
    portal_mails,
)

SHELL_ROUTES = tuple(Contributed(SHELL, route) for module in _MODULES for route in module.ROUTES)
