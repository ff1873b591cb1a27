"""Postal addresses."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class PostalAddress:
    """A postal address as its parts; a part that is not known is empty."""

    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    def lines(self) -> tuple[str, ...]:
        """The parts that are filled, as the lines of an envelope."""
        place = " ".join(part for part in (self.postcode, self.city) if part)
        return tuple(part for part in (self.street, place, self.region, self.country) if part)


NO_ADDRESS = PostalAddress()
"""An address of which nothing is known."""
