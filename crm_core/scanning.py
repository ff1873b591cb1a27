"""Files are looked at as they come in, by the scanners of the firm's modules, before they are kept.

What one of them finds is refused and told to the history and to colleagues. A scanner that fails
has not looked: its file is refused, too, until it can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core import audit
from crm_core.context import To
from crm_core.events import FILE_REFUSED
from crm_core.faults import Fault
from crm_core.guarding import Failed, guarded
from crm_core.notification_types import HARMFUL_FILE
from crm_core.notify import tell_staff
from crm_core.refusals import NotChecked, Refused, Unavailable
from crm_core.team import admins_of_firm, team_of_account
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crm_core.accounts import Account
    from crm_core.catalog import Contributed
    from crm_core.context import Context
    from crm_core.contributions import FileScanner
    from crm_core.file_values import ArrivingFile

LONGEST_FINDING = 100
"""Characters of what a scanner calls what it found."""


class Harmful(Refused):
    """Something was found in a file; it is told already, and nothing may keep the file."""


def scanners_of(ctx: Context) -> frozenset[str]:
    """The names of those that look at each file of the firm."""
    return frozenset(scanner.name for scanner in ctx.modules.file_scanners)


def demand_harmless(
    ctx: Context,
    file: ArrivingFile,
    pieces: Callable[[], Iterator[bytes]],
    account: Account | None,
    at: str = "",
) -> None:
    """Refuses a file, at this field, in which a scanner finds something or cannot look.

    `pieces` gives its bytes from the first, as often as it is asked. To be called outside of any
    transaction. `account` is the client whom the file is for.
    """
    for scanner in ctx.modules.file_scanners:
        found = _found(ctx, scanner, file, pieces(), at)
        if found:
            _tell(ctx, file, found, account)
            raise Harmful(
                _("{name} is not taken: {found} was found in it.", name=file.name, found=found),
                at,
            )


def _found(
    ctx: Context,
    scanner: Contributed[FileScanner],
    file: ArrivingFile,
    pieces: Iterator[bytes],
    at: str,
) -> str:
    """What the scanner found is called, or ""; refuses where it did not look."""

    def scan() -> str | Refused:
        try:
            return _name_of_finding(scanner.value.scan(ctx, file, pieces))
        except Unavailable:
            raise
        except Refused as refused:
            return refused

    outcome = guarded(scanner.name, scan, firm=ctx.firm.slug)
    if isinstance(outcome, Failed):
        fault = Fault(
            what=scanner.name, at=ctx.now, reference=outcome.reference, error=outcome.error
        )
        ctx.catalog.faults.note(ctx.firm.id, fault)
        raise NotChecked(
            _(
                "{name} cannot be checked just now, so it is not taken. Try again in a moment. "
                "Reference {reference}.",
                name=file.name,
                reference=outcome.reference,
            ),
            at,
        )
    if isinstance(outcome.value, Refused):
        raise Refused(outcome.value.sentence, at)
    return outcome.value


def _name_of_finding(answer: object) -> str:
    """What was found, as it can be shown; an answer that is none was no look at the file."""
    if answer is None:
        return ""
    if not isinstance(answer, str):
        raise TypeError(f"a scanner answers None or a name, not a {type(answer).__name__}")
    shown = " ".join("".join(c if c.isprintable() else " " for c in answer).split())
    if not shown:
        raise ValueError("a scanner answers None or a name, not an empty one")
    return shown[:LONGEST_FINDING]


def _tell(ctx: Context, file: ArrivingFile, found: str, account: Account | None) -> None:
    """The history, whoever follows the client, and who runs the firm; in a transaction of its own.

    In the inbox there is one entry for each client, however often somebody tries.
    """
    with ctx.store.firm_transaction(ctx.firm.id, write=True):
        told = {"file": file.name, "found": found}
        audit.record(ctx, FILE_REFUSED, account_id=account.id if account else None, after=told)
        following = team_of_account(ctx, account.id) if account else ()
        what = _(
            "{found} was found in {name}, which {who} sent.",
            found=found,
            name=file.name,
            who=ctx.viewer.name,
        )
        tell_staff(
            ctx,
            HARMFUL_FILE,
            account,
            what,
            To("shell.overview", {"account": account.public_id}) if account else None,
            key=account.public_id if account else "firm",
            members={*following, *admins_of_firm(ctx)},
        )
