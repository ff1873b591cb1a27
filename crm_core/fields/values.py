"""What a custom field is, and what an account or a contact has in it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_core.words import Words


class Owner(StrEnum):
    """Whose fields: those of accounts and those of contacts are two separate sets."""

    ACCOUNT = "account"
    CONTACT = "contact"


class FieldType(StrEnum):
    """What can stand in a field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"
    EMAIL = "email"
    PHONE = "phone"
    WEB = "web"

    @property
    def has_choices(self) -> bool:
        """Whether the firm says what can be chosen."""
        return self in (FieldType.CHOICE, FieldType.SEVERAL)


@frozen(kw_only=True)
class CustomField:
    """A field that a firm made. `public_id` names it in URLs, `name` in forms.

    `choices` are what can be chosen, in their order. An archived field is neither asked nor shown;
    what stands in it is kept.
    """

    id: int
    public_id: str
    owner: Owner
    type: FieldType
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    position: int = 0
    archived: bool = False
    version: int = 1

    @property
    def name(self) -> str:
        """The name of the field in a form."""
        return f"custom_{self.public_id}"


@frozen(kw_only=True)
class Stored:
    """One text as it is kept: exact, and beside it what lists compare and sort by.

    `sort_number` is whole: minor units of money, millionths of a number, the ordinal of a date.
    """

    text: str
    sort_text: str
    sort_number: int | None = None


@frozen(kw_only=True)
class Value:
    """What stands in a field: one text, or where several can be chosen more.

    One that does not fit was written when the field had another type: it is kept as it was.
    """

    field: CustomField
    texts: tuple[str, ...]
    fits: bool = True


@frozen(kw_only=True)
class Fact:
    """A field that is filled, as its viewer reads it; `link` is where it leads, or ""."""

    label: Words
    value: Words
    link: str = ""
    fits: bool = True


@frozen(kw_only=True)
class NewField:
    """What a firm says of a field that it makes."""

    owner: Owner
    type: FieldType
    label: str
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@frozen(kw_only=True)
class FieldChange:
    """What a firm wants a field to be; `version` is that of the field that was opened.

    `renamed` are choices with their new names, `choices` those that can be chosen from now on.
    """

    label: str
    version: int
    help: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(factory=dict, hash=False)


@frozen(kw_only=True)
class Entered:
    """What somebody wants in a field: `texts` is empty where nothing shall stand there.

    A value of an earlier type stays beside an empty entry, unless it shall be dropped.
    """

    field: CustomField
    texts: tuple[Stored, ...]
    drop: bool = False
