"""Makes blocks of the lines of a note: CommonMark and tables by markdown-it, tasks and callouts as Obsidian.

Pure, and meant for a thread: some 50,000 lines a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from roadtui.core.inline_parser import InlineText, parse_inline, reference_key
from roadtui.core.markdown.grammar import checkbox
from roadtui.core.patterns import LazyPattern
from roadtui.core.preview.blocks import Align, Block, BlockKind, Cell, Lead, LeadKind
from roadtui.core.preview.chunks import Chunk, ChunkText, NoteLines
from roadtui.core.preview.highlighting import highlighted
from roadtui.core.styled_text import Look, TextSpan, merged

_MOST_NESTED = 60
"""markdown-it drops what is nested deeper. A list item counts twice."""
_MOST_PROPERTIES = 40
_MOST_CELLS = 3_000
"""The most cells of a table that are shown."""

_CALLOUT = LazyPattern(r"\[!([^\[\]\n]+)\][+-]?[ \t]*([^\n]*)\n?")
_PROPERTY = re.compile(r"([^\s#:][^:]*):(?:[ \t]+(.*))?$")
_BLOCK_SIGN = re.compile(r"[|>][0-9+-]{0,2}(?:[ \t]+#.*)?")
"""After the name of a property whose value is a text of several lines (YAML 1.2, 8.1)."""

_ALIGNS = {"text-align:center": Align.CENTER, "text-align:right": Align.RIGHT}


class PreviewParser:
    """Parses the chunks of one note."""

    def __init__(self, note_lines: NoteLines) -> None:
        """Parse `note_lines`."""
        self.note_lines = note_lines
        self._references: dict[str, str] = {}
        """The targets of reference links by their label."""
        if note_lines.definitions:
            env: dict[str, Any] = {}
            _definition_reader().parse(note_lines.definitions, env)
            for label, definition in env.get("references", {}).items():
                self._references.setdefault(reference_key(label), definition["href"])

    def blocks(self, chunk: Chunk) -> tuple[Block, ...]:
        """The blocks of `chunk`."""
        if chunk.end <= self.note_lines.frontmatter_end:
            return tuple(_properties(self.note_lines.lines[chunk.start : chunk.end]))
        if len(chunk.context) > _MOST_NESTED // 2:
            text = self.note_lines.text_of(chunk._replace(context=()))
            blocks = list(_as_written(text))
        else:
            text = self.note_lines.text_of(chunk)
            tokens = _markdown().parse("\n".join(text.lines), {})
            if any(token.level >= _MOST_NESTED - 1 for token in tokens):
                blocks = list(_as_written(text))
            else:
                blocks = list(_BlockBuilder(self.note_lines, text, self._references).blocks(tokens))
        if text.lines_cut:
            sentence = TextSpan(f"… {text.lines_cut:,} more lines")
            at = chunk.end - text.lines_cut
            blocks.append(Block(BlockKind.NOTICE, at, chunk.end, (sentence,)))
        return tuple(blocks)


def _new_parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": _MOST_NESTED}).enable("table")
    # Targets stay as they are written: they are resolved in the vault, not opened.
    for name in ("normalizeLink", "normalizeLinkText"):
        setattr(md, name, str)
    md.validateLink = bool  # type: ignore[method-assign, assignment]
    return md


@cache
def _markdown() -> MarkdownIt:
    """Finds blocks; their text is parsed one by one."""
    md = _new_parser().disable("reference")
    md.core.ruler.enableOnly(["normalize", "block"])
    return md


@cache
def _definition_reader() -> MarkdownIt:
    return _new_parser()


def _properties(lines: Sequence[str]) -> Iterator[Block]:
    """A block for each property, a list or a text of several lines in one."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(lines[1:-1], 1):
        property = _PROPERTY.match(line)
        if property:
            found.append((number, property[1].strip(), [property[2] or ""]))
        elif found and line.strip():
            found[-1][2].append(line.strip().removeprefix("- "))
    ends = [number for number, _, _ in found[1:]] + [len(lines)]
    for (number, name, values), end in list(zip(found, ends, strict=False))[:_MOST_PROPERTIES]:
        is_text = _BLOCK_SIGN.fullmatch(values[0].strip()) is not None
        parts = values[1:] if is_text else map(_bare_value, values)
        value = (" " if is_text else ", ").join(part for part in parts if part)
        yield Block(BlockKind.PROPERTY, number, end, (TextSpan(value),), label=name)
    if len(found) > _MOST_PROPERTIES:
        sentence = TextSpan(f"… {len(found) - _MOST_PROPERTIES} more properties")
        yield Block(BlockKind.NOTICE, found[_MOST_PROPERTIES][0], len(lines), (sentence,))


def _bare_value(value: str) -> str:
    value = value.strip()
    for opening, closing in ("[]", '""', "''"):
        if len(value) > 1 and value[0] == opening and value[-1] == closing:
            return value[1:-1]
    return value


def _as_written(text: ChunkText) -> Iterator[Block]:
    """The lines of a chunk that is nested too deep."""
    for line, number in zip(text.lines, text.numbers, strict=True):
        if number >= 0 and line.strip():
            yield Block(BlockKind.PARAGRAPH, number, number + 1, (TextSpan(line.strip()),))


class _BlockBuilder:
    """Walks through the tokens of one chunk."""

    def __init__(self, note_lines: NoteLines, text: ChunkText, references: Mapping[str, str]) -> None:
        self._note_lines = note_lines
        self._text = text
        self._references = references
        self._leads: list[Lead] = []

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """The blocks of `tokens`, without those of the lines around the chunk."""
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
                yield from self._kept(*self._table(tokens[at:end], token))
                at = end
            elif token.type == "inline":
                yield from self._kept(*self._inline(token, tokens[at - 1]))
            elif token.type in ("fence", "code_block"):
                yield from self._kept(self._code(token))
            elif token.type == "html_block":
                if not token.content.lstrip().startswith("<!--"):
                    text = InlineText((TextSpan(token.content.rstrip("\n"), Look.QUIET),), ())
                    yield from self._kept(self._block(BlockKind.PARAGRAPH, token, text))
            elif token.type == "hr":
                yield from self._kept(self._block(BlockKind.RULE, token))
            else:
                yield from self._container(token, tokens[at + 1] if at + 1 < len(tokens) else token)
            at += 1

    def _kept(self, *blocks: Block) -> Iterator[Block]:
        for block in blocks:
            # Whatever comes next in the same list item stands below its marker.
            self._leads = [lead._replace(is_first=False) for lead in self._leads]
            if block.start >= 0:
                yield block

    def _container(self, token: Token, following: Token) -> Iterator[Block]:
        if token.type == "list_item_open":
            number = f"{token.info}{token.markup}"
            self._leads.append(Lead(LeadKind.NUMBER, number) if token.info else Lead(LeadKind.BULLET))
            if following.type == "list_item_close":
                yield from self._kept(self._block(BlockKind.PARAGRAPH, token))
        elif token.type == "blockquote_open":
            self._leads.append(Lead(LeadKind.QUOTE))
        elif token.type in ("list_item_close", "blockquote_close"):
            self._leads.pop()

    def _block(self, kind: BlockKind, token: Token, text: InlineText | None = None, **more: Any) -> Block:
        first, end = token.map or (0, 1)
        start = self._text.numbers[first]
        length = len("\n".join(self._text.lines[first:end]).rstrip().split("\n"))
        spans, links = text if text is not None else ((), ())
        return Block(
            kind, start, start + length, spans, tuple(self._leads), links, self._has_gap(kind, first), **more
        )

    def _has_gap(self, kind: BlockKind, first: int) -> bool:
        """Whether a blank line comes before the block that starts on line `first` of the chunk."""
        start = self._text.numbers[first]
        if start <= 0 or kind is BlockKind.HEADING or start == self._note_lines.frontmatter_end:
            return start > 0
        is_inside = first > 0 and self._text.numbers[first - 1] >= 0
        before = self._text.lines[first - 1] if is_inside else self._note_lines.lines[start - 1]
        return not before.strip("> \t")

    def _inline(self, token: Token, opening: Token) -> tuple[Block, ...]:
        content = token.content
        if opening.type == "heading_open":
            return (self._block(BlockKind.HEADING, token, self._parsed(content), level=int(opening.tag[1])),)
        if self._leads and self._leads[-1].is_first:
            if self._leads[-1].kind is LeadKind.QUOTE:
                if callout := _CALLOUT.match(content):
                    return self._callout(token, callout)
            elif box := checkbox(content):
                self._leads[-1] = Lead(LeadKind.TASK, box[1])
                content = content[box.end() :].lstrip(" ")
        return (self._block(BlockKind.PARAGRAPH, token, self._parsed(content)),)

    def _callout(self, token: Token, callout: re.Match[str]) -> tuple[Block, ...]:
        kind = callout[1].partition("|")[0].strip().lower()
        self._leads[-1] = Lead(LeadKind.QUOTE, kind)
        title = self._block(BlockKind.CALLOUT, token, self._parsed(callout[2]), label=kind)
        title = title._replace(end=title.start + 1)
        rest = token.content[callout.end() :]
        if not rest.strip():
            return (title,)
        block = self._block(BlockKind.PARAGRAPH, token, self._parsed(rest))
        return title, block._replace(start=block.start + 1, has_gap=False)

    def _code(self, token: Token) -> Block:
        language = token.info.split()[0] if token.info.strip() else ""
        spans = highlighted(token.content.rstrip("\n"), language)
        return self._block(BlockKind.CODE, token, InlineText(spans, ()), label=language)

    def _table(self, tokens: Sequence[Token], opening: Token) -> tuple[Block, ...]:
        rows: list[tuple[Cell, ...]] = []
        links: list[str] = []
        row: list[Cell] = []
        aligns = [
            _ALIGNS.get(str(token.attrs.get("style", "")), Align.LEFT)
            for token in tokens
            if token.type == "th_open"
        ]
        most = max(2, _MOST_CELLS // max(1, len(aligns)))
        for token in tokens:
            if token.type == "tr_open":
                row = []
            elif token.type == "inline" and len(rows) < most:
                text = self._parsed(token.content)
                row.append(_with_links_from(text.spans, len(links)))
                links += text.links
            elif token.type == "tr_close":
                rows.append(tuple(row))
        block = self._block(BlockKind.TABLE, opening, InlineText((), tuple(links)))
        block = block._replace(table=tuple(rows[:most]), aligns=tuple(aligns))
        if len(rows) <= most:
            return (block,)
        sentence = TextSpan(f"… {len(rows) - most:,} more rows")
        notice = Block(BlockKind.NOTICE, block.end - len(rows) + most, block.end, (sentence,), block.leads)
        return block._replace(end=notice.start), notice

    def _parsed(self, content: str) -> InlineText:
        spans, links = parse_inline(content, self._references)
        return InlineText(tuple(merged(spans)), links)


def _with_links_from(spans: Sequence[TextSpan], first: int) -> Cell:
    return tuple(span._replace(link=span.link + first) if span.link >= 0 else span for span in spans)
