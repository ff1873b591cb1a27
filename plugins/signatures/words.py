"""The texts of signatures are in this plugin's own catalogue."""

from crm_core import counted_words_of, words_of

_ = words_of("signatures")
_n = counted_words_of("signatures")
