"""Life-like tasks for the demonstration firm."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_core.store import new_public_id
from crm_core.team import teams_of_accounts
from plugins.tasks import saving
from plugins.tasks.repeating import Repeat
from plugins.tasks.values import Priority, Task, TaskState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from crm_core import Context, DemoAccount

_WORK: Sequence[tuple[str, Sequence[str]]] = (
    ("Prepare the VAT return", ("Check the sales ledger", "Ask for missing invoices", "File it")),
    ("Reconcile the bank", ()),
    ("Check the payroll", ("New employees", "Hours of this month")),
    ("Draft the annual accounts", ("Depreciation", "Accruals", "Review by a colleague")),
    ("File the income tax return", ()),
    ("Ask for the mortgage statement", ()),
    ("Call about the lease contract", ()),
    ("Apply for an extension", ()),
    ("Answer the letter of the tax office", ("Read the assessment", "Write the objection")),
    ("Set up the standing order", ()),
)
_STATES = (
    TaskState.PLANNED,
    TaskState.PLANNED,
    TaskState.IN_PROGRESS,
    TaskState.IN_PROGRESS,
    TaskState.WAITING,
    TaskState.ON_HOLD,
    TaskState.COMPLETED,
    TaskState.COMPLETED,
    TaskState.CANCELLED,
)


_REPEATS = {
    "Prepare the VAT return": Repeat.QUARTERLY,
    "Reconcile the bank": Repeat.WEEKLY,
    "Check the payroll": Repeat.MONTHLY,
    "Draft the annual accounts": Repeat.YEARLY,
}


def make_demo_tasks(ctx: Context, accounts: Sequence[DemoAccount], random: Random) -> None:
    """Makes tasks for the team of each of these accounts, due around today."""
    teams = teams_of_accounts(ctx, [account.account.id for account in accounts])
    tasks: list[tuple[Task, Sequence[str]]] = []
    for account in accounts:
        team = teams[account.account.id]
        for name, steps in random.sample(_WORK, k=6 if account.first else random.randint(0, 3)):
            # The first client shows every state that the Overview can.
            shown = (TaskState.PLANNED, TaskState.IN_PROGRESS)
            states = shown if account.first else _STATES
            tasks.append((_task(ctx, account, team, name, random.choice(states), random), steps))
    keys = saving.add_tasks(ctx, [task for task, _steps in tasks])
    for task, steps in tasks:
        if steps:
            saving.set_subtasks(ctx, keys[task.public_id], steps, steps[:1])


def _task(
    ctx: Context,
    account: DemoAccount,
    team: Mapping[int, str],
    name: str,
    state: TaskState,
    random: Random,
) -> Task:
    day = ctx.today + timedelta(
        days=random.randint(-6, 40) if state.open else -random.randint(1, 90)
    )
    due = day if random.random() < 0.85 else None
    repeats = _REPEATS.get(name, Repeat.NEVER) if due and state.open else Repeat.NEVER
    members = random.sample(sorted(team), k=min(len(team), random.choice((1, 1, 1, 2))))
    return Task(
        id=0,
        public_id=new_public_id(),
        account_id=account.account.id,
        account=account.account.name,
        account_public_id=account.account.public_id,
        name=name,
        description="",
        state=state,
        priority=random.choice((Priority.NORMAL, Priority.NORMAL, Priority.HIGH, Priority.LOW)),
        starts=None,
        due=due,
        maker_id=members[0] if members else ctx.viewer.member_id,
        created=ctx.now,
        version=1,
        assignees={member: team[member] for member in members},
        repeats=repeats,
        first_due=due if repeats else None,
    )
