"""A program of its own: adds an empty seal to a PDF.

    python -I seal_program.py FILE < what stands in the seal, as JSON > what comes after the file

The seal covers the file and what comes after it, but for the room that it leaves. No key comes
here. `seal.py` starts it, apart; `child.py` says what its exit status means.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from plugins.signatures.sealing.child import put, status_of
from plugins.signatures.sealing.values import Unfit, Why

FIELD = "Seal"


def main() -> int:
    """Prepares, writes, and answers the exit status."""
    wanted = json.load(sys.stdin)
    return status_of(lambda: prepare(Path(sys.argv[1]), wanted))


def prepare(path: Path, wanted: dict[str, Any]) -> None:
    """Writes what is to come after the file."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import (
        InvisSigSettings,
        MDPPerm,
        SigFieldSpec,
        SigSeedSubFilter,
        enumerate_sig_fields,
    )
    from pyhanko.sign.signers.cms_embedder import (
        PdfCMSEmbedder,
        SigIOSetup,
        SigMDPSetup,
        SigObjSetup,
    )
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    logging.disable(logging.CRITICAL)  # what it would say about the file nobody reads
    content = path.read_bytes()
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=True)
    if writer.prev.encrypted:
        raise Unfit(Why.ENCRYPTED)
    if any(enumerate_sig_fields(writer.prev, filled_status=True)):
        raise Unfit(Why.SIGNED)
    unseen = InvisSigSettings(set_print_flag=True, set_hidden_flag=False)
    spec = SigFieldSpec(FIELD, on_page=-1, invis_sig_settings=unseen)
    steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(FIELD, writer)
    next(steps)
    signature = SignatureObject(
        timestamp=datetime.fromisoformat(wanted["at"]),
        subfilter=SigSeedSubFilter.PADES,
        reason=wanted["reason"],
        name=wanted["name"],
        bytes_reserved=wanted["room"],
    )
    alone = SigMDPSetup(md_algorithm="sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
    steps.send(SigObjSetup(sig_placeholder=signature, mdp_setup=alone))
    _digest, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    whole = output.getvalue()
    if not whole.startswith(content):
        raise ValueError("the file was not left as it is")
    put(whole[len(content) :])


if __name__ == "__main__":
    sys.exit(main())
