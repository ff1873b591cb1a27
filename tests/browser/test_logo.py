"""A firm's logo is chosen, seen on every page and removed, by day and by night (1.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw

from tests.pictures import encoded

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page


def drawn(width: int, height: int) -> bytes:
    """Dark lines on nothing, as a firm's designer hands it over."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, height, height), height // 5, fill=(12, 60, 90, 255))
    pen.rectangle((width // 3, height // 3, width - 1, height // 2), fill=(20, 20, 20, 255))
    return encoded(picture)


def ground(logo: Locator) -> Any:
    """The colour on which a logo lies."""
    return logo.evaluate("img => getComputedStyle(img).backgroundColor")


def test_a_logo_is_chosen_seen_on_every_page_and_removed(
    office: Any, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """1.7, firm settings: logo."""
    firm, address = office.open_firm("logo")
    page = visit(address)
    page.goto(f"/f/{firm.slug}/settings/firm")
    page.get_by_role("link", name="Add a logo").click()
    page.locator("input[type=file]").set_input_files(
        [{"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}]
    )
    page.get_by_role("button", name="Save the logo").click()
    assert "not a picture that can be used" in page.get_by_role("alert").inner_text()
    assert page.get_by_text("Choose the file again").is_visible()
    look(page, name="a refused logo")

    for number, size in enumerate(((1200, 300), (500, 500), (30, 12)), start=1):
        page.goto(f"/f/{firm.slug}/settings/firm/logo")
        page.locator("input[type=file]").set_input_files(
            [{"name": "logo.png", "mimeType": "image/png", "buffer": drawn(*size)}]
        )
        page.get_by_role("button", name="Save the logo").click()
        page.wait_for_url("**/settings/firm")
        assert "The logo is saved." in page.get_by_role("status").inner_text()
        look(page, name=f"logo {number}")
        logo = page.get_by_role("banner").get_by_role("img", name=firm.name)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert logo.evaluate("img => img.decode().then(() => img.naturalWidth)") > 5
                assert ground(logo) == "rgb(255, 255, 255)"
                assert logo.bounding_box()["height"] >= 44  # type: ignore[index]

    page.get_by_role("banner").get_by_role("link", name=firm.name).click()
    page.wait_for_url("**/home")
    page.goto(f"/f/{firm.slug}/settings/firm/logo")
    look(page, name="the page of the logo")
    page.get_by_role("button", name="Remove the logo").click()
    page.wait_for_url("**/settings/firm")
    assert page.get_by_role("banner").get_by_role("link").first.inner_text() == firm.name
    assert page.locator("img.logo").count() == 0
