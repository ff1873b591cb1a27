"""The texts of this plugin are in its own catalogue."""

from crm_core.words import words_of

_ = words_of("notes")
