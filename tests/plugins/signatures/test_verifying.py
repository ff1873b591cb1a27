"""Anybody looks whether a signed document is what it was: on a public page, with `crm verify`."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from tests.plugins.documents.people import ANNA
from tests.plugins.signatures.asking import a_pdf, content, sent, sign, to_sign, work
from tests.web.browsing import form_of
from tests.web.commands import Crm

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.plugins.documents.people import Practice
    from web.settings import Settings

INTACT = "not one byte of it has changed"


@pytest.fixture
def sealed(practice: Practice) -> bytes:
    """A document that was signed and sealed."""
    document = to_sign(practice)
    sign(practice, sent(practice, document, ANNA), ANNA)
    work(practice)
    return content(practice, document)


def test_the_public_page_tells_a_sealed_document_from_others(app: Flask, sealed: bytes) -> None:
    """SIG-2: nobody signs in; what is looked at is not kept."""
    nobody = app.test_client()
    for file, sentence in (
        (sealed, INTACT),
        (sealed[:-1], "seal"),
        (sealed + b"\n", "was changed after it was sealed"),
        (a_pdf(), "bears no seal of ours"),
        (b"nothing", "seal"),
    ):
        form = form_of(nobody.get("/verify").text)
        answer = nobody.post("/verify", data={**form, "file": (BytesIO(file), "A <b>.pdf")})
        assert answer.status_code == 200
        assert sentence in answer.text
        assert (INTACT in answer.text) is (file == sealed)
        assert "<b>.pdf" not in answer.text


def test_without_a_file_it_asks_for_one(app: Flask) -> None:
    nobody = app.test_client()
    form = form_of(nobody.get("/verify").text)
    answer = nobody.post("/verify", data=form)
    assert answer.status_code == 422
    assert "Choose a file." in answer.text
    assert nobody.post("/verify", data={}).status_code == 400


def test_the_command_line_says_the_same(settings: Settings, sealed: bytes, tmp_path: Path) -> None:
    """Its exit code is 0 for what is whole alone."""
    crm = Crm(settings)
    for name, file, code, sentence in (
        ("sealed", sealed, 0, INTACT),
        ("longer", sealed + b"\n", 1, "was changed after it was sealed"),
        ("plain", a_pdf(), 1, "bears no seal of ours"),
    ):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(file)
        said = crm("verify", str(path))
        assert (said.code, sentence in said.out) == (code, True), said.out
    assert crm("verify", str(tmp_path / "missing.pdf")).code != 0
