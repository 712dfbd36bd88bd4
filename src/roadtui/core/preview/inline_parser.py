"""Reads inline Markdown into styled text: CommonMark by markdown-it, and what Obsidian adds to it. Pure.

Comments and block ids are left out, formulas stay as written, images become labels; no file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from roadtui.core.patterns import LazyPattern
from roadtui.core.preview.blocks import Look, TextSpan, merged
from roadtui.core.tasks.tags import find_tags

_MOST_CHARACTERS = 4_000
"""Longer text is parsed in pieces, so that no construct is looked for to the end of a book."""
_MOST_BRACKETS = 200
"""A piece with more of them is shown as written: markdown-it takes quadratic time for open brackets."""

_IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".avif", ".excalidraw")
_FILE_SUFFIXES = (*_IMAGE_SUFFIXES, ".pdf", ".mp3", ".wav", ".m4a", ".ogg", ".flac", ".mp4", ".webm", ".mov")

_WIKILINK = LazyPattern(r"!?\[\[(?!\[)((?:[^\[\]\n]|\](?!\])|\[(?!\[))+)\]\]")
_FORMULA = LazyPattern(r"\$\$.+?\$\$|\$(?=[^\s$])(?:\\.|[^$\\\n])+(?<!\s)\$(?![0-9])", re.DOTALL)
_FOOTNOTE = LazyPattern(r"\[\^([^\s\[\]]+)\]")
_INLINE_FOOTNOTE = LazyPattern(r"\^\[([^\[\]]+)\]")
_BLOCK_ID = LazyPattern(r"(?:^|[ \t])\^[A-Za-z0-9-]+[ \t]*$")
_SIZE = LazyPattern(r"\d+(?:x\d+)?$")
_LINE_BREAK = LazyPattern(r"<br\s*/?>", re.IGNORECASE)
_is_address = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//").match


class InlineText(NamedTuple):
    """The text of one block."""

    spans: tuple[TextSpan, ...]
    links: tuple[str, ...]
    """The targets of the links in it that lead to notes."""


def add_inline_rules(md: MarkdownIt) -> None:
    """Have `md` read what Obsidian adds to inline Markdown."""
    for rule in (_comment, _wikilink, _footnote, _inline_footnote, _formula, _highlight):
        md.inline.ruler.before("link", rule.__name__.strip("_"), rule)


def parse_inline(text: str, md: MarkdownIt, env: dict[str, Any]) -> InlineText:
    """The spans of `text`. `env` holds the definitions of reference links."""
    text = _BLOCK_ID.sub("", text)
    links: list[str] = []
    spans: list[TextSpan] = []
    for piece in _pieces(text):
        if piece.count("[") > _MOST_BRACKETS:
            spans.append(TextSpan(piece))
            continue
        tokens: list[Token] = []
        md.inline.parse(piece, md, env, tokens)
        spans += _Flattener(tokens, links).spans()
    return InlineText(tuple(merged(spans)), tuple(links))


def _pieces(text: str) -> Iterator[str]:
    while len(text) > _MOST_CHARACTERS:
        cut = text.rfind(" ", _MOST_CHARACTERS // 2, _MOST_CHARACTERS) + 1 or _MOST_CHARACTERS
        yield text[:cut]
        text = text[cut:]
    yield text


# The rules. Each looks at `state.src[state.pos:]` and takes what is its own.


def _take(state: StateInline, silent: bool, kind: str, end: int, **meta: Any) -> bool:
    if not silent:
        token = state.push(kind, "", 0)
        token.content = state.src[state.pos : end]
        token.meta = meta
    state.pos = end
    return True


def _comment(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("%%", state.pos):
        return False
    end = state.src.find("%%", state.pos + 2)
    return end >= 0 and _take(state, silent, "comment", end + 2)


def _wikilink(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "![" or not (found := _WIKILINK.match(state.src, state.pos)):
        return False
    target, _, alias = found[1].partition("|")
    target = target.removesuffix("\\").strip() or found[1].strip()
    is_embed = found[0].startswith("!")
    return _take(state, silent, "wikilink", found.end(), target=target, alias=alias.strip(), embed=is_embed)


def _footnote(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("[^", state.pos) or not (found := _FOOTNOTE.match(state.src, state.pos)):
        return False
    return _take(state, silent, "footnote", found.end(), text=f"[{found[1]}]")


def _inline_footnote(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("^[", state.pos) or not (
        found := _INLINE_FOOTNOTE.match(state.src, state.pos)
    ):
        return False
    return _take(state, silent, "footnote", found.end(), text=f" [{found[1].strip()}]")


def _formula(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$" or not (found := _FORMULA.match(state.src, state.pos)):
        return False
    return _take(state, silent, "formula", found.end())


def _highlight(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith("==", state.pos):
        return False
    return _take(state, silent, "highlight", state.pos + 2)


# From tokens to spans.

_OPENS = {"strong": Look.STRONG, "em": Look.EMPHASIS, "s": Look.STRUCK}


class _Flattener:
    """Makes spans of the tokens of one text, and adds the targets of its links to `links`."""

    def __init__(self, tokens: list[Token], links: list[str]) -> None:
        self._tokens = tokens
        self._links = links
        self._look = Look.PLAIN
        self._link = -1
        self._address = ""
        self._highlights = _paired_highlights(tokens)

    def spans(self) -> Iterator[TextSpan]:
        text = ""
        for at, token in enumerate(self._tokens):
            if token.type in ("text", "text_special"):
                text += token.content
                continue
            if text:
                yield from self._prose(text)
                text = ""
            yield from self._span(at, token)
        if text:
            yield from self._prose(text)

    def _span(self, at: int, token: Token) -> Iterator[TextSpan]:
        kind, _, step = token.type.rpartition("_")
        if kind in _OPENS:
            self._look = self._look | _OPENS[kind] if step == "open" else self._look & ~_OPENS[kind]
        elif token.type in ("softbreak", "hardbreak"):
            yield self._styled("\n")
        elif token.type in ("code_inline", "formula"):
            yield self._styled(token.content, Look.CODE)
        elif token.type == "footnote":
            yield self._styled(token.meta["text"], Look.QUIET)
        elif token.type == "wikilink":
            yield from self._wikilink(**token.meta)
        elif token.type == "highlight":
            if at in self._highlights:
                self._look ^= Look.HIGHLIGHT
            else:
                yield from self._prose(token.content)
        elif token.type == "link_open":
            self._open_link(str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            self._look &= ~(Look.FOLLOWED | Look.ADDRESS)
            self._link = -1
        elif token.type == "image":
            yield self._image(str(token.attrs.get("src", "")), token.content)
        elif token.type == "html_inline":
            yield from self._html(token.content)

    def _styled(self, text: str, look: Look = Look.PLAIN, link: int | None = None) -> TextSpan:
        return TextSpan(text, self._look | look, self._link if link is None else link)

    def _prose(self, text: str) -> Iterator[TextSpan]:
        """`text` with its tags marked."""
        at = 0
        if "#" in text and self._link < 0:
            for tag in find_tags(text):
                if tag.start > at:
                    yield self._styled(text[at : tag.start])
                yield self._styled(tag.text, Look.TAG)
                at = tag.end
        if at < len(text):
            yield self._styled(text[at:])

    def _open_link(self, href: str) -> None:
        if not href or _is_address(href):
            self._look |= Look.ADDRESS
        else:
            self._look |= Look.FOLLOWED
            self._link = self._new_link(_decoded(href))

    def _new_link(self, target: str) -> int:
        self._links.append(target)
        return len(self._links) - 1

    def _wikilink(self, target: str, alias: str, embed: bool) -> Iterator[TextSpan]:
        name = target.partition("#")[0]
        if embed and name.lower().endswith(_FILE_SUFFIXES):
            yield self._image(name, "" if _SIZE.match(alias) else alias)
            return
        if embed:
            yield self._styled("embed: ", Look.QUIET)
        yield self._styled(alias or _target_words(target), Look.FOLLOWED, self._new_link(target))

    def _image(self, source: str, alt: str) -> TextSpan:
        name = _decoded(source).rpartition("/")[2] or source
        kind = "image" if name.lower().endswith(_IMAGE_SUFFIXES) or "." not in name else "file"
        alt = alt.partition("|")[0].strip()
        if source.startswith("data:"):
            name = "embedded"
        return self._styled(f"{kind}: {name} ({alt})" if alt else f"{kind}: {name}", Look.QUIET)

    def _html(self, tag: str) -> Iterator[TextSpan]:
        if _LINE_BREAK.match(tag):
            yield self._styled("\n")
        elif not tag.startswith("<!--"):
            yield self._styled(tag, Look.QUIET)


def _paired_highlights(tokens: Iterable[Token]) -> set[int]:
    """The tokens `==` that open or close a highlight; the last of an odd number is text."""
    found = [at for at, token in enumerate(tokens) if token.type == "highlight"]
    return set(found[: len(found) // 2 * 2])


def _target_words(target: str) -> str:
    """`note › heading`, as Obsidian shows a link without an alias; the name alone of a block."""
    name, _, part = target.partition("#")
    parts = [one for one in part.split("#") if one and not one.startswith("^")]
    return " › ".join([name, *parts] if name else parts) or target


def _decoded(href: str) -> str:
    try:
        return unquote(href, errors="strict")
    except UnicodeDecodeError:
        return href
