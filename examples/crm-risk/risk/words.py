"""The texts, rights and events of this plugin."""

from crm_core import Event, Permission, words_of

_ = words_of("risk")

READ = Permission(
    name="risk.read",
    title=_("Read risk ratings"),
    description=_("See how the clients that one may see are rated."),
    for_everyone=True,
)
WRITE = Permission(
    name="risk.rate", title=_("Rate risks"), description=_("Rate the risk of clients.")
)
RATED = Event(
    name="risk.client_rated", title=_("Risk of the client rated"), parts={"level": _("level")}
)

LEVELS = {"low": _("Low"), "normal": _("Normal"), "high": _("High")}
TONES = {"low": "good", "normal": "plain", "high": "bad"}
