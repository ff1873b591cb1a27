"""Throw-away plugins: a module made here, in an edition made here."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from attrs import define, evolve

from crm_core.contributions import Place, Section
from crm_core.hookspecs import hookimpl
from crm_core.loading import GROUP, Source
from crm_core.manifest import Manifest
from crm_core.permissions import SEE_ACCOUNTS
from crm_core.testing.builders import a_firm, an_account, as_owner
from crm_core.words import words_of
from tests.conftest import ADDRESS, PASSWORD
from tests.web.browsing import sign_in
from web.app import create_app
from web.bootstrap import Deployment, assemble
from web.signin.people import add_person

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from crm_core.firms import Firm
    from web.settings import Settings

_ = words_of("tests")
EDITION = "trial"


def a_section(name: str, load: Callable[..., Any], order: int = 500, **more: Any) -> Section:
    """A section of the Overview for everybody, titled by its name."""
    return Section(
        **{
            "name": name,
            "title": _(name.title()),
            "place": Place.OVERVIEW,
            "load": load,
            "needs": SEE_ACCOUNTS,
            "order": order,
            **more,
        }
    )


def a_plugin(
    folder: Path, name: str, requires: tuple[str, ...] = (), **hooks: tuple[Any, ...]
) -> Source:
    """A plugin with these answers to these hooks; its templates are in `folder/templates/name`."""
    module = ModuleType(name)
    module.__file__ = str(folder / "plugin.py")
    manifest = Manifest(
        name=name, title=_(name.title()), description=_("Made for a test."), requires=requires
    )
    module.MANIFEST = manifest  # type: ignore[attr-defined]
    for hook, answers in hooks.items():
        setattr(module, hook, hookimpl(_answering(answers)))
    return Source(name=name, module=module)


def an_installed_plugin(site: Path, name: str, code: str) -> None:
    """Puts a module and its announcement into a folder, as an installer leaves them there."""
    announced = site / f"{name}-1.0.dist-info"
    announced.mkdir(parents=True)
    (site / f"{name}.py").write_text(code, "utf-8")
    (announced / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (announced / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {name}\n")


def a_template(folder: Path, plugin: str, text: str) -> str:
    """Writes a template of a plugin and answers its name."""
    place = folder / "templates" / plugin
    place.mkdir(parents=True, exist_ok=True)
    (place / "card.html").write_text(text, "utf-8")
    return f"{plugin}/card.html"


@define
class Trial:
    """A deployment with these plugins alone, a firm that has them, and its owner's browser."""

    deployment: Deployment
    firm: Firm
    client: FlaskClient
    overview: str
    person: int

    @classmethod
    def of(cls, settings: Settings, *plugins: Source) -> Trial:
        """Sets all of it up in the database of these settings."""
        names = ", ".join(f'"{plugin.name}"' for plugin in plugins)
        editions = settings.folder / "editions.toml"
        editions.write_text(f'[{EDITION}]\ntitle = "Trial"\nplugins = [{names}]\n', "utf-8")
        deployment = assemble(evolve(settings, editions=editions), sources=plugins)
        assert not deployment.failures
        store, catalog = deployment.store, deployment.catalog
        person = add_person(store, ADDRESS, PASSWORD)
        firm = a_firm(store, "acme", person, EDITION)
        with as_owner(store, catalog, firm) as ctx:
            account = an_account(ctx, "Bakery").public_id
        client = create_app(deployment).test_client()
        sign_in(client, ADDRESS)
        return cls(deployment, firm, client, f"/f/acme/accounts/{account}", person)


def _answering(answers: tuple[Any, ...]) -> Callable[[], tuple[Any, ...]]:
    return lambda: answers
