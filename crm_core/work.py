"""What a plugin does without being asked by a person: when something happened, or by the clock."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the outbox reads it from the class
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import field, frozen, validators

from crm_core.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import timedelta

    from crm_core.context import Context
    from crm_core.words import Words

LEAST_MINUTES = 1
"""How often a job can come at most."""


class When(StrEnum):
    """At which moment a plugin reacts to a change.

    BEFORE it is kept: it may refuse, and the change is undone as if it had never been tried.
    WITHIN its transaction: what it writes is kept with the change. Where it fails, that is undone,
    the change stands, and the worker tries the reaction again.
    AFTER it is kept: the worker does it, and does it again where it failed.
    """

    BEFORE = "before"
    WITHIN = "within"
    AFTER = "after"


@frozen(kw_only=True)
class Happened:
    """A change as a reaction learns of it: the event's name, and what the history says of it.

    `member_id` is the colleague who did it, None where it was a client. `about` is the public id of
    the one thing in whose own history it stands. `key` is the same whenever
    this reaction is tried again for this change: what is done outside of the database is done once
    by it.
    """

    event: str
    key: str = ""
    member_id: int | None = None
    account_id: int | None = None
    contact_id: int | None = None
    about: str = ""
    before: Mapping[str, Any] = field(factory=dict, hash=False)
    after: Mapping[str, Any] = field(factory=dict, hash=False)


def _names(events: Iterable[Event | str]) -> tuple[str, ...]:
    return tuple(event.name if isinstance(event, Event) else event for event in events)


@frozen(kw_only=True)
class Reaction:
    """What a plugin does when one of the events `to` happens: `act(ctx, happened)`.

    BEFORE and WITHIN act as the person who changes something; AFTER acts in a transaction of its
    own on behalf of the firm's owner, and what it writes is kept once, however often it is tried.

    What takes long is done by `prepare(ctx, happened)`, which reads and leaves the database to
    others meanwhile; what it answers is the third value that `act` gets. AFTER alone has one.
    """

    name: str = field(validator=validators.min_len(1))
    title: Words
    to: tuple[str, ...] = field(converter=_names, validator=validators.min_len(1))
    when: When
    act: Callable[..., None]
    prepare: Callable[[Context, Happened], Any] | None = None

    def __attrs_post_init__(self) -> None:
        if self.prepare is not None and self.when is not When.AFTER:
            raise ValueError(f"reaction {self.name}: only what comes after can be prepared")


@frozen(kw_only=True)
class Job:
    """What a plugin does by the clock: `act(ctx)`, in each firm that has it on, once every `every`.

    One that comes every day or less often comes soon after the firm's midnight, or after the `hour`
    that it names. It acts on behalf of the firm's owner, in a transaction of its own. Times at
    which no worker ran are not made up for: a job looks for itself what there is to do.
    """

    name: str = field(validator=validators.min_len(1))
    title: Words
    every: timedelta
    act: Callable[[Context], None]
    hour: int = 0

    def __attrs_post_init__(self) -> None:
        if self.every.total_seconds() < LEAST_MINUTES * 60:
            raise ValueError(f"job {self.name}: it can come once a minute at most")
        if self.hour not in range(24):
            raise ValueError(f"job {self.name}: a day has no hour {self.hour}")
