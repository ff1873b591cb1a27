"""Writing the tables of signatures; reading them is the store's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_core.store import new_public_id
from plugins.signatures.rows import FieldRow, RequestRow, SignerRow
from plugins.signatures.values import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crm_core import Context
    from plugins.signatures.values import Field, Request, Signer


def add_request(ctx: Context, signers: Sequence[Signer], **values: Any) -> str:
    """Stores a draft of the viewer's with its signers; answers its public id."""
    public_id = new_public_id()
    row = RequestRow.adding(
        ctx,
        public_id=public_id,
        stage=Stage.DRAFT,
        made=ctx.now,
        made_by=ctx.viewer.name,
        made_by_id=ctx.viewer.member_id,
        **values,
    ).returning(RequestRow.id)
    ((request_id,),) = row.tuples().execute()
    SignerRow.insert_all(
        ctx,
        (
            SignerRow.public_id,
            SignerRow.request_id,
            SignerRow.position,
            SignerRow.kind,
            SignerRow.whose,
            SignerRow.member_id,
            SignerRow.mailed_to,
            SignerRow.name,
            SignerRow.address,
        ),
        (
            (
                new_public_id(),
                request_id,
                position,
                one.kind,
                one.contact_id,
                one.member_id,
                one.email_id,
                one.name,
                one.address,
            )
            for position, one in enumerate(signers, 1)
        ),
    )
    return public_id


def change_request(ctx: Context, request: Request, **values: Any) -> bool:
    """Changes a request that is as far as it was seen to be; answers whether it is."""
    change = RequestRow.change(ctx, version=RequestRow.version + 1, **values)
    as_seen = (RequestRow.stage == request.stage) & (RequestRow.version == request.version)
    return bool(change.where((RequestRow.id == request.id) & as_seen).execute())


def remove_request(ctx: Context, request: Request) -> bool:
    """Removes a draft; answers whether it was one."""
    draft = (RequestRow.id == request.id) & (RequestRow.stage == Stage.DRAFT)
    return bool(RequestRow.remove(ctx).where(draft).execute())


def set_fields(ctx: Context, request: Request, fields: Sequence[Field]) -> None:
    """Makes these the fields of a request."""
    FieldRow.remove(ctx).where(FieldRow.request_id == request.id).execute()
    FieldRow.insert_all(
        ctx,
        (
            FieldRow.request_id,
            FieldRow.signer,
            FieldRow.kind,
            FieldRow.page,
            FieldRow.x,
            FieldRow.y,
            FieldRow.width,
            FieldRow.height,
            FieldRow.label,
        ),
        (
            (request.id, f.signer, f.kind, f.page, f.x, f.y, f.width, f.height, f.label)
            for f in fields
        ),
    )


def fill_fields(ctx: Context, values: Mapping[int, str]) -> None:
    """Notes what a signer put into these fields, by their keys."""
    for key, value in values.items():
        FieldRow.change(ctx, value=value).where(FieldRow.id == key).execute()


def change_signer(ctx: Context, signer: Signer, **values: Any) -> None:
    """Notes something of a signer."""
    SignerRow.change(ctx, **values).where(SignerRow.id == signer.id).execute()


def place_signers(ctx: Context, request: Request, order: Sequence[Signer]) -> None:
    """Puts the signers into this order; their fields stay theirs."""
    old = {one.position: place for place, one in enumerate(order, 1)}
    for place, one in enumerate(order, 1):  # out of each other's way first: places are unique
        change_signer(ctx, one, position=-place)
    for place, one in enumerate(order, 1):
        change_signer(ctx, one, position=place)
    for field in request.fields:
        FieldRow.change(ctx, signer=old[field.signer]).where(FieldRow.id == field.id).execute()
