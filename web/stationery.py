"""The paper that mails are written on, as text and as HTML of one calm page.

It bears the name and the colour of the firm, or of nobody where a mail belongs to none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from crm_core.firm_settings import Accent
from web.templating import texts_in

if TYPE_CHECKING:
    from jinja2 import Environment

    from crm_core.firms import Firm

COLOURS = {
    Accent.TEAL: "#0b5d57",
    Accent.BLUE: "#1d4f91",
    Accent.GREEN: "#1d6535",
    Accent.PURPLE: "#6a3a9c",
    Accent.RED: "#94262a",
    Accent.ORANGE: "#8a4a08",
    Accent.GREY: "#46505c",
}
"""The colours that firms choose, as they are on paper: a mail has no stylesheet of ours."""


@frozen(kw_only=True)
class Paper:
    """A mail in both ways in which it is read."""

    text: str
    html: str


@frozen(kw_only=True)
class Stationery:
    """Paper of a firm, or of none, for readers of a language."""

    environment: Environment
    language: str
    firm: Firm | None = None

    def written(self, template: str, subject: str, **values: Any) -> Paper:
        """What the two templates of this name make of it."""
        accent = Accent(self.firm.accent) if self.firm else Accent.TEAL
        said = {
            **texts_in(self.language),
            "subject": subject,
            "firm": self.firm.name if self.firm else "",
            "colour": COLOURS[accent],
            **values,
        }
        text, html = (
            self.environment.get_template(f"mails/{template}.{kind}").render(**said)
            for kind in ("txt", "html")
        )
        return Paper(text=text, html=html)

    def letter(self, subject: str, text: str, link: str) -> Paper:
        """A text as it is; in HTML the paragraph that is the link is a button."""
        paragraphs = [part.strip() for part in text.split("\n\n")]
        return self.written(
            "letter", subject, body=text, link=link, paragraphs=[p for p in paragraphs if p]
        )
