"""The public API of plugin authors: what a plugin is made of, and what it may call.

What touches the database is in `crm_core.store`; use cases on accounts, contacts and links are in
the modules of those names. Nothing here imports a database or a web framework.
"""

from crm_core.context import (
    Answer,
    Context,
    Download,
    Fragment,
    Framed,
    Item,
    Page,
    Picture,
    Redirect,
    State,
    Step,
    To,
    item_list,
)
from crm_core.contributions import (
    Dataset,
    DemoAccount,
    Field,
    FieldOf,
    Menu,
    Place,
    Route,
    Scope,
    Section,
    Tab,
    Table,
)
from crm_core.events import Event
from crm_core.file_values import SentFile
from crm_core.forms import Ask, Choice, File, Form, Input, ask, day_typed, version_field
from crm_core.hookspecs import hookimpl, hookspec
from crm_core.manifest import Hook, Manifest
from crm_core.notification_types import Audience, MailWish, NotificationType
from crm_core.permissions import (
    MANAGE_ACCOUNTS,
    MANAGE_CONTACTS,
    PUBLIC,
    SEE_ACCOUNTS,
    USE_PORTAL,
    VIEW_ALL_ACCOUNTS,
    Permission,
    Role,
    demand,
    may,
)
from crm_core.refusals import NotAllowed, NotFound, Refused, Stale
from crm_core.richtext import plain_text
from crm_core.search_and_lists import (
    Face,
    Hit,
    Keys,
    ListColumn,
    ListFilter,
    ListOf,
    SearchProvider,
)
from crm_core.words import Words, counted_words_of, words_of
from crm_core.work import Happened, Job, Reaction, When

__all__ = [
    "MANAGE_ACCOUNTS",
    "MANAGE_CONTACTS",
    "PUBLIC",
    "SEE_ACCOUNTS",
    "USE_PORTAL",
    "VIEW_ALL_ACCOUNTS",
    "Answer",
    "Ask",
    "Audience",
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
    "Framed",
    "Happened",
    "Hit",
    "Hook",
    "Input",
    "Item",
    "Job",
    "Keys",
    "ListColumn",
    "ListFilter",
    "ListOf",
    "MailWish",
    "Manifest",
    "Menu",
    "NotAllowed",
    "NotFound",
    "NotificationType",
    "Page",
    "Permission",
    "Picture",
    "Place",
    "Reaction",
    "Redirect",
    "Refused",
    "Role",
    "Route",
    "Scope",
    "SearchProvider",
    "Section",
    "SentFile",
    "Stale",
    "State",
    "Step",
    "Tab",
    "Table",
    "To",
    "When",
    "Words",
    "ask",
    "counted_words_of",
    "day_typed",
    "demand",
    "hookimpl",
    "hookspec",
    "item_list",
    "may",
    "plain_text",
    "version_field",
    "words_of",
]
