"""The public API of plugin authors: what a plugin is made of, and what it may call.

What touches the database is in `crm_core.store`; use cases on accounts, contacts and links are in
the modules of those names. Nothing here imports a database or a web framework.
"""

from crm_core.context import (
    Answer,
    Context,
    Download,
    Fragment,
    Item,
    Page,
    Picture,
    Redirect,
    State,
    To,
    item_list,
)
from crm_core.contributions import (
    Dataset,
    DemoAccount,
    Face,
    Field,
    FieldOf,
    Hit,
    Keys,
    ListColumn,
    ListFilter,
    ListOf,
    Place,
    Route,
    Scope,
    SearchProvider,
    Section,
    Tab,
    Table,
)
from crm_core.events import Event
from crm_core.forms import Ask, Choice, File, Form, Input, ask, version_field
from crm_core.hookspecs import hookimpl
from crm_core.manifest import Manifest
from crm_core.permissions import (
    MANAGE_ACCOUNTS,
    MANAGE_CONTACTS,
    PUBLIC,
    SEE_ACCOUNTS,
    VIEW_ALL_ACCOUNTS,
    Permission,
    Role,
    demand,
    may,
)
from crm_core.refusals import NotAllowed, NotFound, Refused, Stale
from crm_core.richtext import plain_text
from crm_core.words import Words, counted_words_of, words_of

__all__ = [
    "MANAGE_ACCOUNTS",
    "MANAGE_CONTACTS",
    "PUBLIC",
    "SEE_ACCOUNTS",
    "VIEW_ALL_ACCOUNTS",
    "Answer",
    "Ask",
    "Choice",
    "Context",
    "Dataset",
    "DemoAccount",
    "Download",
    "Event",
    "Face",
    "Field",
    "FieldOf",
    "File",
    "Form",
    "Fragment",
    "Hit",
    "Input",
    "Item",
    "Keys",
    "ListColumn",
    "ListFilter",
    "ListOf",
    "Manifest",
    "NotAllowed",
    "NotFound",
    "Page",
    "Permission",
    "Picture",
    "Place",
    "Redirect",
    "Refused",
    "Role",
    "Route",
    "Scope",
    "SearchProvider",
    "Section",
    "Stale",
    "State",
    "Tab",
    "Table",
    "To",
    "Words",
    "ask",
    "counted_words_of",
    "demand",
    "hookimpl",
    "item_list",
    "may",
    "plain_text",
    "version_field",
    "words_of",
]
