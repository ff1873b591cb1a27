"""The one place that catches whatever a contribution does: its name, its log, its reference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

import pytest
from structlog.testing import capture_logs

from crm_core.guarding import Failed, Worked, guarded, new_reference
from crm_core.refusals import NotAllowed, StorageFull, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def call() -> NoReturn:
        raise error

    return call


def test_what_works_gives_its_value_and_logs_nothing() -> None:
    with capture_logs() as logs:
        assert guarded("notes.latest", lambda: 7) == Worked(7)
    assert logs == []


@pytest.mark.parametrize(
    "error", [RuntimeError("broken"), KeyError("x"), RecursionError(), NotAllowed(), SystemExit(3)]
)
def test_what_raises_gives_a_reference_that_the_log_knows(error: BaseException) -> None:
    with capture_logs() as logs:
        outcome = guarded("notes.latest", raising(error), firm="acme")
    assert isinstance(outcome, Failed)
    (line,) = logs
    assert line["reference"] == outcome.reference
    assert (line["what"], line["firm"]) == ("notes.latest", "acme")
    assert (line["log_level"], line["exc_info"]) == ("error", True)


@pytest.mark.parametrize("error", [Unavailable(), StorageFull(), KeyboardInterrupt()])
def test_what_is_not_the_contributions_failure_passes_through(error: BaseException) -> None:
    with pytest.raises(type(error)):
        guarded("notes.latest", raising(error))


def test_a_reference_can_be_read_out_and_does_not_come_twice() -> None:
    references = {new_reference() for _ in range(1000)}
    assert len(references) > 990
    for reference in references:
        assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}", reference)
