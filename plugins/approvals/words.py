"""The texts of approvals are in this plugin's own catalogue."""

from crm_core import counted_words_of, words_of

_ = words_of("approvals")
_n = counted_words_of("approvals")
