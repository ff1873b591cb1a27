"""The texts of documents are in this plugin's own catalogue."""

from crm_core import counted_words_of, words_of

_ = words_of("documents")
_n = counted_words_of("documents")
