"""Killed at any step of an upload, a version, a move or a deletion: all of it is there, or none."""

from __future__ import annotations

import hashlib
import os
import pathlib
import random
import secrets
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from crm_core import NotFound, audit
from crm_core.files import bytes_of, files_of, sweep
from crm_core.store.file_rows import FileRow
from plugins.documents import store, tree
from plugins.documents.searching import found_of_account
from plugins.documents.values import Access
from tests.plugins.documents.killing import Ended, run
from tests.plugins.documents.making import a_document, a_folder, top
from tests.web.browsing import form_of
from tests.web.uploads.sending import Sender

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_core.context import Context
    from plugins.documents.values import Document
    from tests.plugins.documents.people import Practice

    Act = Callable[[Callable[[str], None]], None]
    Look = Callable[[Ended], None]
    Operation = Callable[[Practice], tuple[Act, Look]]

SAMPLE = 4
"""How many of the steps are tried each time; `make deep` tries all."""


def bytes_of_size(size: int) -> bytes:
    return os.urandom(size)


def content_of(ctx: Context, document: Document, number: int) -> bytes:
    version = store.version_of(ctx, document, number)
    (file,) = files_of(ctx, [version.file_id]).values()
    return b"".join(bytes_of(ctx.store, file))


def sending(practice: Practice, path: str, **fields: Any) -> Act:
    """Sends the form at this path, as it is filled now; the answer is what is acknowledged."""
    data = {**form_of(practice.owner.get(path).text), **fields}

    def act(tell: Callable[[str], None]) -> None:
        answer = practice.owner.post(path, data=data)
        assert answer.status_code == 303, answer.text
        tell("done")

    return act


def uploading(practice: Practice) -> tuple[Act, Look]:
    """Two files in one form: both, or none of them."""
    tag, contents = secrets.token_hex(4), [bytes_of_size(9000), bytes_of_size(70)]
    names = [f"one {tag}.bin", f"two {tag}.bin"]
    folder = practice.top(Access.EDITS)
    sent = [(BytesIO(content), name) for content, name in zip(contents, names, strict=True)]
    act = sending(practice, f"{practice.tab}/folders/{folder}/upload", files=sent)

    def look(ended: Ended) -> None:
        with practice.as_owner() as ctx:
            place = tree.tree_of(ctx, practice.account.id).folder(folder)
            there = [store.document_named(ctx, place, name) for name in names]
            found = [one.name for one in found_of_account(ctx, practice.account.id, tag, 9)]
            assert found == [one.name for one in there if one]
            assert len(set(map(bool, there))) == 1
            if ended.acknowledged:
                assert all(there)
            for one, content in zip(there, contents, strict=True):
                assert one is None or content_of(ctx, one, 1) == content

    return act, look


def sending_in_parts(practice: Practice) -> tuple[Act, Look]:
    """Announced, two parts, claimed: what was acknowledged is there, and it can be gone on with."""
    content, name = bytes_of_size(5000), f"parts {secrets.token_hex(4)}.bin"
    folder = practice.top(Access.EDITS)
    sender = Sender(practice.owner, f"{practice.tab}/folders/{folder}/upload")

    def act(tell: Callable[[str], None]) -> None:
        place = sender.announce(name, len(content)).headers["Location"]
        tell(f"at {place}")
        for start, end in ((0, 3000), (3000, 5000)):
            assert sender.part(place, start, content[start:end]).status_code == 204
            tell(f"offset {end}")
        assert sender.submit(place).status_code == 303
        tell("done")

    def look(ended: Ended) -> None:
        told = dict(one.split() for one in ended.acknowledged if " " in one)
        with practice.as_owner() as ctx:
            place = tree.tree_of(ctx, practice.account.id).folder(folder)
            found = store.document_named(ctx, place, name)
            if found is not None:
                assert content_of(ctx, found, 1) == content
                return
        assert "done" not in ended.acknowledged
        if "at" in told:
            offset = sender.offset(told["at"])
            assert offset >= int(told.get("offset", 0))
            if offset < len(content):
                assert sender.part(told["at"], offset, content[offset:]).status_code == 204
            assert sender.submit(told["at"]).status_code == 303
            with practice.as_owner() as ctx:
                place = tree.tree_of(ctx, practice.account.id).folder(folder)
                found = store.document_named(ctx, place, name)
                assert found is not None
                assert content_of(ctx, found, 1) == content

    return act, look


def adding_a_version(practice: Practice) -> tuple[Act, Look]:
    """The version before stays readable whatever happens (DOC-6)."""
    first, second = bytes_of_size(300), bytes_of_size(6000)
    with practice.as_owner() as ctx:
        name = f"versions {secrets.token_hex(4)}.bin"
        public_id = a_document(ctx, practice.account, name=name, content=first)
    path = f"{practice.tab}/folders/{practice.top(Access.EDITS)}/upload"
    act = sending(practice, path, files=[(BytesIO(second), name)])

    def look(ended: Ended) -> None:
        with practice.as_owner() as ctx:
            found = store.document_of(ctx, practice.account.id, public_id)
            versions = store.versions_of(ctx, found)
            assert len(versions) == found.number
            assert found.number == 2 if ended.acknowledged else found.number in (1, 2)
            assert content_of(ctx, found, 1) == first
            if found.number == 2:
                assert content_of(ctx, found, 2) == second

    return act, look


def _of_one(practice: Practice, step: str, **fields: str) -> tuple[Act, str, bytes]:
    content = bytes_of_size(400)
    with practice.as_owner() as ctx:
        public_id = a_document(ctx, practice.account, content=content)
    return sending(practice, f"{practice.tab}/{public_id}/{step}", **fields), public_id, content


def moving(practice: Practice) -> tuple[Act, Look]:
    """Into a folder that clients do not see: there or here, and the history says which (DOC-2)."""
    into = practice.top(Access.PRIVATE)
    act, public_id, content = _of_one(practice, "move", folder=into, sure="1")

    def look(ended: Ended) -> None:
        with practice.as_owner() as ctx:
            found = store.document_of(ctx, practice.account.id, public_id)
            told = [one.event for one in audit.history(ctx, about=public_id).entries]
            moved = found.access is Access.PRIVATE
            assert moved or not ended.acknowledged
            assert told.count("documents.moved") == int(moved)
            assert content_of(ctx, found, 1) == content

    return act, look


def deleting(practice: Practice) -> tuple[Act, Look]:
    """Into the trash (DOC-6)."""
    act, public_id, content = _of_one(practice, "delete")

    def look(ended: Ended) -> None:
        with practice.as_owner() as ctx:
            found = store.document_of(ctx, practice.account.id, public_id)
            assert found.trashed or not ended.acknowledged
            assert content_of(ctx, found, 1) == content

    return act, look


def restoring(practice: Practice) -> tuple[Act, Look]:
    """Out of the trash, back into its folder (DOC-6)."""
    into_trash, public_id, content = _of_one(practice, "delete")
    into_trash(lambda _said: None)
    page = practice.owner.get(f"{practice.tab}/trash").text
    form = form_of(page, f"{practice.tab}/{public_id}/restore")

    def act(tell: Callable[[str], None]) -> None:
        answer = practice.owner.post(f"{practice.tab}/{public_id}/restore", data=form)
        assert answer.status_code == 303, answer.text
        tell("done")

    def look(ended: Ended) -> None:
        with practice.as_owner() as ctx:
            found = store.document_of(ctx, practice.account.id, public_id)
            assert found.trashed is None or not ended.acknowledged
            assert content_of(ctx, found, 1) == content

    return act, look


def deleting_for_good(practice: Practice) -> tuple[Act, Look]:
    """Out of the trash: gone with its file, or whole (DOC-6)."""
    into_trash, public_id, content = _of_one(practice, "delete")
    into_trash(lambda _said: None)
    act = sending(practice, f"{practice.tab}/{public_id}/purge")

    def look(ended: Ended) -> None:
        with practice.as_owner() as ctx:
            try:
                found = store.document_of(ctx, practice.account.id, public_id)
            except NotFound:
                return
            assert not ended.acknowledged
            assert content_of(ctx, found, 1) == content

    return act, look


def moving_a_folder(practice: Practice) -> tuple[Act, Look]:
    """With all that is in it: seen by clients as before, or as where it lies then (DOC-2)."""
    with practice.as_owner() as ctx:
        moved, into = a_folder(ctx, practice.account), top(ctx, practice.account, Access.PRIVATE)
    path = f"{practice.tab}/folders/{moved}/move"
    act = sending(practice, path, folder=into, sure="1")

    def look(ended: Ended) -> None:
        with practice.as_owner() as ctx:
            known = tree.tree_of(ctx, practice.account.id)
            way = known.path(known.folder(moved))
            assert len({one.access for one in way}) == 1
            assert way[0].public_id == into or not ended.acknowledged

    return act, look


OPERATIONS: dict[str, Operation] = {
    "upload": uploading,
    "upload in parts": sending_in_parts,
    "version": adding_a_version,
    "move": moving,
    "deletion": deleting,
    "restoration": restoring,
    "deletion for good": deleting_for_good,
    "move of a folder": moving_a_folder,
}


def everything_is_sound(practice: Practice) -> None:
    """Each file that is kept is whole, the history holds, and what nobody keeps is swept."""
    with practice.as_owner() as ctx:
        assert audit.verify(ctx).fault is None
        sweep(evolve(ctx, now=ctx.now + timedelta(days=2)))
        keys = {row.id: row.key for row in FileRow.of(ctx)}
        for file in files_of(ctx, list(keys)).values():
            whole = b"".join(bytes_of(ctx.store, file))
            assert hashlib.sha256(whole).hexdigest() == file.blob.sha256
        lying = set(ctx.store.files.keys(ctx.firm.id, ctx.now + timedelta(days=2)))
        assert lying == set(keys.values())


def kill_at_each(
    practice: Practice, operation: Operation, chosen: Callable[[int], Sequence[int]]
) -> int:
    act, look = operation(practice)
    ended = run(practice.store, act, None)
    assert not ended.killed
    look(ended)
    everything_is_sound(practice)
    steps = chosen(len(ended.steps))
    for step in steps:
        act, look = operation(practice)
        killed = run(practice.store, act, step)
        assert killed.killed or len(killed.steps) <= step, "it took a step less this time"
        look(killed)
        everything_is_sound(practice)
    return len(steps)


@pytest.mark.parametrize("name", OPERATIONS)
def test_whoever_is_killed_has_done_all_of_it_or_nothing(practice: Practice, name: str) -> None:
    """DOC-6, DOC-7: at some of the steps, chosen by chance."""
    chance = random.Random(name)
    kill_at_each(
        practice, OPERATIONS[name], lambda count: chance.sample(range(count), min(SAMPLE, count))
    )


@pytest.mark.deep
@pytest.mark.parametrize("name", OPERATIONS)
def test_whoever_is_killed_at_any_step_has_done_all_of_it_or_nothing(
    practice: Practice, name: str
) -> None:
    """DOC-6, DOC-7: before and after every write, fsync, rename, removal and commit."""
    count = kill_at_each(practice, OPERATIONS[name], range)
    print(f"{name}: killed {count} times")
    assert count >= 4


@pytest.mark.parametrize("name", ["upload", "upload in parts", "version"])
def test_what_is_acknowledged_outlives_a_loss_of_power(practice: Practice, name: str) -> None:
    """DOC-7: bytes, and the names that lead to them, are forced before the row that says so."""
    act, look = OPERATIONS[name](practice)
    ended = run(practice.store, act, None)
    look(ended)
    steps = list(ended.steps)
    last_commit = len(steps) - 1 - steps[::-1].index("before commit")
    made = {step.split()[-1] for step in steps if step.startswith("after open")}
    assert made
    for path in made:
        assert _last(steps, f"after write {path}") < _last(steps, f"after fsync {path}")
        named = max(_last(steps, f"after rename {path}"), steps.index(f"after open {path}"))
        folder = pathlib.PurePath(path).parent
        for above in (folder, folder.parent, folder.parent.parent):
            forced = steps.index(f"after fsync {above}", named)
            assert forced < last_commit


def _last(steps: Sequence[str], step: str) -> int:
    return max((place for place, taken in enumerate(steps) if taken == step), default=-1)
