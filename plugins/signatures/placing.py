"""Where fields stand: as the page that places them says it, and where nobody placed any."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import evolve

from crm_core import Refused
from plugins.signatures.sealing.values import Kind
from plugins.signatures.values import MOST_FIELDS, WHOLE, Field
from plugins.signatures.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plugins.signatures.values import Request

SMALLEST = 50
"""In ten-thousandths of the page, as all places."""

LONGEST_LABEL = 80
_NUMBERS = ("signer", "page", "x", "y", "width", "height")
_BLOCK_WIDTH, _SIGN_HEIGHT, _DATE_HEIGHT, _GAP, _FOOT = 2_600, 450, 250, 300, 9_300
_IN_A_ROW = 3


def fields_from(text: str, request: Request) -> Sequence[Field]:
    """The fields that a page sent, each within its page and of one of the signers; else refused."""
    try:
        said = json.loads(text)
        fields = [_field(one) for one in said]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refused(_("The places of the fields could not be read. Try again.")) from None
    if len(fields) > MOST_FIELDS:
        raise Refused(_("At most {most} fields.", most=MOST_FIELDS))
    for one in fields:
        _demand_on_page(one, request)
    return fields


def as_text(fields: Sequence[Field]) -> str:
    """The fields as the page that places them reads them."""
    return json.dumps(
        [
            {name: getattr(one, name) for name in _NUMBERS}
            | {"kind": one.kind.value, "label": one.label}
            for one in fields
        ]
    )


def blocks_for(request: Request) -> Sequence[Field]:
    """A signature and its date on the last page, side by side, for each signer who has none."""
    found: list[Field] = []
    for one in request.signers:
        if any(field.kind is Kind.SIGNATURE for field in request.fields_of(one)):
            continue
        row, column = divmod(one.position - 1, _IN_A_ROW)
        x = 700 + column * (_BLOCK_WIDTH + _GAP)
        y = _FOOT - _DATE_HEIGHT - _SIGN_HEIGHT - row * (_SIGN_HEIGHT + _DATE_HEIGHT + _GAP)
        y = max(y, 0)
        sign = Field(
            signer=one.position,
            kind=Kind.SIGNATURE,
            page=request.pages,
            x=x,
            y=y,
            width=_BLOCK_WIDTH,
            height=_SIGN_HEIGHT,
        )
        date = evolve(sign, kind=Kind.DATE, y=y + _SIGN_HEIGHT, height=_DATE_HEIGHT)
        found += [sign, date]
    return found


def _field(said: Any) -> Field:
    numbers = {name: said[name] for name in _NUMBERS}
    if any(type(number) is not int for number in numbers.values()):
        raise TypeError
    label = said.get("label", "")
    if not isinstance(label, str):
        raise TypeError
    return Field(kind=Kind(said["kind"]), label=label.strip()[:LONGEST_LABEL], **numbers)


def _demand_on_page(field: Field, request: Request) -> None:
    within = (
        field.x >= 0
        and field.y >= 0
        and field.width >= SMALLEST
        and field.height >= SMALLEST
        and field.x + field.width <= WHOLE
        and field.y + field.height <= WHOLE
    )
    if not within or not 1 <= field.page <= request.pages:
        raise Refused(_("A field does not lie within its page."))
    if not 1 <= field.signer <= len(request.signers):
        raise Refused(_("A field belongs to nobody who signs."))
