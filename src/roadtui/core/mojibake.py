"""Finds and repairs mojibake: `üìö` was `📚` before a program decoded its UTF-8 as Mac Roman.

Text is shown repaired and stays as it is on disk until the user asks for a repair (`doctor --fix`). Correct
text must never change. So only what survives a strict round trip is repaired:

- The characters, written in the wrong code page, are whole UTF-8 characters, byte for byte.
- They are symbols, emoji or typographic marks (`’`, `…`). Accented letters stay as they are, since correct
  French such as `’é` is valid UTF-8 by accident. So do symbols of two bytes (`Â°`, `¬±`), except `©️` and `®️`.
- A single symbol of three bytes is weak evidence. It stays where the characters may be the end of a word
  (`“Mevlânâ”—` would hold a `┗`) or the start of a quotation (Estonian `‚öö‘` would be a `⚚`).

Pure, and called for every row on screen: text without a suspicious character returns at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from unicodedata import category

from roadtui.core.patterns import LazyPattern


class Mojibake(NamedTuple):
    """One garbled symbol, or a run of them."""

    span: tuple[int, int]
    """Index of its first character in the text, and the index after its last."""
    repaired: str
    """The original symbols."""


def repair(text: str) -> str:
    """`text` with its garbled symbols repaired; the same object if it has none. Never raises."""
    found = find_garbled(text)
    if not found:
        return text
    parts: list[str] = []
    at = 0
    for garbled in found:
        start, end = garbled.span
        parts += (text[at:start], garbled.repaired)
        at = end
    parts.append(text[at:])
    return "".join(parts)


def find_garbled(text: str) -> list[Mojibake]:
    """The garbled symbols of `text`, in order and without overlap."""
    if text.isascii() or not _SUSPICIOUS.search(text):
        return []
    candidates = [*_garbled_repeatedly(text), *_garbled_once(text)]
    candidates.sort(key=lambda garbled: garbled.span[0])
    found: list[Mojibake] = []
    for garbled in candidates:
        if not found or garbled.span[0] >= found[-1].span[1]:
            found.append(garbled)
    return found


_SUSPICIOUS = LazyPattern("[‚„\uf8ffÔ¬√âãðïÂÃ][^\x00-\x7f]")
"""How a garbled symbol begins: the bytes E2 E3 F0 EF C2 and, garbled twice, C3, in either code page."""

_NON_ASCII = LazyPattern("[^\x00-\x7f]+")

_EXTENDS = "[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
_CLUSTER = LazyPattern(
    f"\\A\ufe0f?\u20e3|[^\u200d\ufe0e\ufe0f]{_EXTENDS}*(?:\u200d[^\u200d]{_EXTENDS}*)*|.", re.DOTALL
)
"""A symbol with its selectors, skin tones, tags and joined symbols, or the part of `1️⃣` after its digit."""

_OTHER_EMOJI = "ℹ〰〽"
"""Emoji that Unicode counts as a letter or as punctuation."""

_CLOSING = {"‚": "‘’", "„": "“”"}
_QUOTATION = 200
"""The most characters of a quotation, within which its end is searched."""


class _CodePage(NamedTuple):
    """A code page as which UTF-8 was wrongly decoded."""

    byte_of: dict[str, int]
    """The byte, 80 to FF, of each character. Several characters may have the same byte."""
    symbols: re.Pattern[str]
    """Characters whose bytes are well-formed UTF-8 of the lengths and blocks that symbols have."""

    def decode(self, garbled: str) -> str | None:
        """The original of `garbled`; None where a character has no byte or the bytes are not UTF-8."""
        try:
            return bytes(map(self.byte_of.__getitem__, garbled)).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            return None


@cache
def _code_pages() -> tuple[_CodePage, ...]:
    """The code pages, built for the first suspicious text; most vaults have none.

    Windows-1252 and Latin-1 are one page. They differ only in 80 to 9F, and the web's Windows-1252 (WHATWG)
    takes Latin-1 for the five bytes undefined there: the two are mixed even within one garbled `⚙️`.
    """
    mac_roman = {byte: bytes([byte]).decode("mac_roman") for byte in range(0x80, 0x100)}
    mac_roman[0xBD] += "\N{OHM SIGN}"  # Some tables have it in place of omega.
    windows = {byte: chr(byte) for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        windows[byte] += bytes([byte]).decode("cp1252", "ignore")
    return _code_page(mac_roman), _code_page(windows)


def _code_page(chars: dict[int, str]) -> _CodePage:
    """The code page on which the byte `b` may be decoded as any of `chars[b]`."""

    def any_of(*bytes_: int) -> str:
        return "[" + "".join(chars[byte] for byte in bytes_) + "]"

    tail = any_of(*range(0x80, 0xC0))
    selector = any_of(0xEF) + any_of(0xB8) + any_of(0x8E, 0x8F)
    symbols = "|".join(
        (
            any_of(0xE2, 0xE3) + tail * 2,
            any_of(0xF0) + any_of(*range(0x90, 0xC0)) + tail * 2,
            selector,
            any_of(0xF3) + any_of(0xA0) + any_of(0x80, 0x81) + tail,  # tags, as in the flag of Scotland
            f"{any_of(0xC2)}{any_of(0xA9, 0xAE)}(?={selector})",
        )
    )
    byte_of = {char: byte for byte, alike in chars.items() for char in alike}
    return _CodePage(byte_of, re.compile(f"(?:{symbols})+"))


def _garbled_once(text: str) -> Iterator[Mojibake]:
    for page in _code_pages():
        last_end = -1
        for run in page.symbols.finditer(text):
            start = run.start()
            for cluster in _CLUSTER.finditer(page.decode(run.group()) or ""):
                repaired = cluster.group()
                end = start + len(repaired.encode())
                if _is_symbol(repaired, text[start - 1 : start]) and (
                    start == last_end or _is_proof(repaired) or not _may_be_correct(text, start, end)
                ):
                    yield Mojibake((start, end), repaired)
                    last_end = end
                start = end


def _garbled_repeatedly(text: str) -> Iterator[Mojibake]:
    """Symbols that were garbled twice or more: runs that decode to nothing but garbled symbols."""
    for page in _code_pages():
        for run in _NON_ASCII.finditer(text):
            decoded = page.decode(run.group())
            if decoded is None:
                continue
            symbols = find_garbled(decoded)
            if sum(end - start for start, end in (symbol.span for symbol in symbols)) == len(decoded):
                yield Mojibake(run.span(), "".join(symbol.repaired for symbol in symbols))


def _is_symbol(repaired: str, before: str) -> bool:
    """Whether a cluster after the character `before` is a symbol, an emoji or a typographic mark."""
    base = repaired[0]
    if base in "\ufe0f\u20e3":
        return repaired.endswith("\u20e3") and bool(before) and before in "0123456789#*"
    kind = category(base)
    return kind[0] == "S" or kind == "No" or base in _OTHER_EMOJI or _is_mark(base)


def _is_proof(repaired: str) -> bool:
    """Whether correct text cannot decode to this symbol by accident, whatever the text around it."""
    return len(repaired) > 1 or ord(repaired) > 0xFFFF or _is_mark(repaired)


def _is_mark(char: str) -> bool:
    """Whether `char` is a dash, quote, ellipsis, bullet or the like, to which no correct word decodes."""
    return "\u2010" <= char <= "\u205e" and category(char)[0] == "P"


def _may_be_correct(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` may be correct as it is: the end of a word or the start of a quotation."""
    before, after = text[start - 1 : start], text[end : end + 1]
    closing = _CLOSING.get(text[start])
    if closing is None:  # â or ã and two more
        return not before.isascii() or before.isalpha()
    if not text[start + 1 : end].isalpha() or before.isalnum():
        return False
    return after.isalpha() or any(char in closing for char in text[end : end + _QUOTATION])
