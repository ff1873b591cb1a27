"""The deployment's own certificate, with which signed documents are sealed and told from others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.signatures.sealing.keys import certificates_of, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.x509 import Certificate

    from crm_core import Context
    from crm_core.store.database import Store
    from plugins.signatures.sealing.keys import SealKey

FOLDER = "seal"
MADE_FOR = "Practice CRM"
"""In whose name the certificate is that is made where the operator gives none."""


def seal_key(ctx: Context) -> SealKey:
    """The key, made at the first use, or the operator's own; `NoKey` where that is none."""
    keys = ctx.store.keys
    return key_of(
        keys.folder / FOLDER, MADE_FOR, ctx.now, given=keys.seal, passphrase=keys.passphrase
    )


def trusted(store: Store) -> Sequence[Certificate]:
    """The certificates whose seals are ours: today's and those before."""
    keys = store.keys
    return certificates_of(keys.folder / FOLDER, keys.seal)
