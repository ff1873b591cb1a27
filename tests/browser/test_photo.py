"""A photo is chosen and cut with the mouse, a finger and the keyboard (I2, R3)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from crm_core.photos import picture_of
from crm_core.pictures import Size
from crm_core.testing.builders import an_account, as_owner
from tests.pictures import colour_at, encoded, opened, quarters

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

    from crm_core.accounts import Account
    from crm_core.firms import Firm

_numbers = itertools.count(1)

PHOTO = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": encoded(quarters(800, 800), "JPEG")}


@frozen
class Desk:
    """Somebody who manages a client, and what is kept of it."""

    office: Any
    firm: Firm
    account: Account
    address: str

    @property
    def profile(self) -> str:
        return f"/f/{self.firm.slug}/accounts/{self.account.public_id}"

    def kept(self) -> list[str]:
        """The colours of the photo that is kept: at its corners, as one reads."""
        with as_owner(self.office.store, self.office.catalog, self.firm, write=False) as ctx:
            picture = opened(picture_of(ctx, self.account, Size.LARGE)[1])
        return [colour_at(picture, at) for at in ((20, 20), (236, 20), (20, 236), (236, 236))]


@pytest.fixture
def desk(office: Any) -> Desk:
    firm, address = office.open_firm(f"photo-{next(_numbers)}")
    with as_owner(office.store, office.catalog, firm) as ctx:
        return Desk(office, firm, an_account(ctx, "Bakery"), address)


def chosen(page: Page) -> list[int]:
    """The square that will be sent: left, top, side."""
    return [int(part) for part in page.locator("[name=crop]").input_value().split(",")]


def choose(page: Page, desk: Desk) -> Locator:
    """Opens the page and chooses the photo; answers the place where it is cut."""
    page.goto(f"{desk.profile}/info/photo")
    page.get_by_label("Photo", exact=False).first.set_input_files([PHOTO])
    cut = page.get_by_label("Part of the photo that is shown")
    cut.wait_for()
    return cut


def seen(picture: Locator) -> bool:
    """Whether a photo is there and could be shown."""
    return bool(picture.evaluate("img => img.decode().then(() => img.naturalWidth === 96)"))


def test_a_photo_is_cut_with_the_mouse_and_seen_in_the_bar_and_the_list(
    desk: Desk, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """I2, R2, R3."""
    page = visit(desk.address)
    cut = choose(page, desk)
    assert chosen(page) == [0, 0, 800]
    assert page.get_by_text("The middle of the photo is shown").is_hidden()
    look(page, name="cutting a photo")

    # Twice as close, then the photo is drawn to the left and up: its lower right part is left.
    page.get_by_label("Zoom").fill("34")
    left, top, side = chosen(page)
    assert left == top == (800 - side) // 2
    assert 380 < side < 410
    around = cut.bounding_box()
    assert around is not None
    page.mouse.move(around["x"] + 200, around["y"] + 200)
    page.mouse.down()
    page.mouse.move(around["x"] + 100, around["y"] + 120, steps=4)
    assert chosen(page)[0] == pytest.approx(left + 100 * side / around["width"], abs=3)
    assert chosen(page)[1] == pytest.approx(top + 80 * side / around["height"], abs=3)
    page.mouse.move(around["x"] - 400, around["y"] - 400, steps=4)
    page.mouse.up()
    assert chosen(page) == [800 - side, 800 - side, side]
    page.mouse.move(around["x"] + 200, around["y"] + 200)
    assert chosen(page) == [800 - side, 800 - side, side]

    page.get_by_role("button", name="Save photo").click()
    page.wait_for_url("**/info")
    assert "The photo is saved." in page.get_by_role("status").inner_text()
    assert desk.kept() == ["white"] * 4
    assert seen(page.locator(".bar img.photo"))
    look(page, name="the Info tab with a photo")
    page.goto(f"/f/{desk.firm.slug}/clients")
    assert seen(page.locator("td img.photo"))
    look(page, name="the list with a photo")


def test_a_photo_is_cut_with_the_keyboard_alone(desk: Desk, visit: Callable[..., Page]) -> None:
    """I2."""
    page = visit(desk.address)
    cut = choose(page, desk)
    cut.focus()
    for key, times in (("+", 10), ("ArrowRight", 30), ("ArrowDown", 30)):
        for _ in range(times):
            page.keyboard.press(key)
    left, top, side = chosen(page)
    assert (left, top) == (0, 0)
    assert side < 400
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert chosen(page) == [round(side / 20), round(side / 20), side]
    for _ in range(3):
        page.keyboard.press("-")
    assert chosen(page)[2] > side
    for _ in range(8):
        page.keyboard.press("=")
    assert chosen(page)[2] < side
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "crop-zoom"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/info")
    assert desk.kept() == ["red"] * 4
    assert seen(page.locator(".bar img.photo"))


def test_two_fingers_zoom_and_one_moves(desk: Desk, visit: Callable[..., Page]) -> None:
    """I2: on a phone."""
    page = visit(desk.address, width=360)
    cut = choose(page, desk)
    around = cut.bounding_box()
    assert around is not None
    middle = (around["x"] + 128, around["y"] + 128)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (middle[0] - 20, middle[1]), (middle[0] + 20, middle[1]))
    touch("touchMove", (middle[0] - 40, middle[1]), (middle[0] + 40, middle[1]))
    touch("touchEnd")
    left, top, side = chosen(page)
    assert side == pytest.approx(400, abs=20)
    touch("touchStart", middle)
    touch("touchMove", (middle[0] + 32, middle[1]))
    touch("touchEnd")
    assert chosen(page)[0] == pytest.approx(left - side / 8, abs=3)
    assert chosen(page)[1:] == [top, side]


def test_a_file_that_the_browser_cannot_show_is_sent_and_refused_in_words(
    desk: Desk, visit: Callable[..., Page], look: Callable[..., None]
) -> None:
    """I2."""
    page = visit(desk.address)
    cut = choose(page, desk)
    page.get_by_label("Photo", exact=False).first.set_input_files(
        [{"name": "me.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7"}]
    )
    page.get_by_text("Your browser cannot show this file").wait_for()
    assert cut.is_hidden()
    assert page.locator("[name=crop]").input_value() == ""
    page.get_by_role("button", name="Save photo").click()
    assert "not a picture that can be used" in page.get_by_role("alert").inner_text()
    assert page.locator(".bar img").count() == 0
    look(page, name="a refused photo")


def test_without_javascript_the_middle_is_taken_and_a_photo_is_removed(
    desk: Desk, visit: Callable[..., Page]
) -> None:
    """I2."""
    page = visit(desk.address)
    page.route("**/crop.js*", lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.goto(f"{desk.profile}/info/photo")
    assert page.get_by_text("The middle of the photo is shown").is_visible()
    wide = encoded(quarters(1_600, 400), "JPEG")
    page.get_by_label("Photo", exact=False).first.set_input_files([{**PHOTO, "buffer": wide}])
    page.get_by_role("button", name="Save photo").click()
    page.wait_for_url("**/info")
    assert desk.kept() == ["red", "green", "blue", "white"]

    page.get_by_role("link", name="Change photo").click()
    page.get_by_role("button", name="Remove photo").click()
    page.wait_for_url("**/info")
    assert "The photo is removed." in page.get_by_role("status").inner_text()
    assert page.locator(".bar img").count() == 0
    assert page.locator(".bar .photo").inner_text() == "B"
