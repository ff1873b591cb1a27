"""Documents that quote the code say what the code says."""

from __future__ import annotations

import inspect
from pathlib import Path

import crm_core
from crm_core import hookspecs
from crm_core.catalog import HOOKS
from crm_core.hookdocs import text

ROOT = Path(__file__).parents[2]


def test_the_hooks_page_is_what_the_hooks_say() -> None:
    assert (ROOT / "docs" / "hooks.md").read_text() == text(), "run: make docs"


def test_every_hook_is_known_to_the_catalog_and_documented() -> None:
    hooks = {
        name: value
        for name, value in vars(hookspecs).items()
        if hasattr(value, f"{hookspecs.PROJECT}_spec")
    }
    assert set(hooks) == set(HOOKS)
    for name, hook in hooks.items():
        assert len(inspect.getdoc(hook) or "") > 80, name
        assert not inspect.signature(hook).parameters, name


def test_the_public_api_is_documented() -> None:
    for name in crm_core.__all__:
        value = getattr(crm_core, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), name


def test_the_documents_name_only_files_that_exist() -> None:
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        for target in _links(page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def _links(markdown: str) -> list[str]:
    found = []
    for piece in markdown.split("](")[1:]:
        target = piece.split(")")[0]
        if "://" not in target and not target.startswith("#"):
            found.append(target)
    return found
