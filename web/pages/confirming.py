"""The pages that say what will happen, and ask whether one is sure."""

from __future__ import annotations

from attrs import frozen

from crm_core.forms import Input, ask
from crm_core.refusals import Refused
from web.words import _


@frozen
class Sure:
    """The wish to do it, on a page that said what will happen."""

    sure: bool = ask(_("Yes, I am sure"), default=False, input=Input.YES_NO)


def demand_sure(value: Sure) -> None:
    """Refuses whoever did not tick the box."""
    if not value.sure:
        raise Refused(_("Tick the box to say that you are sure."), at="sure")
