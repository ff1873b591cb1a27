"""The names of the work that the core itself leaves to the worker, and what people call it."""

from crm_core.words import _

NOTICE = "core.notice"
"""What the outbox calls that somebody is to be told something."""

TELL_CLIENTS = "core.tell_clients"
TELL_STAFF = "core.tell_staff"
DAILY_MAIL = "core.daily_mail"
REMIND = "core.remind"
FORGET = "core.forget_notices"
SWEEP_FILES = "core.sweep_files"

TITLES = {
    TELL_CLIENTS: _("Mails to clients"),
    TELL_STAFF: _("Mails to colleagues"),
    DAILY_MAIL: _("Daily mails to colleagues"),
    REMIND: _("Reminders to clients"),
    FORGET: _("Old notifications"),
    SWEEP_FILES: _("Files that belong to nothing"),
}
