"""What is to be put on a PDF, as it is told to the program that does it."""

from __future__ import annotations

from attrs import frozen

from plugins.signatures.sealing.values import AuditPage, Mark  # noqa: TC001 - cattrs reads them


@frozen
class Wanted:
    """The marks and what the audit pages say."""

    marks: tuple[Mark, ...]
    audit: AuditPage

    def told(self) -> bytes:
        """It as JSON."""
        from cattrs.preconf.json import make_converter

        return make_converter().dumps(self).encode()

    @classmethod
    def read(cls, told: bytes) -> Wanted:
        """What was told."""
        from cattrs.preconf.json import make_converter

        return make_converter().loads(told, cls)
