"""Login activity: when clients signed in to the portal, and colleagues to the firm's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import (
    Dataset,
    ListColumn,
    ListFilter,
    ListOf,
    Manifest,
    Menu,
    Place,
    Reaction,
    Route,
    Scope,
    Section,
    Tab,
    Table,
    When,
    hookimpl,
)
from crm_core.events import CLIENT_CAME_IN, MEMBER_CAME_IN
from plugins.login_activity import lists, noting, views
from plugins.login_activity.demo import make_sign_ins
from plugins.login_activity.rights import READ, READ_STAFF
from plugins.login_activity.rows import SignInRow
from plugins.login_activity.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_core import Permission

MANIFEST = Manifest(
    name="login_activity",
    title=_("Login activity"),
    description=_("When clients signed in to the portal, from where, and whom it failed."),
    migrations="migrations",
)


@hookimpl
def permissions() -> Iterable[Permission]:
    return (READ, READ_STAFF)


@hookimpl
def models() -> Iterable[Table]:
    return (Table(row=SignInRow),)


@hookimpl
def datasets() -> Iterable[Dataset]:
    return (Dataset(name="sign_ins", tables=("login_activity_sign_in",), demo=make_sign_ins),)


@hookimpl
def reactions() -> Iterable[Reaction]:
    return (
        Reaction(
            name="clients",
            title=_("Note sign-ins of clients"),
            to=(CLIENT_CAME_IN,),
            when=When.WITHIN,
            act=noting.note_client,
        ),
        Reaction(
            name="members",
            title=_("Note sign-ins of the team"),
            to=(MEMBER_CAME_IN,),
            when=When.WITHIN,
            act=noting.note_member,
        ),
    )


@hookimpl
def sections() -> Iterable[Section]:
    return (
        Section(
            name="last",
            title=_("Login activity"),
            place=Place.OVERVIEW,
            load=views.last_sign_ins,
            needs=READ,
            all_route="all",
            order=100,
        ),
    )


@hookimpl
def routes() -> Iterable[Route]:
    return (
        Route(
            name="all",
            scope=Scope.ACCOUNT,
            needs=READ,
            view=views.all_sign_ins,
            tab=Tab(title=_("Login activity"), order=100),
        ),
        Route(
            name="team",
            path="team",
            scope=Scope.FIRM,
            needs=READ_STAFF,
            view=views.sign_ins_of_team,
            menu=Menu(title=_("Sign-ins"), order=900),
        ),
    )


@hookimpl
def list_columns() -> Iterable[ListColumn]:
    return (
        ListColumn(
            name="last",
            title=_("Last sign-in"),
            of=ListOf.ACCOUNTS,
            needs=READ,
            load=lists.last_sign_ins,
        ),
    )


@hookimpl
def list_filters() -> Iterable[ListFilter]:
    return (
        ListFilter(
            name="state",
            title=_("Portal"),
            of=ListOf.ACCOUNTS,
            needs=READ,
            choices=lists.states,
            find=lists.in_state,
        ),
    )
