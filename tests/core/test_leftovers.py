"""What a plugin that is gone has left, counted table by table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_core.store.leftovers import leftovers

if TYPE_CHECKING:
    from web.bootstrap import Deployment


def test_the_index_of_a_plugins_search_is_no_table_of_its_own(deployment: Deployment) -> None:
    owners = {"core", "shell", *deployment.catalog.installed} - {"documents"}
    (left,) = [one for one in leftovers(deployment.store, owners) if one.plugin == "documents"]
    assert {"documents_name_search", "documents_text_search"} <= set(left.rows)
    assert not [table for table in left.rows if "_index" in table]
    assert set(left.rows.values()) == {0}
