"""Who asks, for which firm, when; and the answers that a view gives, as values."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from crm_core.accounts import Account
    from crm_core.catalog import Catalog, Modules
    from crm_core.firms import Firm
    from crm_core.store.database import Store
    from crm_core.team import Viewer
    from crm_core.words import Words


@frozen
class Origin:
    """From where somebody asks: the network address and the browser, as the history keeps them."""

    address: str = ""
    browser: str = ""


@frozen(kw_only=True)
class Context:
    """The first argument of everything that reads or writes: who asks, for which firm, when.

    `now` is a moment in UTC and stays the same for the whole request. `language` is that of the
    viewer. `modules` are the firm's enabled plugins, `catalog` is all that is installed.
    """

    store: Store = field(repr=False)
    firm: Firm
    viewer: Viewer
    modules: Modules = field(repr=False)
    catalog: Catalog = field(repr=False)
    now: datetime
    language: str
    origin: Origin = Origin()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the viewer reads times: the firm's."""
        return ZoneInfo(self.firm.zone)

    @cached_property
    def today(self) -> date:
        """The day that it is in the firm's zone; due dates are compared with it."""
        return self.now.astimezone(self.zone).date()

    def setting(self, plugin: str, name: str, default: Any) -> Any:
        """What the firm's edition settles for a plugin under this name, or the default."""
        edition = self.catalog.editions.get(self.firm.edition)
        settings = edition.settings.get(plugin, {}) if edition else {}
        return settings.get(name, default)


@frozen
class To:
    """A place to link or go to: a route by its name, and what stands in its path."""

    route: str
    parameters: Mapping[str, str] = field(factory=dict, hash=False)


@frozen
class Page:
    """A whole page: a template of the plugin and the values that it shows.

    `account` is whose profile it stands in, where the route does not say it.
    """

    template: str
    title: Words | str
    values: Mapping[str, Any] = field(factory=dict, hash=False)
    account: Account | None = None


@frozen
class Fragment:
    """A piece of a page: a template and the values that it shows."""

    template: str
    values: Mapping[str, Any] = field(factory=dict, hash=False)


@frozen
class Redirect:
    """Go there; with `notice`, say this sentence on arrival."""

    to: To
    notice: Words | None = None


@frozen
class Download:
    """A file for the viewer's computer; it is never shown inside a page of ours.

    With its `size` in bytes a browser shows how far it is, and notices where it ends too soon.
    """

    name: str
    content_type: str
    chunks: Iterable[bytes]
    size: int | None = None


@frozen
class Picture:
    """A picture that we made ourselves, shown inside pages.

    With `lasting` the browser may keep it for good: its address changes when it does.
    """

    content_type: str
    content: bytes = field(repr=False)
    lasting: bool = False


@frozen
class Framed:
    """HTML that was written for elsewhere, such as a mail's: a page shows it in a frame.

    Nothing in it runs or loads anything, whatever it holds.
    """

    html: str = field(repr=False)


Answer = Page | Fragment | Redirect | Download | Picture | Framed


@frozen(kw_only=True)
class State:
    """A word on a soft colour: `tone` is one of plain, new, good, warn, bad, info."""

    word: Words
    tone: str = "plain"


@frozen(kw_only=True)
class Step:
    """What a state can be changed to: the word, and the route that does it, without a form."""

    word: Words
    to: To


@frozen(kw_only=True)
class Item:
    """One line of a section: what it is, who and when, its state, and where it leads.

    `due` is the day by which it is to be done; one that has passed is marked. With `steps` the
    state is a menu that changes it in place. `states` are further ones, which are only shown.
    """

    what: Words | str
    to: To | None = None
    who: str = ""
    when: datetime | None = None
    due: date | None = None
    state: State | None = None
    steps: tuple[Step, ...] = ()
    states: tuple[State, ...] = ()


ITEM_LIST = "shell/items"
"""What stands for a template where the shell itself draws the items of a section."""


def item_list(
    items: Iterable[Item], *, empty: Words, start: tuple[To, Words] | None = None
) -> Fragment:
    """The usual content of a section: items, or where there are none a sentence and a next step."""
    return Fragment(ITEM_LIST, {"items": tuple(items), "empty": empty, "start": start})
