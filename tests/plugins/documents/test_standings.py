"""What other plugins say of documents (DOC-4) and do with them: `plugins.documents.api`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from crm_core import Event, NotAllowed, NotFound, Refused, State, audit, words_of
from crm_core.files import store_sent
from crm_core.loading import installed_sources
from plugins.documents import api, folders, tree
from plugins.documents.forms import Confirm
from plugins.documents.values import Access
from tests.plugins.documents.making import PDF
from tests.plugins.documents.people import ANNA
from tests.web.plugins import a_plugin
from web.bootstrap import assemble, ready

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from crm_core import Context
    from crm_core.loading import Source
    from tests.plugins.documents.people import Practice
    from web.bootstrap import Deployment
    from web.settings import Settings

_ = words_of("stamps")
STAMPED = Event(name="stamps.stamped", title=_("Document stamped"), parts={"name": _("name")})
WAITING = api.Standing(state=State(word=_("Waiting for a stamp"), tone="warn"))
UNPAID = api.Standing(state=State(word=_("Pending payment"), tone="bad"), shut=True)


class Stamps:
    """A plugin that says of documents what the test puts here, by the documents' keys."""

    said: dict[int, tuple[api.Standing, ...]]
    broken = False

    def __init__(self) -> None:
        self.said = {}
        self.asked = 0

    def load(self, ctx: Context, keys: Sequence[int]) -> Mapping[int, Sequence[api.Standing]]:
        self.asked += 1
        if self.broken:
            raise RuntimeError("a secret of the code")
        return {key: self.said[key] for key in keys if key in self.said}

    def as_plugin(self, folder: Path) -> Source:
        states = (api.DocumentStates(name="stamped", load=self.load),)
        return a_plugin(
            folder, "stamps", ("documents",), documents_states=states, events=(STAMPED,)
        )


@pytest.fixture
def stamps() -> Stamps:
    return Stamps()


@pytest.fixture
def deployment(settings: Settings, stamps: Stamps, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment whose Pro edition has the plugin, too."""
    made = ready(assemble(settings, (*installed_sources(), stamps.as_plugin(tmp_path))))
    assert not made.failures
    pro = made.catalog.editions["pro"]
    wider = evolve(pro, plugins=(*pro.plugins, "stamps"))
    made.catalog.editions = {**made.catalog.editions, "pro": wider}
    yield made
    made.store.close()


def test_a_document_stands_at_several_things_at_once_wherever_it_is_shown(
    practice: Practice, stamps: Stamps
) -> None:
    """DOC-4: in its folder, on its page, on the cards, for the team and for clients."""
    public_id = practice.shared(name="Return.pdf")
    document = practice.seen(public_id, practice.as_owner)
    signed = api.Standing(state=State(word=_("Signed 1/2"), tone="info"))
    stamps.said = {document.id: (WAITING, signed)}
    client = practice.browser_for(ANNA)
    folder = practice.top(Access.SEES)
    pages = [
        practice.owner.get(f"{practice.tab}/folders/{folder}").text,
        practice.owner.get(f"{practice.tab}/{public_id}").text,
        practice.owner.get(practice.tab).text,
        practice.owner.get(practice.tab.removesuffix("/documents")).text,
        client.get(f"{practice.portal}/folders/{folder}").text,
        client.get(f"{practice.portal}/{public_id}").text,
        client.get(practice.portal.removesuffix("/documents")).text,
    ]
    for page in pages:
        assert '<span class="tag warn">Waiting for a stamp</span>' in page
        assert '<span class="tag info">Signed 1/2</span>' in page


def test_states_are_asked_for_once_for_a_whole_list(practice: Practice, stamps: Stamps) -> None:
    """DOC-4: in bulk."""
    for number in range(5):
        practice.shared(name=f"Paper {number}.pdf")
    folder = practice.top(Access.SEES)
    stamps.asked = 0
    practice.owner.get(f"{practice.tab}/folders/{folder}")
    assert stamps.asked == 1


def test_one_that_is_shut_shows_clients_its_name_alone(practice: Practice, stamps: Stamps) -> None:
    """DOC-4, DOC-10: they cannot open, download, archive, find by text or change it."""
    public_id = practice.sent("Report.pdf")
    document = practice.seen(public_id, practice.as_owner)
    stamps.said = {document.id: (UNPAID,)}
    client, folder = practice.browser_for(ANNA), practice.top(Access.EDITS)
    listed = client.get(f"{practice.portal}/folders/{folder}").text
    assert "Report.pdf" in listed
    assert "Pending payment" in listed
    assert f"{public_id}/download" not in listed
    page = client.get(f"{practice.portal}/{public_id}").text
    assert "This document cannot be opened yet." in page
    for absent in ("/download", "Rename", "Preview", "Versions"):
        assert absent not in page
    for path in ("download", "pages/1/1", "rename", "move", "delete"):
        assert client.get(f"{practice.portal}/{public_id}/{path}").status_code in (403, 404)
    assert client.get(f"{practice.portal}/folders/{folder}/archive").status_code == 403
    assert "Report.pdf" not in client.get(f"{practice.portal}?find=Report").text.split("<h1")[1]
    with practice.as_owner() as ctx:
        events = [entry.event for entry in audit.history(ctx, about=public_id).entries]
    assert events == ["documents.uploaded"]
    assert practice.owner.get(f"{practice.tab}/{public_id}/download").data == PDF
    stamps.said = {}
    assert client.get(f"{practice.portal}/{public_id}/download").data == PDF


def test_states_that_cannot_be_read_keep_clients_out_and_the_pages_standing(
    practice: Practice, stamps: Stamps
) -> None:
    """DOC-4: nobody knows then which documents are shut."""
    public_id = practice.shared()
    stamps.broken = True
    page = practice.owner.get(f"{practice.tab}/{public_id}")
    assert page.status_code == 200
    assert "Not available just now. Reference" in page.text
    assert "a secret of the code" not in page.text
    client = practice.browser_for(ANNA)
    assert client.get(f"{practice.portal}/{public_id}").status_code == 200
    assert client.get(f"{practice.portal}/{public_id}/download").status_code == 403
    assert practice.owner.get(f"{practice.tab}/{public_id}/download").status_code == 200


def test_a_module_that_is_off_says_nothing(practice: Practice, stamps: Stamps) -> None:
    """DOC-4: its states are gone with it."""
    public_id = practice.shared()
    document = practice.seen(public_id, practice.as_owner)
    stamps.said = {document.id: (UNPAID,)}
    pro = practice.catalog.editions["pro"]
    bare = evolve(pro, plugins=tuple(name for name in pro.plugins if name != "stamps"))
    practice.catalog.editions = {**practice.catalog.editions, "pro": bare}
    client = practice.browser_for(ANNA)
    assert client.get(f"{practice.portal}/{public_id}/download").data == PDF


def test_what_other_plugins_record_stands_in_the_documents_own_history(practice: Practice) -> None:
    """DOC-9: beside what people did with it."""
    public_id = practice.shared()
    with practice.as_owner() as ctx:
        document = api.document_of(ctx, practice.account, public_id)
        api.record(ctx, STAMPED, document, by="Olga")
    assert "Document stamped" in practice.owner.get(f"{practice.tab}/{public_id}").text


def test_another_plugin_adds_reads_replaces_and_seals_documents(practice: Practice) -> None:
    """DOC-5, DOC-6: a file of its own goes the way of every upload."""
    practice.top(Access.SEES)
    with practice.as_owner() as ctx:
        sent = store_sent(ctx.store, ctx.firm.id, "Contract.pdf", [PDF])
        added = api.add_document(ctx, practice.account, Access.SEES, sent)
        again = store_sent(ctx.store, ctx.firm.id, "Contract.pdf", [PDF])
        beside = api.add_document(ctx, practice.account, Access.SEES, again)
        signed = store_sent(ctx.store, ctx.firm.id, "signed by all.pdf", [PDF, b"% signed"])
        api.add_version(ctx, added, signed)
        api.seal(ctx, api.document_of(ctx, practice.account, added.public_id))
    assert (added.name, beside.name) == ("Contract.pdf", "Contract (2).pdf")
    with practice.as_client() as ctx:
        found = api.documents_of(ctx, practice.account, [added.id, beside.id, 10**9])
        assert set(found) == {added.id, beside.id}
        current = found[added.id]
        assert (current.name, current.number) == ("Contract.pdf", 2)
        assert current.sealed is not None
        assert b"".join(api.content_of(ctx, current)) == PDF + b"% signed"
        to = api.page_of(ctx, practice.account, current)
    assert (to.route, to.parameters["document"]) == ("documents.portal_document", added.public_id)
    client = practice.browser_for(ANNA)
    old = client.get(f"{practice.portal}/{added.public_id}/download?number=1")
    assert old.data == PDF


def test_another_plugin_is_told_where_there_is_no_such_folder(practice: Practice) -> None:
    """DOC-1: a client may have none that is only read."""
    place = practice.top(Access.SEES)
    with practice.as_owner() as ctx:
        folder = tree.tree_of(ctx, practice.account.id).folder(place)
        folders.delete_folder(ctx, practice.account, folder, Confirm(version=folder.version))
        sent = store_sent(ctx.store, ctx.firm.id, "Contract.pdf", [PDF])
        with pytest.raises(Refused, match="no folder of the kind Client sees"):
            api.add_document(ctx, practice.account, Access.SEES, sent)


def test_through_the_api_nobody_sees_or_does_more_than_on_the_pages(
    practice: Practice, stamps: Stamps
) -> None:
    """PER-4: rights are asked where documents are read and changed."""
    private, public = practice.shared(Access.PRIVATE), practice.shared(Access.SEES)
    hidden = practice.seen(private, practice.as_owner)
    with practice.as_client() as ctx:
        with pytest.raises(NotFound):
            api.document_of(ctx, practice.account, private)
        assert api.documents_of(ctx, practice.account, [hidden.id]) == {}
        sent = store_sent(ctx.store, ctx.firm.id, "mine.pdf", [PDF])
        with pytest.raises(NotAllowed):
            api.add_document(ctx, practice.account, Access.SEES, sent)
        shown = api.document_of(ctx, practice.account, public)
        with pytest.raises(NotAllowed):
            api.add_version(ctx, shown, sent)
        with pytest.raises(NotAllowed):
            api.seal(ctx, shown)
        stamps.said = {shown.id: (UNPAID,)}
        with pytest.raises(NotAllowed):
            api.content_of(ctx, api.document_of(ctx, practice.account, public))
