"""The texts of this plugin are in its own catalogue."""

from crm_core import counted_words_of, words_of

_ = words_of("tasks")
_n = counted_words_of("tasks")
