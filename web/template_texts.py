"""Texts in templates: `_("Save")` means the catalogue of whoever wrote that template.

A page of a plugin is drawn with blocks and macros of the shell, and each has its own texts. So the
catalogue is settled where a template is compiled, not where it is drawn: `_("Save")` becomes
`_said("notes", "Save")`. `_(...)` of anything but a text written there shows that value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2.ext import Extension
from jinja2.lexer import Token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jinja2.lexer import TokenStream

SAID = "_said"
COUNTED = "_counted"
_WRITTEN = {"_": SAID, "_n": COUNTED}


def texts_of_templates(own: Path) -> type[Extension]:
    """The extension of an environment whose templates are those of the shell in `own`, and under
    each plugin's name that plugin's.
    """

    class TextsOfTemplates(Extension):
        def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
            name = stream.name or ""
            domain = "web" if (own / name).is_file() else name.partition("/")[0]
            for token in stream:
                if not _begins_text(token, stream):
                    yield token
                    continue
                yield Token(token.lineno, "name", _WRITTEN[token.value])
                yield next(stream)
                yield Token(token.lineno, "string", domain)
                yield Token(token.lineno, "comma", ",")

    return TextsOfTemplates


def _begins_text(token: Token, stream: TokenStream) -> bool:
    """Whether `_("` or `_n("` stands here; the stream is after the token."""
    return (
        token.type == "name"
        and token.value in _WRITTEN
        and stream.current.type == "lparen"
        and stream.look().type == "string"
    )
