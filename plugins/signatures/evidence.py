"""The chain of evidence of a request: what happened, each fact bound to the one before (SIG-4)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from plugins.signatures.rows import ProofRow
from plugins.signatures.values import Proof

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_core import Context

START = "0" * 64
"""What the first fact is bound to."""

SENT, ASKED, SEEN, CONSENTED, SIGNED = "sent", "asked", "seen", "consented", "signed"
DECLINED, VOIDED, EXPIRED, REMINDED = "declined", "voided", "expired", "reminded"


def prove(ctx: Context, request_id: int, what: str, who: str = "", **says: Any) -> str:
    """Adds a fact to the chain, with the moment and from where; answers its hash.

    Whoever calls it has locked the request. `who` is the viewer where nobody is named.
    """
    last = _last(ctx, request_id)
    proof = Proof(
        number=last.number + 1 if last else 1,
        at=ctx.now,
        what=what,
        who=who or ctx.viewer.name,
        address=ctx.origin.address,
        browser=ctx.origin.browser,
        says=json.dumps(says, sort_keys=True, ensure_ascii=False),
        hash="",
    )
    hash_ = hash_of(proof, last.hash if last else START)
    ProofRow.adding(
        ctx,
        request_id=request_id,
        number=proof.number,
        at=proof.at,
        what=what,
        who=proof.who,
        address=proof.address,
        browser=proof.browser,
        says=proof.says,
        digest=hash_,
    ).execute()
    return hash_


def hash_of(proof: Proof, before: str) -> str:
    """SHA-256 over a fact and the hash of the one before, in hexadecimal."""
    said = [
        before,
        proof.number,
        proof.at.isoformat(),
        proof.what,
        proof.who,
        proof.address,
        proof.browser,
        proof.says,
    ]
    text = json.dumps(said, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chain_of(ctx: Context, request_id: int) -> Sequence[Proof]:
    """All facts about a request, in order."""
    rows = ProofRow.of(ctx).where(ProofRow.request_id == request_id).order_by(ProofRow.number)
    return [_proof(row) for row in rows]


def is_whole(chain: Sequence[Proof]) -> bool:
    """Whether no fact of the chain was changed, taken out or put in."""
    before = START
    for number, proof in enumerate(chain, 1):
        if proof.number != number or proof.hash != hash_of(proof, before):
            return False
        before = proof.hash
    return True


def _last(ctx: Context, request_id: int) -> Proof | None:
    rows = ProofRow.of(ctx).where(ProofRow.request_id == request_id)
    row = rows.order_by(ProofRow.number.desc()).first()
    return _proof(row) if row else None


def _proof(row: Any) -> Proof:
    return Proof(
        number=row.number,
        at=row.at,
        what=row.what,
        who=row.who,
        address=row.address,
        browser=row.browser,
        says=row.says,
        hash=row.digest,
    )
