"""Tasks that come again: by which rule, since when, and on which day the next one is made."""

from peewee import SQL, BigAutoField, BigIntegerField, CharField, Model

from crm_core.store import DayField, add_column, add_indexes


class Task(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    repeats = CharField(12, constraints=[SQL("DEFAULT ''")])
    first_due = DayField(null=True)
    next_on = DayField(null=True)

    class Meta:
        table_name = "tasks_task"


NEXT = Task.index(
    Task.firm_id, Task.next_on, where=Task.next_on.is_null(False), name="tasks_task_next"
)


def up(migrator, db):
    for name in ("repeats", "first_due", "next_on"):
        add_column(db, Task, name)
    add_indexes(db, Task, [NEXT])
