"""The texts of this plugin are in its own catalogue."""

from crm_core import words_of

_ = words_of("clamd")
