"""The texts of the shell are in its own catalogue."""

from crm_core.words import counted_words_of, words_of

_ = words_of("web")
_n = counted_words_of("web")
