"""The languages in which the software speaks, each under its code and by its own name."""

LANGUAGES = {"en": "English", "nl": "Nederlands"}

ENGLISH = "en"
"""The language in which texts are written in the code."""
