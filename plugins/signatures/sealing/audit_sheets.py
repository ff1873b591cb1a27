"""The pages at the end, which say who did what and when.

Runs apart, with reportlab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import Factory, define, field, frozen

from plugins.signatures.sealing.lettering import HIGH, LINE, UPRIGHT, width_of, wrapped

if TYPE_CHECKING:
    from plugins.signatures.sealing.values import AuditPage, Group

WIDTH, HEIGHT = 595.276, 841.89
MARGIN = 56.0
LABELS = 150.0
"""Points that what lines are called may take, and the gap beside it."""

GAP = 14.0
BLACK, GREY = 0.1, 0.42


@frozen
class _Line:
    x: float
    y: float
    size: float
    grey: float
    text: str


@define
class _Sheets:
    """Lines on pages, set from top to bottom."""

    pages: list[list[_Line]] = Factory(lambda: [[]])
    rules: list[list[float]] = Factory(lambda: [[]])
    y: float = field(default=HEIGHT - MARGIN)

    def room(self, height: float) -> None:
        """Turns to a new page where so much does not fit on this one."""
        if self.y - height < MARGIN + GAP and self.pages[-1]:
            self.pages.append([])
            self.rules.append([])
            self.y = HEIGHT - MARGIN

    def put(self, text: str, size: float, grey: float) -> None:
        """Sets a text over the whole width."""
        for line in wrapped(text, UPRIGHT, size, WIDTH - 2 * MARGIN):
            self.room(size * LINE)
            self.pages[-1].append(_Line(MARGIN, self.y - size * HIGH, size, grey, line))
            self.y -= size * LINE

    def put_row(self, label: str, value: str) -> None:
        """Sets a text and beside it what it is called."""
        size, right = 9.0, MARGIN + LABELS
        labels = wrapped(label, UPRIGHT, size, LABELS - GAP)
        values = wrapped(value, UPRIGHT, size, WIDTH - MARGIN - right)
        for nth in range(max(len(labels), len(values))):
            self.room(size * LINE)
            y = self.y - size * HIGH
            if nth < len(labels):
                self.pages[-1].append(_Line(MARGIN, y, size, GREY, labels[nth]))
            if nth < len(values):
                self.pages[-1].append(_Line(right, y, size, BLACK, values[nth]))
            self.y -= size * LINE
        self.y -= 3.0

    def put_group(self, group: Group) -> None:
        """Sets a title, a rule, and lines; the title is never the last on its page."""
        self.room(70.0)
        self.y -= GAP
        self.put(group.title, 12.0, BLACK)
        self.rules[-1].append(self.y - 2.0)
        self.y -= 8.0
        for label, value in group.rows:
            self.put_row(label, value)


def draw_audit(canvas: Any, audit: AuditPage) -> list[str]:
    """Makes a form for each page of A4 that it takes, and answers their names."""
    sheets = _Sheets()
    sheets.put(audit.title, 18.0, BLACK)
    sheets.y -= 6.0
    sheets.put(audit.lead, 10.0, GREY)
    for group in audit.groups:
        sheets.put_group(group)
    sheets.y -= GAP
    sheets.put(audit.last, 9.0, GREY)
    count = len(sheets.pages)
    for number, (lines, rules) in enumerate(zip(sheets.pages, sheets.rules, strict=True), 1):
        canvas.beginForm(f"sheet{number}", 0, 0, WIDTH, HEIGHT)
        for line in lines:
            canvas.setFillGray(line.grey)
            canvas.setFont(UPRIGHT, line.size)
            canvas.drawString(line.x, line.y, line.text)
        canvas.setStrokeGray(0.8)
        canvas.setLineWidth(0.5)
        for y in rules:
            canvas.line(MARGIN, y, WIDTH - MARGIN, y)
        if count > 1:
            _draw_number(canvas, f"{number} / {count}")
        canvas.endForm()
    return [f"sheet{number}" for number in range(1, count + 1)]


def _draw_number(canvas: Any, text: str) -> None:
    canvas.setFillGray(GREY)
    canvas.setFont(UPRIGHT, 8.0)
    canvas.drawString(WIDTH - MARGIN - width_of(text, UPRIGHT, 8.0), MARGIN / 2, text)
