"""Between a form's fields of a postal address and the address: several forms have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attrs import asdict

from crm_core.postal import PostalAddress

if TYPE_CHECKING:
    from collections.abc import Mapping


class AsksForAddress(Protocol):
    """A form with these fields."""

    @property
    def street(self) -> str: ...
    @property
    def postcode(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def country(self) -> str: ...


def postal_address(value: AsksForAddress) -> PostalAddress:
    """The address that a form holds."""
    return PostalAddress(
        street=value.street,
        postcode=value.postcode,
        city=value.city,
        region=value.region,
        country=value.country,
    )


def postal_values(address: PostalAddress) -> Mapping[str, str]:
    """What a form starts from, to show this address."""
    return asdict(address)
