"""The texts of the shell are in its own catalogue."""

from crm_core.words import words_of

_ = words_of("web")
