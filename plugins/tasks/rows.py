"""The tables of tasks: the tasks, who has to do them, and their checklists."""

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    CompositeKey,
    IntegerField,
    TextField,
)

from crm_core.store import DayField, FirmRow, InstantField, References


class TaskRow(FirmRow):
    """A task. `place` says where it stands in lists (see `values.place_of`).

    Of a series it is the latest that `repeats`: counted from when the first was due, and with the
    day on which the next one is made.
    """

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
    repeats = CharField(12, default="", constraints=[SQL("DEFAULT ''")])
    first_due = DayField(null=True)
    next_on = DayField(null=True)

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


TaskRow.add_index(
    TaskRow.firm_id, TaskRow.next_on, where=TaskRow.next_on.is_null(False), name="tasks_task_next"
)


class AssigneeRow(FirmRow):
    """A member who has to do a task."""

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


class SubtaskRow(FirmRow):
    """A line of a task's checklist."""

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
