"""The composition root: from the operator's settings to a store and a catalog of plugins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import peewee
from attrs import field, frozen

from crm_core.editions import editions_with, shipped_editions
from crm_core.loading import Failure, installed_sources, load
from crm_core.refusals import Refused
from crm_core.store.blobs import FILES_FOLDER, FolderOfFiles
from crm_core.store.database import Store, open_postgres, open_sqlite
from crm_core.store.engines import SQLITE_FILE
from crm_core.store.faults import faults_translated
from crm_core.store.keys import Keys
from crm_core.store.migrating import (
    MigrationFolder,
    allow_serving,
    check_serving_role,
    migrate,
    migration_folders,
    pending,
    role_in,
)
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crm_core.catalog import Catalog
    from crm_core.loading import Source
    from crm_core.store.blobs import Files
    from web.settings import Settings

KEYS_FOLDER = "keys"
"""Where keys of the deployment lie, in the data folder."""

SHELL_MIGRATIONS = (
    MigrationFolder(owner="signin", path=Path(__file__).parent / "signin" / "migrations"),
)


@frozen(kw_only=True)
class Deployment:
    """Everything that one installation is made of."""

    settings: Settings
    store: Store = field(repr=False)
    catalog: Catalog = field(repr=False)
    failures: tuple[Failure, ...]

    @property
    def folders(self) -> Sequence[MigrationFolder]:
        """The migrations of this installation, in order."""
        return migration_folders(self.catalog, SHELL_MIGRATIONS)


def assemble(settings: Settings, sources: Iterable[Source] | None = None) -> Deployment:
    """Opens the store and loads the plugins; nothing is read or written yet.

    `sources` are the plugins to load, by default those that are installed.
    """
    editions = editions_with(settings.editions) if settings.editions else shipped_editions()
    loaded = load(installed_sources() if sources is None else sources, editions)
    return Deployment(
        settings=settings,
        store=_store(settings, settings.database_url),
        catalog=loaded.catalog,
        failures=loaded.failures,
    )


def ready(deployment: Deployment) -> Deployment:
    """The same deployment, found fit to serve: reachable, migrated, and with a safe role."""
    settings = deployment.settings
    if deployment.store.engine == "sqlite" and not (settings.folder / SQLITE_FILE).exists():
        raise Refused(
            _("There is no database in {folder} yet. Run: crm init", folder=str(settings.folder))
        )
    _reach(deployment.store)
    if deployment.store.engine == "postgres":
        check_serving_role(deployment.store)
    with faults_translated():
        waiting = pending(deployment.store, deployment.folders)
    deployment.store.close()
    if waiting:
        raise Refused(
            _(
                "The database is not up to date ({waiting}). Run: crm migrate",
                waiting=", ".join(f"{owner}: {len(names)}" for owner, names in waiting.items()),
            )
        )
    return deployment


def migrate_deployment(deployment: Deployment) -> Mapping[str, Sequence[str]]:
    """Applies what is pending and answers the applied names by owner of the migrations.

    On PostgreSQL as the role in DATABASE_OWNER_URL, which then lets the serving role in.
    """
    settings = deployment.settings
    settings.folder.mkdir(parents=True, exist_ok=True)
    if deployment.store.engine == "sqlite":
        applied = migrate(deployment.store, deployment.folders)
        deployment.store.close()
        return applied
    if not settings.owner_url:
        raise Refused(
            _(
                "Migrating PostgreSQL needs DATABASE_OWNER_URL: the role that owns the tables. "
                "DATABASE_URL is the role that serves."
            )
        )
    owner = _store(settings, settings.owner_url)
    _reach(owner)
    try:
        applied = migrate(owner, deployment.folders)
        allow_serving(owner, role_in(settings.database_url))
    finally:
        owner.close()
    return applied


def _store(settings: Settings, url: str) -> Store:
    files = _files(settings)
    keys = Keys(
        folder=settings.folder / KEYS_FOLDER, seal=settings.seal, passphrase=settings.passphrase
    )
    return open_postgres(url, files, keys) if url else open_sqlite(settings.folder, files, keys)


def _files(settings: Settings) -> Files:
    if settings.bucket is None:
        return FolderOfFiles(folder=settings.folder / FILES_FOLDER)
    try:
        from crm_core.store.bucket import BucketOfFiles
    except ModuleNotFoundError as error:
        raise Refused(_("Files in S3 need the extra: pip install practice-crm[s3]")) from error
    place = settings.bucket
    return BucketOfFiles.opened(place.name, place.prefix, place.endpoint)


def _reach(store: Store) -> None:
    try:
        store.database.connect(reuse_if_open=True)
    except peewee.ImproperlyConfigured as error:
        raise Refused(
            _("PostgreSQL needs the extra: pip install practice-crm[postgres]")
        ) from error
    except peewee.DatabaseError as error:
        raise Refused(
            _("The database cannot be reached: {reason}", reason=str(error).strip().splitlines()[0])
        ) from error
