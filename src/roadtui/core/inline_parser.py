"""Reads inline Markdown into styled text: CommonMark, and what Obsidian adds to it. Pure; linear in the text.

The one reader of all that is shown of it, in rows and in the preview. Comments and block ids are left out,
formulas stay as written, images become labels; no file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote

from roadtui.core.emphasis import DelimiterRun, Emphasis, pair_delimiters
from roadtui.core.inline import Construct, Inline, constructs, masked
from roadtui.core.patterns import LazyPattern
from roadtui.core.styled_text import Look, TextSpan
from roadtui.core.tasks.tags import find_tags

_IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif", ".excalidraw")
_FILE_SUFFIXES = (*_IMAGE_SUFFIXES, ".pdf", ".mp3", ".wav", ".m4a", ".ogg", ".flac", ".mp4", ".webm", ".mov")

_PROSE = LazyPattern(
    r"""
      (?P<run>\*+|_+|(?<!~)~~(?!~)|(?<!=)==(?!=))
    | (?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)
    | (?P<break>\\?\n[ \t]*)
    | (?P<footnote>\[\^[^\s\[\]]+\])
    | (?P<address>(?<![A-Za-z0-9])(?:https?://|www\.)[^\s<]*[^\s<?!.,:*_~=)'"])
    """,
    re.VERBOSE,
)
"""What has a meaning in the text around constructs."""
_REFERENCE = LazyPattern(r"(?P<embed>!)?\[(?P<words>[^\[\]]+)\](?:\[(?P<label>[^\[\]]*)\])?")
_BLOCK_ID = LazyPattern(r"(?:^|[ \t])\^[A-Za-z0-9-]+[ \t]*$")
_SIZE = LazyPattern(r"\d+(?:x\d+)?$")
_LINE_BREAK = LazyPattern(r"<br\s*/?>", re.IGNORECASE)
_ESCAPED = LazyPattern(r"\\([!-/:-@\[-`{-~])")
_BEFORE_TAG = "*_~="
"""The delimiters that may stand right before a tag, as white space does."""
_is_address = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//").match
_hint = re.compile(r"[`<%$\\*_~\[&#\n]|==|\^\[|://|www\.").search

NO_REFERENCES: Mapping[str, str] = MappingProxyType({})


class InlineText(NamedTuple):
    """The text of one block."""

    spans: tuple[TextSpan, ...]
    links: tuple[str, ...]
    """The targets of the links in it that lead to notes."""


def parse_inline(text: str, references: Mapping[str, str] = NO_REFERENCES) -> InlineText:
    """The spans of `text`, a block of one or more lines.

    `references`: the targets of reference links by their label, as `reference_key` gives it.
    """
    if "^" in text:
        text = _BLOCK_ID.sub("", text)
    if _hint(text) is None:
        return InlineText((TextSpan(text, source=0),) if text else (), ())
    return _InlineReader(text, references).read()


def reference_key(label: str) -> str:
    """The key by which CommonMark compares labels of reference links."""
    return " ".join(label.split()).casefold()


class _Piece(NamedTuple):
    """A piece of the text before its delimiters are paired."""

    start: int
    span: TextSpan
    run: DelimiterRun | None = None
    """The delimiters that it is made of; those left over are text."""


class _InlineReader:
    """Reads one text."""

    def __init__(self, text: str, references: Mapping[str, str]) -> None:
        self._text = text
        found = [*constructs(text), *(_reference_links(text, references) if references else ())]
        found.sort(key=lambda one: (one.start, -one.end))
        self._constructs = found
        self._next = 0
        self._pieces: list[_Piece] = []
        self._emphases: list[Emphasis] = []
        self._links: list[str] = []
        self._look = Look.PLAIN
        """The look of the link that is being read."""
        self._link = -1

    def read(self) -> InlineText:
        """The spans of the text."""
        self._read_range(0, len(self._text))
        return InlineText(tuple(self._spans()), tuple(self._links))

    def _read_range(self, start: int, end: int) -> None:
        """Read the whole text, or that of a link: delimiters in it are paired with each other only."""
        runs: list[DelimiterRun] = []
        at = start
        while self._next < len(self._constructs) and (one := self._constructs[self._next]).start < end:
            self._next += 1
            if one.start < at:
                continue  # Inside the one before it.
            self._read_prose(at, one.start, runs)
            at = one.end
            self._read_construct(one)
        self._read_prose(at, end, runs)
        self._emphases += pair_delimiters(runs)

    # Constructs

    def _read_construct(self, one: Inline) -> None:
        written = self._text[one.start : one.end]
        if one.kind is Construct.ESCAPE:
            self._add(one.start + 1, written[1])
        elif one.kind is Construct.CODE:
            self._read_code(one, written)
        elif one.kind is Construct.FORMULA:
            self._add(one.start, written, Look.CODE)
        elif one.kind is Construct.WIKILINK:
            self._read_wikilink(one)
        elif one.kind is Construct.LINK and one.embed:
            self._add_label(one.start, one.target, self._text[one.start + 2 : one.text_end])
        elif one.kind is Construct.LINK:
            self._read_link(one)
        elif one.kind is Construct.FOOTNOTE:
            self._add(one.start, f" [{written[2:-1].strip()}]", Look.QUIET, is_written=False)
        elif one.kind is Construct.HTML:
            self._read_html(one.start, written)

    def _read_code(self, one: Inline, written: str) -> None:
        marks = len(written) - len(written.lstrip("`"))
        code = written[marks:-marks].replace("\n", " ")
        if code.strip() and code[0] == code[-1] == " ":
            self._add(one.start + marks + 1, code[1:-1], Look.CODE)
        else:
            self._add(one.start + marks, code, Look.CODE)

    def _read_html(self, start: int, written: str) -> None:
        inner = written[1:-1]
        if _LINE_BREAK.match(written):
            self._add(start, "\n", is_written=False)
        elif _is_address(inner) or ("@" in inner and not re.search(r"[\s\"'=]", inner)):
            self._add(start + 1, inner, Look.ADDRESS)
        else:
            self._add(start, written, Look.QUIET)

    def _read_wikilink(self, one: Inline) -> None:
        target, written = one.target, self._text[one.start : one.end]
        alias_at = written.find("|") + 1
        alias = written[alias_at:-2].strip() if alias_at else ""
        name = target.partition("#")[0]
        if one.embed and name.lower().endswith(_FILE_SUFFIXES):
            self._add_label(one.start, name, "" if _SIZE.match(alias) else alias)
            return
        if one.embed:
            self._add(one.start, "embed: ", Look.QUIET, is_written=False)
        link = self._new_link(target)
        if alias:
            self._add(one.start + written.index(alias, alias_at), alias, Look.FOLLOWED, link=link)
            return
        for text, at in _target_words(target, one.start + written.index(target)):
            self._add(max(at, one.start), text, Look.FOLLOWED, link=link, is_written=at >= 0)

    def _read_link(self, one: Inline) -> None:
        target = _ESCAPED.sub(r"\1", one.target)
        if not target or _is_address(target):
            self._look = Look.ADDRESS
        else:
            self._look = Look.FOLLOWED
            self._link = self._new_link(_decoded(target))
        if self._text[one.start + 1 : one.text_end].strip():
            self._read_range(one.start + 1, one.text_end)
        else:
            self._add(one.start, target, is_written=False)
        self._look, self._link = Look.PLAIN, -1

    def _new_link(self, target: str) -> int:
        self._links.append(target)
        return len(self._links) - 1

    def _add_label(self, start: int, source: str, alt: str) -> None:
        """Add what stands for an image or another file."""
        name = _decoded(source).rpartition("/")[2] or source
        kind = "image" if name.lower().endswith(_IMAGE_SUFFIXES) or "." not in name else "file"
        alt = alt.partition("|")[0].strip()
        if source.startswith("data:"):
            name = "embedded"
        self._add(
            start, f"{kind}: {name} ({alt})" if alt else f"{kind}: {name}", Look.QUIET, is_written=False
        )

    # The text around them

    def _read_prose(self, start: int, end: int, runs: list[DelimiterRun]) -> None:
        at = start
        for found in _PROSE.finditer(self._text, start, end):
            kind, begin = found.lastgroup, found.start()
            before = self._text[at:begin]
            self._add_words(at, before.rstrip(" \t") if kind == "break" else before)
            at = found.end()
            if kind == "run":
                run = DelimiterRun(self._text, begin, at)
                runs.append(run)
                self._pieces.append(_Piece(begin, TextSpan("", self._look, self._link), run))
            elif kind == "break":
                self._add(begin, "\n", is_written=False)
            elif kind == "entity":
                from html import unescape  # For the few texts that have one; its table is large.

                self._add(begin, unescape(found[0]), is_written=False)
            elif kind == "footnote":
                self._add(begin, f"[{found[0][2:-1]}]", Look.QUIET, is_written=False)
            else:
                self._add(begin, found[0], Look.PLAIN if self._look else Look.ADDRESS)
        self._add_words(at, self._text[at:end])

    def _add_words(self, start: int, words: str) -> None:
        """Add text with its tags marked."""
        at = 0
        if "#" in words and self._link < 0:
            for tag in find_tags(words):
                char_before = self._text[start - 1 : start]
                if tag.start or not char_before.strip() or char_before in _BEFORE_TAG:
                    self._add(start + at, words[at : tag.start])
                    self._add(start + tag.start, tag.text, Look.TAG)
                    at = tag.end
        self._add(start + at, words[at:])

    def _add(
        self,
        start: int,
        text: str,
        look: Look = Look.PLAIN,
        *,
        link: int | None = None,
        is_written: bool = True,
    ) -> None:
        """Add text that begins at `start`, where it is written like this unless `is_written` is false."""
        if text:
            link = self._link if link is None else link
            span = TextSpan(text, self._look | look, link, start if is_written else -1)
            self._pieces.append(_Piece(start, span))

    def _spans(self) -> Iterator[TextSpan]:
        """The pieces with the looks of the delimiters around them."""
        changes = [(one.start, 1, one.look) for one in self._emphases]
        changes += [(one.end, -1, one.look) for one in self._emphases]
        changes.sort()
        depths = dict.fromkeys((Look.STRONG, Look.EMPHASIS, Look.STRUCK, Look.HIGHLIGHT), 0)
        look, done = Look.PLAIN, 0
        for piece in self._pieces:
            start, span = piece.start, piece.span
            if piece.run is not None:
                start = piece.run.start
                span = span._replace(text=self._text[start : piece.run.end], source=start)
            while done < len(changes) and changes[done][0] <= start:
                _, step, changed = changes[done]
                depths[changed] += step
                look = look | changed if depths[changed] else look & ~changed
                done += 1
            if span.text:
                yield span._replace(look=span.look | look)


def _reference_links(text: str, references: Mapping[str, str]) -> Iterator[Inline]:
    """The reference links of `text`: `[text][label]`, `[label][]`, `[label]`."""
    for found in _REFERENCE.finditer(masked(text)):
        start, text_end = found.start(), found.end("words")
        label = text[slice(*found.span("label"))] if found["label"] else text[slice(*found.span("words"))]
        target = references.get(reference_key(label))
        if target is not None:
            is_embed = found["embed"] is not None
            yield Inline(Construct.LINK, start, found.end(), target, is_embed, text_end=text_end)


def _target_words(target: str, start: int) -> Iterator[tuple[str, int]]:
    """The pieces of `note > heading`, as Obsidian shows a link without an alias, and where they are written.

    `start`: where the target is. -1 is for what is not written. Of a block only the note is shown.
    """
    at, is_first = 0, True
    for part in target.split("#"):
        if part and not (at and part.startswith("^")):
            if not is_first:
                yield " > ", -1
            yield part, start + at
            is_first = False
        at += len(part) + 1
    if is_first:
        yield target, start


def _decoded(href: str) -> str:
    try:
        return unquote(href, errors="strict")
    except UnicodeDecodeError:
        return href
