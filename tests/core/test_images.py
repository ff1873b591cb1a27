"""Uploaded pictures: made into two of our own, or refused with a sentence (I2, firm's logo)."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from crm_core import images
from crm_core.images import LARGE, LARGEST_FILE, LOGO, SMALL, Crop, logo_from, photo_from
from crm_core.refusals import Refused
from tests.pictures import WHITE, colour_at, corners, encoded, opened, quarters

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crm_core.images import Pictures

KINDS = ("JPEG", "PNG", "WEBP", "GIF")
AS_IT_IS = ["red", "green", "blue", "white"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_becomes_two_square_jpegs(kind: str) -> None:
    """I2."""
    pictures = photo_from(encoded(quarters(), kind))
    assert corners(pictures) == AS_IT_IS
    for content, size in ((pictures.small, SMALL), (pictures.large, LARGE)):
        assert opened(content).format == "JPEG"
        assert opened(content).size == (size, size)


@pytest.mark.parametrize(("size", "left"), [((800, 400), 200), ((400, 800), 0)])
def test_without_a_wish_the_middle_is_taken(size: tuple[int, int], left: int) -> None:
    """I2."""
    picture = Image.new("RGB", size, WHITE)
    top = 200 - left
    picture.paste(quarters(), (left, top))
    assert corners(photo_from(encoded(picture))) == AS_IT_IS


def test_the_wished_square_is_taken() -> None:
    """I2: cropped as it was chosen in the browser."""
    photo = encoded(quarters())
    assert corners(photo_from(photo, Crop(left=0, top=0, side=200))) == ["red"] * 4
    assert corners(photo_from(photo, Crop(left=0, top=200, side=150))) == ["blue"] * 4
    assert corners(photo_from(photo, Crop(left=100, top=100, side=200))) == AS_IT_IS


@pytest.mark.parametrize(
    ("crop", "seen"),
    [
        (Crop(left=9_999, top=0, side=200), ["green"] * 4),
        (Crop(left=350, top=350, side=200), ["white"] * 4),
        (Crop(left=0, top=0, side=999_999), AS_IT_IS),
    ],
)
def test_a_square_beyond_the_picture_is_moved_into_it(crop: Crop, seen: list[str]) -> None:
    assert corners(photo_from(encoded(quarters()), crop)) == seen


@pytest.mark.parametrize("text", ["1,2", "a,b,c", "1,2,0", "-1,2,3", "1,2,3,4", "1,2,3\n", "٣,1,2"])
def test_a_wish_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        Crop.from_text(text)


def test_a_wish_is_read() -> None:
    assert Crop.from_text("") is None
    assert Crop.from_text("12,0,300") == Crop(left=12, top=0, side=300)


STORED = {
    1: lambda p: p,
    2: lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda p: p.transpose(Image.Transpose.ROTATE_180),
    4: lambda p: p.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda p: p.transpose(Image.Transpose.TRANSPOSE),
    6: lambda p: p.transpose(Image.Transpose.ROTATE_90),
    7: lambda p: p.transpose(Image.Transpose.TRANSVERSE),
    8: lambda p: p.transpose(Image.Transpose.ROTATE_270),
}
"""How a camera that was held so stores what one should see upright."""


@pytest.mark.parametrize("held", STORED)
@pytest.mark.parametrize("width", [600, 3000])
def test_however_the_camera_was_held_the_photo_is_upright_and_cut_as_seen(
    held: int, width: int
) -> None:
    """I2."""
    upright = Image.new("RGB", (width, width * 2), WHITE)
    upright.paste(quarters(width // 2, width // 2), (width // 3, width // 5))
    exif = Image.Exif()
    exif[0x0112] = held
    photo = encoded(STORED[held](upright), "JPEG", exif=exif, quality=95)
    square = Crop(left=width // 3, top=width // 5, side=width // 2)
    assert corners(photo_from(photo, square)) == AS_IT_IS


@pytest.mark.parametrize("size", [(1_501, 3_000), (3_000, 1_501), (2_049, 4_095)])
def test_a_large_photo_is_cut_to_its_very_edge(size: tuple[int, int]) -> None:
    """I2: a JPEG is decoded smaller, and its two sides may not shrink alike."""
    photo = encoded(Image.new("RGB", size, (20, 20, 200)), "JPEG")
    side = min(size)
    square = Crop(left=size[0] - side, top=size[1] - side, side=side)
    assert corners(photo_from(photo, square)) == ["blue"] * 4


def test_what_one_can_see_through_becomes_white() -> None:
    for mode in ("RGBA", "LA"):
        clear = Image.new(mode, (300, 300), 0)
        assert colour_at(opened(photo_from(encoded(clear)).large), (9, 9)) == "white"
    palette = quarters().quantize(4)
    photo = encoded(palette, transparency=palette.getpixel((5, 5)))
    assert corners(photo_from(photo))[:2] == ["white", "green"]


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "P", "CMYK", "YCbCr"])
def test_every_way_to_keep_colours_is_read(mode: str) -> None:
    kind = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
    picture = Image.new("I;16", (300, 300), 0xFFFF) if mode == "I;16" else quarters().convert(mode)
    assert corners(photo_from(encoded(picture, kind)))[3] == "white"


def test_nothing_of_the_file_but_its_picture_is_kept() -> None:
    """I2: where a photo was taken, by whom and with what, and whatever hangs on to it."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x8825] = (
        "SECRET maker",
        "SECRET artist",
        {1: "N", 2: (1, 2, 3)},
    )
    more = {"exif": exif, "comment": b"SECRET comment", "icc_profile": b"SECRET profile" * 20}
    tail = b"PK\x03\x04 SECRET <script>alert(1)</script> %PDF-1.7 SECRET"
    photo = encoded(quarters(), "JPEG", **more) + tail
    assert photo.count(b"SECRET") > 5
    pictures = photo_from(photo)
    for content in (pictures.small, pictures.large):
        assert b"SECRET" not in content
        assert b"script" not in content
        assert content.endswith(b"\xff\xd9")
        assert not opened(content).getexif()
        assert set(opened(content).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_of_a_moving_gif_the_first_picture_is_taken() -> None:
    later = [Image.new("RGB", (400, 400), WHITE)]
    photo = encoded(quarters(), "GIF", save_all=True, append_images=later, duration=100)
    assert corners(photo_from(photo)) == AS_IT_IS


def chunk(kind: bytes, content: bytes) -> bytes:
    """A piece of a PNG."""
    crc = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + crc


def png_of(width: int, height: int, content: bytes) -> bytes:
    """A PNG that says that it has this size, with this compressed content."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")
    )


NO_PICTURE = "not a picture that can be used"
REFUSED = {
    "nothing": (b"", NO_PICTURE),
    "a text": (b"just words", NO_PICTURE),
    "an SVG": (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        NO_PICTURE,
    ),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", NO_PICTURE),
    "HTML": (b"<!doctype html><script>alert(1)</script>", NO_PICTURE),
    "a TIFF": (encoded(quarters(), "TIFF"), NO_PICTURE),
    "a BMP": (encoded(quarters(), "BMP"), NO_PICTURE),
    "an EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", NO_PICTURE),
    "a JPEG that only begins so": (b"\xff\xd8\xff" + b"no more" * 50, "damaged"),
    "a PNG that only begins so": (b"\x89PNG\r\n\x1a\n", "damaged"),
    "a WebP that only begins so": (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "damaged"),
    "a GIF that only begins so": (b"GIF89a", "damaged"),
    "half a JPEG": (encoded(quarters(), "JPEG", quality=95)[:3_000], "damaged"),
    "half a PNG": (encoded(Image.effect_noise((300, 300), 90))[:9_000], "damaged"),
    "no height": (png_of(10, 0, b""), "damaged"),
    "more pixels than we take": (png_of(8_000, 5_001, b""), "megapixels"),
    "a bomb of pixels": (png_of(100_000, 100_000, b""), "megapixels"),
    "too large": (encoded(quarters(), "JPEG") + b"\0" * LARGEST_FILE, "too large"),
}


@pytest.mark.parametrize("make", [photo_from, logo_from])
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_sound_picture_is_refused_with_the_reason(
    name: str, make: Callable[[bytes], Pictures]
) -> None:
    content, reason = REFUSED[name]
    with pytest.raises(Refused, match=reason):
        make(content)


def test_forty_megapixels_fit_into_the_memory() -> None:
    photo = encoded(Image.new("RGBA", (6_300, 6_300), (200, 20, 20, 255)), compress_level=1)
    assert corners(photo_from(photo)) == ["red"] * 4
    assert corners(logo_from(photo)) == ["red"] * 4


def test_a_small_file_that_unpacks_to_much_is_only_unpacked_as_far_as_its_picture() -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(400)) + packer.flush()
    begun = time.monotonic()
    assert opened(photo_from(png_of(10, 10, packed)).large).size == (LARGE, LARGE)
    assert time.monotonic() - begun < 10


def reader_that(tmp_path: Path, does: str) -> Path:
    """Another program in the place of the reader: one that a hostile file has taken over."""
    path = tmp_path / "reader.py"
    path.write_text(f"import sys, os, time\nsys.stdin.buffer.read()\n{does}\n")
    return path


@pytest.fixture
def with_reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    return lambda does: monkeypatch.setattr(images, "_READER", reader_that(tmp_path, does))


@pytest.mark.parametrize(
    "does", ["os.kill(os.getpid(), 9)", "os.abort()", "raise RuntimeError('broken')", "sys.exit(1)"]
)
def test_a_reader_that_dies_is_a_refusal(does: str, with_reader: Callable[[str], None]) -> None:
    with_reader(does)
    with pytest.raises(Refused, match="Nothing was saved"):
        photo_from(encoded(quarters()))


@pytest.mark.parametrize("make", [photo_from, logo_from])
def test_every_real_file_is_a_picture_or_refused_with_a_reason(
    corpora: Path, make: Callable[[bytes], Pictures]
) -> None:
    """Files that broke other readers of pictures."""
    made, refused = 0, 0
    for path in sorted((corpora / "images").glob("*/*")):
        begun = time.monotonic()
        try:
            pictures = make(path.read_bytes())
        except Refused:
            refused += 1
        else:
            small, large = opened(pictures.small), opened(pictures.large)
            if make is photo_from:
                assert (small.size, large.size) == ((SMALL, SMALL), (LARGE, LARGE)), path.name
            else:
                assert (large.width <= LOGO[0], large.height <= LOGO[1]) == (True, True), path.name
                assert small.width == max(1, large.width // 2), path.name
            made += 1
        assert time.monotonic() - begun < 10, path.name
    print(f"{made} pictures, {refused} refused")
    assert made >= 18
    assert refused >= 34


LOGO_SIZES = {
    (960, 320): (480, 160),
    (4_000, 400): (480, 48),
    (300, 900): (53, 160),
    (200, 100): (200, 100),
    (1, 1): (1, 1),
    (3_000, 1): (480, 1),
}


@pytest.mark.parametrize(("size", "made"), LOGO_SIZES.items())
def test_a_logo_keeps_its_shape_and_is_never_enlarged(
    size: tuple[int, int], made: tuple[int, int]
) -> None:
    """1.7, firm settings: logo."""
    pictures = logo_from(encoded(quarters(*size)))
    assert opened(pictures.large).size == made
    assert opened(pictures.small).size == tuple(max(1, side // 2) for side in made)
    for content in (pictures.small, pictures.large):
        assert opened(content).format == "PNG"
    if min(size) > 1:
        assert corners(pictures) == AS_IT_IS


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_becomes_a_logo(kind: str) -> None:
    assert corners(logo_from(encoded(quarters(480, 160), kind))) == AS_IT_IS


@pytest.mark.parametrize("size", [(300, 120), (1_200, 480)])
def test_one_can_see_through_a_logo_where_one_could_and_finds_no_colour_there(
    size: tuple[int, int],
) -> None:
    drawn = Image.new("RGBA", size, (250, 20, 20, 0))
    drawn.paste((20, 20, 200, 255), (0, 0, size[0] // 2, size[1]))
    for content in (made := logo_from(encoded(drawn))).small, made.large:
        logo = opened(content)
        assert logo.mode == "RGBA"
        assert logo.getpixel((2, 2)) == (20, 20, 200, 255)
        assert logo.getpixel((logo.width - 3, 2)) == (0, 0, 0, 0)


@pytest.mark.parametrize("held", STORED)
@pytest.mark.parametrize("width", [240, 3_000])
def test_however_the_camera_was_held_the_logo_is_upright(held: int, width: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = held
    photo = encoded(STORED[held](quarters(width, width // 2)), "JPEG", exif=exif, quality=95)
    pictures = logo_from(photo)
    assert corners(pictures) == AS_IT_IS
    assert opened(pictures.large).size == ((240, 120) if width == 240 else (320, 160))


def test_nothing_of_the_file_but_its_picture_is_in_the_logo() -> None:
    from PIL.PngImagePlugin import PngInfo

    exif, words = Image.Exif(), PngInfo()
    exif[0x013B] = "SECRET artist"
    words.add_text("Comment", "SECRET comment")
    photo = encoded(
        quarters(200, 100), exif=exif, pnginfo=words, icc_profile=b"SECRET" * 9, dpi=(9, 9)
    )
    assert photo.count(b"SECRET") > 1
    pictures = logo_from(photo + b"SECRET")
    for content in (pictures.small, pictures.large):
        assert b"SECRET" not in content
        assert not opened(content).info
        assert content.endswith(b"IEND\xaeB`\x82")
