"""Highlights code by Pygments, which is imported with the first code in a language it knows. Pure."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from roadtui.core.styled_text import Look, TextSpan, merged

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_MOST_CHARACTERS = 20_000
"""Longer code is shown plain."""


def highlighted(code: str, language: str) -> tuple[TextSpan, ...]:
    """`code` with its keywords, literals and comments marked; plain in a language that is not known."""
    lexer = _lexer(language.lower()) if language and len(code) <= _MOST_CHARACTERS else None
    if lexer is None:
        return (TextSpan(code),)
    from pygments.token import Comment, Keyword, Literal  # With the first highlighted code.

    looks = ((Comment, Look.REMARK), (Keyword, Look.KEYWORD), (Literal, Look.LITERAL))
    return tuple(
        merged(
            TextSpan(text, next((look for kind, look in looks if token in kind), Look.PLAIN))
            for _, token, text in lexer.get_tokens_unprocessed(code)
        )
    )


@cache
def _lexer(language: str) -> Lexer | None:
    """The lexer for `language`. Only those that Pygments ships: plugins would be looked for on the disk."""
    from pygments.lexers import LEXERS  # With the first block of code that names a language.

    for name, (module, _, aliases, _, _) in LEXERS.items():
        if language in aliases:
            lexer: Lexer = getattr(import_module(module), name)()
            return lexer
    return None
