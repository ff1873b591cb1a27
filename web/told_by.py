"""Who tells people of a kind of things: the module, by its name, or the firm itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.words import _

if TYPE_CHECKING:
    from crm_core.context import Context
    from crm_core.notification_types import NotificationType
    from crm_core.words import Words


def told_by(ctx: Context, kind: NotificationType) -> Words:
    """The title of the module that declares the type; what the core tells, the firm does."""
    plugin = ctx.catalog.installed.get(kind.name.partition(".")[0])
    return plugin.manifest.title if plugin else _("The firm")
