"""What a plugin gives the host: frozen values that carry the functions which act later.

`needs` has no default anywhere: a contribution that names no right cannot be built. What everybody
may open says `PUBLIC`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import field, frozen, validators

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from random import Random

    from crm_core.accounts import Account
    from crm_core.context import Answer, Context, Fragment
    from crm_core.file_values import ArrivingFile
    from crm_core.permissions import Permission
    from crm_core.store.database import Store
    from crm_core.words import Words


class Place(StrEnum):
    """Where a section stands."""

    OVERVIEW = "overview"
    """On the Overview of a client's profile."""

    INFO = "info"
    """On the Info tab of a client's profile, below the account and its contacts."""

    HOME = "home"
    """On the page with which a member of the firm begins."""

    PORTAL = "portal"
    """On the page with which a client begins, for one of their accounts."""


class FieldOf(StrEnum):
    """What a field belongs to."""

    CONTACT_EMAIL = "contact e-mail"
    """An e-mail address of a contact on one account: a switch beside LOGIN and NOTIFY."""


class Scope(StrEnum):
    """What a route's path begins with, and what its view therefore gets.

    FIRM: `/f/<firm>/<plugin>/`, the view gets `ctx`.
    ACCOUNT: `/f/<firm>/accounts/<account>/<plugin>/`, the view gets `ctx` and the `Account`, which
    the viewer may see.
    PORTAL: `/p/<firm>/<account>/<plugin>/`, for clients; the view gets `ctx`, whose viewer is the
    client, and the `Account`, which they may sign in to.
    """

    FIRM = "firm"
    ACCOUNT = "account"
    PORTAL = "portal"


is_text = validators.and_(validators.instance_of(str), validators.min_len(1))
"""Checks that a name is a text, and not an empty one."""


def is_permission(_: object, __: object, value: Any) -> None:
    """Checks that a right is one."""
    from crm_core.permissions import Permission

    if not isinstance(value, Permission):
        raise TypeError(f"needs takes a Permission, not {value!r}")


def _check_for_clients(what: str, needs: Permission, in_portal: bool) -> None:
    """The portal is for clients, everything else for the team: neither has rights of the other."""
    if needs.for_clients and needs.for_everyone:
        return
    if needs.for_clients is not in_portal:
        raise ValueError(f"{what}: what it needs is {needs.name}, which nobody there has")


@frozen(kw_only=True)
class Table:
    """A plugin's row class, handed over closed: only the storage opens it."""

    row: Any


@frozen(kw_only=True)
class Dataset:
    """What a plugin knows about clients: its tables by name, and how to make life-like rows.

    `demo(ctx, accounts, random)` fills the demonstration firm; `random` is seeded, `ctx.now` is
    the day that histories end at. `files(ctx, account)` names the files that it keeps of an
    account: of each the path that it has in an archive of all of them, and its key. Rows and files
    are taken along with their account, and go with it (see `taking`).
    """

    name: str = field(validator=is_text)
    tables: tuple[str, ...]
    demo: Callable[[Context, Sequence[DemoAccount], Random], None] | None = None
    files: Callable[[Context, Account], Iterable[tuple[str, int]]] | None = None


@frozen(kw_only=True)
class DemoAccount:
    """An account of the demonstration firm, with its trade and its place in the list of clients."""

    account: Account
    trade: str
    first: bool


@frozen(kw_only=True)
class Section:
    """A card on a page: `load(ctx, account)` gives its content, on `Place.HOME` `load(ctx)`.

    `all_route` is the route of *View all*, one of the same plugin with the scope ACCOUNT, on
    `Place.HOME` FIRM, on `Place.PORTAL` PORTAL. `budget` is the seconds of SQL after which it is
    cut off.

    On `Place.PORTAL` a section with `open_items` says what the client has to do: it stands first,
    and is left out where `load` answers None, since nothing is to be done. `open_items(ctx, keys)`
    counts in bulk how much there is, by the keys of these accounts.
    """

    name: str = field(validator=is_text)
    title: Words
    place: Place
    load: Callable[..., Fragment | None]
    needs: Permission = field(validator=is_permission)
    all_route: str = ""
    order: int = 500
    budget: float = 0.5
    open_items: Callable[[Context, Sequence[int]], Mapping[int, int]] | None = None

    def __attrs_post_init__(self) -> None:
        _check_for_clients(f"section {self.name}", self.needs, self.place is Place.PORTAL)
        if self.open_items is not None and self.place is not Place.PORTAL:
            raise ValueError(f"section {self.name}: only the portal counts what is to be done")


@frozen(kw_only=True)
class Tab:
    """A place in the row of tabs of the client's profile."""

    title: Words
    order: int = 500


@frozen(kw_only=True)
class Menu:
    """A place in the menu: at the left below clients and contacts, or in that of the portal.

    With `in_settings` it is one among the pages of the firm's settings; its template and those of
    the pages below it, whose routes begin with the same name, extend `shell/settings.html`.
    """

    title: Words
    order: int = 500
    in_settings: bool = False


@frozen(kw_only=True)
class Route:
    """A page: `view(ctx, ...)` answers GET; with a `form`, `submit(ctx, ..., value)` answers POST.

    With a form, the view gets it as `form=`: blank, or with what was typed and why it was refused.
    `form` is a form class, or where its fields are the firm's own a function that takes what the
    view takes and answers the class.
    A route with `submit` alone takes a POST without fields. `path` is what follows the plugin's
    own prefix; `<name>` in it is handed to both as text, and so are the parts of the query string
    that `query` names (empty where they are missing, one a line where there are several). Where
    these are the firm's own, `query` is a function of `ctx`. A route with `step_up` opens only to
    somebody who proved their password in this session a short while ago.

    A route of the portal that says `by_link` opens to whoever holds a link to it, too, without
    signing in (`action_links.make_action_link`).

    `opened(ctx, ...)` gets what the view gets and notes that somebody opened the page, in a
    transaction that writes, before the answer goes out. Nothing else writes where a page is only
    read; asking for its head, or for a page before anybody wants it, leaves nothing.

    What takes long is done by `prepare(ctx, ..., value)`, which answers the value that `submit`
    gets: it may read and refuse, before the transaction that writes begins.
    """

    name: str = field(validator=is_text)
    path: str = ""
    scope: Scope
    needs: Permission = field(validator=is_permission)
    view: Callable[..., Answer] | None = None
    form: type[Any] | Callable[..., type[Any]] | None = None
    submit: Callable[..., Answer] | None = None
    opened: Callable[..., None] | None = None
    prepare: Callable[..., Any] | None = None
    query: tuple[str, ...] | Callable[[Context], tuple[str, ...]] = ()
    step_up: bool = False
    by_link: bool = False
    tab: Tab | None = None
    menu: Menu | None = None

    def __attrs_post_init__(self) -> None:
        if self.view is None and self.submit is None:
            raise ValueError(f"route {self.name}: it has neither a view nor a submit")
        if self.form is not None and (self.view is None or self.submit is None):
            raise ValueError(f"route {self.name}: a form needs a view and a submit")
        if self.opened is not None and self.view is None:
            raise ValueError(f"route {self.name}: only a view is opened")
        if self.prepare is not None and self.form is None:
            raise ValueError(f"route {self.name}: only a form has something to prepare")
        if self.menu is not None and (self.view is None or self.scope is Scope.ACCOUNT):
            raise ValueError(f"route {self.name}: the menus lead to pages of firm and portal")
        if self.menu is not None and self.menu.in_settings and self.scope is not Scope.FIRM:
            raise ValueError(f"route {self.name}: only the firm has settings")
        if self.by_link and self.scope is not Scope.PORTAL:
            raise ValueError(f"route {self.name}: links without signing in lead to the portal")
        _check_for_clients(f"route {self.name}", self.needs, self.scope is Scope.PORTAL)


@frozen(kw_only=True)
class Field:
    """A switch for each e-mail address on an account, beside LOGIN and NOTIFY.

    `read(ctx, account)` gives the keys of the addresses for which it is on, in bulk.
    `save(ctx, account, changed)` gets those that somebody switched: on or off, by key. `budget` is
    the seconds of SQL after which reading is cut off.
    """

    name: str = field(validator=is_text)
    title: Words
    help: Words
    on: FieldOf = FieldOf.CONTACT_EMAIL
    needs: Permission = field(validator=is_permission)
    read: Callable[[Context, Account], Collection[int]]
    save: Callable[[Context, Account, Mapping[int, bool]], None]
    order: int = 500
    budget: float = 0.5


@frozen(kw_only=True)
class FileScanner:
    """Looks for harm in each file that comes in: `scan(ctx, file, pieces)` before it is kept.

    It answers None, or what it found is called; then the file is refused, and people are told.
    `file` is an `ArrivingFile`, `pieces` are its bytes from the first, so that no file has to be in
    memory. It may take long, so no transaction is open. One that raises has not looked: the file is
    refused until it can be. With `Refused` it says in a sentence of its own why it takes no such
    file.
    """

    name: str = field(validator=is_text)
    title: Words
    scan: Callable[[Context, ArrivingFile, Iterator[bytes]], str | None]
    order: int = 500


@frozen(kw_only=True)
class Verified:
    """What is known of a file: whether it is what it was, in a sentence, and since when."""

    good: bool
    sentence: Words
    at: datetime | None = None


@frozen(kw_only=True)
class FileVerifier:
    """Says of a file that somebody has whether it is what it was when it left here.

    `verify(store, path)` answers a `Verified`, or None where it knows nothing of such files. The
    file may be anybody's and hold anything. Nobody is signed in, and no firm is meant.
    """

    name: str = field(validator=is_text)
    title: Words
    verify: Callable[[Store, Path], Verified | None]
    order: int = 500
