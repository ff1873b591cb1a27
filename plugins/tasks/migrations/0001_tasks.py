"""The tables of tasks: the tasks, who has to do them, and their checklists."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)

from crm_core.store import DayField, InstantField, References, create_tables


class Task(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    account_id = BigIntegerField(null=True)
    name = TextField()
    description = TextField(default="")
    state = CharField(12)
    priority = CharField(8)
    starts = DayField(null=True)
    due = DayField(null=True)
    place = IntegerField()
    maker_id = BigIntegerField()
    created = InstantField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "tasks_task"
        indexes = (
            (("firm_id", "id"), True),
            (("firm_id", "public_id"), True),
            (("firm_id", "account_id", "place", "id"), False),
            (("firm_id", "state", "place", "id"), False),
            (("firm_id", "place", "account_id"), False),
        )
        constraints = [
            Check(
                "state IN ('planned', 'in_progress', 'waiting', 'on_hold', 'completed', "
                "'cancelled')",
                name="tasks_task_state",
            ),
            Check("priority IN ('low', 'normal', 'high', 'urgent')", name="tasks_task_priority"),
            References(("firm_id", "account_id"), "account", ("firm_id", "id")),
            References(("firm_id", "maker_id"), "member", ("firm_id", "id")),
        ]


class Assignee(Model):
    firm_id = BigIntegerField()
    task_id = BigIntegerField()
    member_id = BigIntegerField()

    class Meta:
        table_name = "tasks_assignee"
        primary_key = CompositeKey("firm_id", "task_id", "member_id")
        indexes = ((("firm_id", "member_id", "task_id"), False),)
        constraints = [
            References(
                ("firm_id", "task_id"), "tasks_task", ("firm_id", "id"), on_delete="CASCADE"
            ),
            References(("firm_id", "member_id"), "member", ("firm_id", "id")),
        ]


class Subtask(Model):
    firm_id = BigIntegerField()
    id = BigAutoField()
    public_id = CharField(32)
    task_id = BigIntegerField()
    position = IntegerField()
    text = TextField()
    done = BooleanField(default=False)

    class Meta:
        table_name = "tasks_subtask"
        indexes = (
            (("firm_id", "public_id"), True),
            (("firm_id", "task_id", "position"), True),
        )
        constraints = [
            References(("firm_id", "task_id"), "tasks_task", ("firm_id", "id"), on_delete="CASCADE")
        ]


def up(migrator, db):
    create_tables(db, [Task, Assignee, Subtask])
