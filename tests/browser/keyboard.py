"""The keyboard alone: going on until something is in focus, and looking whether that shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_TABS = 60


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until this is in focus; whatever is passed shows that it is in focus."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        label, visible = page.evaluate(IN_FOCUS)
        if label is None:
            continue
        assert visible, f"nothing shows that {label!r} is in focus"
        if label == name:
            return
        passed.append(label)
    raise AssertionError(f"{name!r} cannot be reached with Tab, only {passed}")


IN_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return [null, true];
  const words = e.ariaLabel || (e.labels && e.labels[0] || e).innerText;
  const label = words.replace("*", "").split("\\n")[0].trim();
  const box = e.getBoundingClientRect();
  const outlined = [null, "::after"].some(
    part => getComputedStyle(e.closest(".search") || e, part).outlineStyle !== "none");
  return [label, outlined && box.width > 0 && box.bottom > 0 && box.top < innerHeight];
}"""
