"""What accounts and contacts are found by, filled from what is stored."""

from itertools import groupby

from peewee import BigAutoField, BigIntegerField, Model, PostgresqlDatabase, TextField, chunked

from crm_core.store.schema import References, create_tables
from crm_core.store.search_schema import row_number
from crm_core.store.searching import search_text


class FirmModel(Model):
    firm_id = BigIntegerField()


class AccountSearch(FirmModel):
    SEARCHED = True

    id = BigAutoField()
    account_id = BigIntegerField()
    text = TextField()

    class Meta:
        table_name = "account_search"
        indexes = ((("firm_id", "account_id"), True),)
        constraints = [
            References(("firm_id", "account_id"), "account", ("firm_id", "id"), on_delete="CASCADE")
        ]


class ContactSearch(FirmModel):
    SEARCHED = True

    id = BigAutoField()
    contact_id = BigIntegerField()
    text = TextField()

    class Meta:
        table_name = "contact_search"
        indexes = ((("firm_id", "contact_id"), True),)
        constraints = [
            References(("firm_id", "contact_id"), "contact", ("firm_id", "id"), on_delete="CASCADE")
        ]


CONTACTS = """
SELECT c.id, c.name, c.company, e.address FROM contact AS c
LEFT JOIN contact_email AS e ON e.firm_id = c.firm_id AND e.contact_id = c.id
WHERE c.firm_id = {firm} ORDER BY c.id, e.position
"""
ACCOUNTS = """
SELECT a.id, a.name, a.number, a.company_name, c.name, e.address FROM account AS a
JOIN link AS l ON l.firm_id = a.firm_id AND l.account_id = a.id
JOIN contact AS c ON c.firm_id = l.firm_id AND c.id = l.contact_id
LEFT JOIN contact_email AS e ON e.firm_id = c.firm_id AND e.contact_id = c.id
WHERE a.firm_id = {firm} ORDER BY a.id, l.id, e.position
"""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def up(migrator, db):
    create_tables(db, [AccountSearch, ContactSearch])
    for (firm,) in db.execute_sql("SELECT id FROM firm ORDER BY id").fetchall():
        if isinstance(db, PostgresqlDatabase):
            db.execute_sql("SELECT set_config('crm.firm', %s, true)", (str(firm),))
        fill(db, firm, ContactSearch, ContactSearch.contact_id, CONTACTS, of_contact)
        fill(db, firm, AccountSearch, AccountSearch.account_id, ACCOUNTS, of_account)


def fill(db, firm, search, key, sql, parts_of):
    """A search row for each key: the lines of one account or contact follow each other."""
    lines = db.execute_sql(sql.format(firm=int(firm)))
    rows = (
        (row_number(firm, k), firm, k, search_text(parts_of(list(group))))
        for k, group in groupby(lines, key=lambda line: line[0])
    )
    fields = (search.id, search.firm_id, key, search.text)
    for batch in chunked(rows, 500):
        search.insert_many(batch, fields).returning().bind(db).execute()


def of_contact(lines):
    _, name, company, _ = lines[0]
    return (name, company, *(address for *_, address in lines if address))


def of_account(lines):
    _, name, number, company, _, _ = lines[0]
    said = (text or "" for *_, person, address in lines for text in (person, address))
    return (name, number, number.lstrip(LETTERS), company, *said)
