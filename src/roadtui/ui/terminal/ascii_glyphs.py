"""Stand-ins in ASCII for the signs that the program draws, for terminals and fonts that have no others.

Each stand-in is as wide as its sign, so that no column moves. Letters of notes are left as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

_STAND_INS = {
    # Status, as it is written in a note.
    "○": "o",
    "◐": "/",
    "●": "x",
    "⊘": "-",
    "◌": "?",
    "⊙": "@",
    "✓": "x",
    "✗": "!",
    # Rows, folds and marks.
    "▾": "v",
    "▸": ">",
    "▌": "|",
    "│": "|",
    "┗": "`",
    "▏": "|",
    "≡": "=",
    "§": "#",
    "⌂": "^",
    "↗": ">",
    "↻": "%",
    "•": "*",
    "◆": "*",
    "⏸": "=",
    # Arrows and keys.
    "→": ">",
    "←": "<",
    "↑": "^",
    "↓": "v",
    "↕": "|",
    "⇈": "^",
    "⇊": "v",
    "⇧": "^",
    "⏎": "<",
    # Bars and charts.
    "━": "=",
    "╸": "+",
    "╾": "+",
    "╍": "~",
    "─": "-",
    "■": "#",
    "▀": '"',
    "▁": "_",
    "▂": "_",
    "▃": ".",
    "▄": "-",
    "▅": "=",
    "▆": "+",
    "▇": "#",
    "█": "#",
    "░": ".",
    "▒": ":",
    "▓": "%",
    # Punctuation.
    "…": "~",
    "·": ".",
    "›": ">",
    "‹": "<",
    "×": "x",
    "≥": ">",
    "−": "-",
    "–": "-",
    "—": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "¶": "P",
    # Control characters of notes, and what cannot be shown.
    "␤": "?",
    "␡": "?",
    "␛": "?",
    "\ufffd": "?",
}
_BRAILLE = range(0x2800, 0x2900)
_UPPER_DOTS = 0b0001_1011
"""The bits of the upper two rows of dots."""


def _of_braille(dots: int) -> str:
    """The stand-in for the pattern of these dots, by where most of them are."""
    if not dots:
        return " "
    upper, lower = bool(dots & _UPPER_DOTS), bool(dots & ~_UPPER_DOTS)
    if dots.bit_count() > 4:
        return "#"
    return ":" if upper and lower else "'" if upper else "."


ASCII_GLYPHS: Mapping[int, str] = {
    **{ord(sign): stand_in for sign, stand_in in _STAND_INS.items()},
    **{code: _of_braille(code - _BRAILLE.start) for code in _BRAILLE},
}
"""For `str.translate`."""
