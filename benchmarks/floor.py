"""Overview and portal of the bench made by hand: plain sqlite3 queries and one flat template.

They stand in the same application, behind the same sign-in, session, language and headers, and the
templates are made of the pages themselves.
"""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

from flask_wtf.csrf import generate_csrf

from benchmarks.overview import IN_PORTAL, OURS, SECTIONS
from crm_core.store.engines import SQLITE_FILE
from web import once
from web.signin.security import signed_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.overview import Asked, Office

TOKEN = re.compile(r'(name="(?:csrf_token|_once)" value=")[^"]*')
NOTES = """
SELECT text, public_id FROM notes_note WHERE firm_id = ? AND account_id = ?
ORDER BY pinned DESC, id DESC LIMIT 5
"""
TASKS = """
SELECT t.name, t.public_id, m.name FROM tasks_task t
LEFT JOIN tasks_assignee a ON a.firm_id = t.firm_id AND a.task_id = t.id
LEFT JOIN member m ON m.firm_id = a.firm_id AND m.id = a.member_id
WHERE t.firm_id = ? AND t.account_id = ? AND t.state IN ('planned', 'in_progress')
ORDER BY t.id DESC LIMIT 5
"""
BENCH = """
SELECT name, public_id FROM bench_s{number} WHERE firm_id = ? AND account_id = ?
ORDER BY id DESC LIMIT 5
"""
BY_HAND = {
    "overview": (TASKS, NOTES, *(BENCH.format(number=n) for n in range(SECTIONS - OURS))),
    "portal": tuple(BENCH.format(number=n) for n in range(IN_PORTAL)),
}
"""The queries of a page, in the order in which it shows what they find."""


def add_floor(made: Office, name: str, ours: Asked) -> str:
    """Adds the page by hand to the application, and answers where: an account's id follows."""
    connection = sqlite3.connect(
        made.deployment.settings.folder / SQLITE_FILE, check_same_thread=False
    )
    first = ours.accounts[0]
    ours.client.get(f"{ours.path}{first}")  # the first visit says what no later one does
    page = ours.client.get(f"{ours.path}{first}").text

    def read(public_id: str) -> tuple[tuple[str, str], list[list[Any]]]:
        return _read(connection, made.firm.id, public_id, BY_HAND[name])

    template = made.app.jinja_env.from_string(_flat(page, first, *read(first)))

    def floor(account: str) -> str:
        assert signed_in() is not None
        (title, number), rows = read(account)
        return template.render(
            name=title,
            number=number,
            public_id=account,
            rows=rows,
            csrf_token=generate_csrf(),
            once=once.new_key(),
        )

    made.app._got_first_request = False
    made.app.add_url_rule(f"/floor/{name}/<account>", f"floor_{name}", floor)
    made.app._got_first_request = True
    return f"/floor/{name}/"


def _read(
    connection: sqlite3.Connection, firm: int, public_id: str, queries: Sequence[str]
) -> tuple[tuple[str, str], list[list[Any]]]:
    key, name, number = connection.execute(
        "SELECT id, name, number FROM account WHERE firm_id = ? AND public_id = ?",
        (firm, public_id),
    ).fetchone()
    rows = [connection.execute(query, (firm, key)).fetchall() for query in queries]
    return (name, number), rows


def _flat(page: str, public_id: str, head: tuple[str, str], rows: list[list[Any]]) -> str:
    """A template that makes the page, of the page as it was for one account."""
    lists = iter(rows)
    places = iter(range(len(rows)))

    def flat(found: re.Match[str]) -> str:
        of_list, place = next(lists), next(places)
        line = found[2].split("</li>")[0] + "</li>"
        line = line.replace(of_list[0][0], "{{ r[0] }}").replace(of_list[0][1], "{{ r[1] }}")
        line = line.replace("section-1-", "section-{{ loop.index }}-")
        between = found[2].split("</li>")[1].partition("<li")[0]
        each = f"{line}{{{{ '' if loop.last else {between!r} }}}}"
        return f"{found[1]}{{% for r in rows[{place}] %}}{each}{{% endfor %}}{found[3]}"

    flat_page = re.sub(r'(<ul class="rows">\s*)(<li.*?)(\s*</ul>)', flat, page, flags=re.DOTALL)
    flat_page = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1{{ csrf_token }}", flat_page)
    flat_page = re.sub(r'(name="_once" value=")[^"]*', r"\1{{ once }}", flat_page)
    name, number = head
    flat_page = flat_page.replace(public_id, "{{ public_id }}").replace(name, "{{ name }}")
    return re.sub(rf"\b{number}\b", "{{ number }}", flat_page)


def compare(ours: Asked, floor: Asked) -> None:
    """Refuses where the two bodies are not the same, but for tokens."""
    for public_id in ours.accounts[:: max(1, len(ours.accounts) // 20)]:
        mine, by_hand = (
            TOKEN.sub(r"\1", one.client.get(f"{one.path}{public_id}").text).split()
            for one in (ours, floor)
        )
        if mine != by_hand:
            different = next(
                ((a, b) for a, b in zip(mine, by_hand, strict=False) if a != b), "their length"
            )
            raise SystemExit(f"The floor shows something else than {ours.path}: {different}")
