"""The card, the page and the hits of this plugin."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from crm_core import (
    Audience,
    Choice,
    Context,
    Form,
    Fragment,
    Hit,
    Input,
    Item,
    NotificationType,
    Page,
    Redirect,
    Refused,
    State,
    To,
    Words,
    audit,
    demand,
    item_list,
    may,
    notify,
)
from crm_core import (
    ask as asked_for,
)
from crm_core.accounts import Account
from risk import store
from risk.words import LEVELS, RATED, TONES, WRITE, _

ON_OVERVIEW = 5

HIGH = NotificationType(
    name="risk.high",
    title=_("High risk"),
    help=_("A client that you follow was rated as a high risk."),
    audience=Audience.STAFF,
)


@frozen
class NewRating:
    """A rating to be stored."""

    level: str = asked_for(
        _("Risk"),
        input=Input.CHOICE,
        choices=tuple(Choice(value=level, label=words) for level, words in LEVELS.items()),
    )
    reason: str = asked_for(_("Why"), help=_("One line that an inspector will understand."))


def latest(ctx: Context, account: Account) -> Fragment:
    """The last ratings of the client."""
    page = To("risk.rate", {"account": account.public_id})
    items = [
        Item(
            what=rating.reason,
            when=rating.at,
            state=State(word=LEVELS[rating.level], tone=TONES[rating.level]),
            to=page if may(ctx, WRITE) else None,
        )
        for rating in store.ratings(ctx, account.id, ON_OVERVIEW)
    ]
    start = (page, _("Rate the risk")) if may(ctx, WRITE) else None
    return item_list(items, empty=_("The risk of this client is not rated yet."), start=start)


def ask(ctx: Context, account: Account, form: Form[NewRating]) -> Page:
    """The page that rates a client."""
    return Page("risk/rate.html", _("Risk"), {"form": form})


def rate(ctx: Context, account: Account, value: NewRating) -> Redirect:
    """Stores the rating, tells the history, and shows the profile."""
    demand(ctx, WRITE)
    if value.level not in LEVELS:
        raise Refused(_("Choose one of the levels."), at="level")
    store.add_rating(ctx, account.id, value.level, value.reason)
    audit.record(ctx, RATED, account_id=account.id, after={"level": value.level})
    if value.level == "high":
        what = _("The risk is high: {reason}", reason=value.reason)
        to = To("shell.overview", {"account": account.public_id})
        notify.tell_staff(ctx, HIGH, account, what, to, key=account.public_id)
    return Redirect(To("shell.overview", {"account": account.public_id}), _("The risk is rated."))


def levels(ctx: Context, keys: Sequence[int]) -> Mapping[int, Words]:
    """The column of the list of clients."""
    return {key: LEVELS[level] for key, level in store.latest_levels(ctx, keys).items()}


def find(ctx: Context, text: str, limit: int) -> Sequence[Hit]:
    """Clients by the reason of a rating."""
    return [
        Hit(what=name, to=To("shell.overview", {"account": public_id}), about=(reason,))
        for name, public_id, reason in store.with_reason(ctx, text, limit)
    ]
