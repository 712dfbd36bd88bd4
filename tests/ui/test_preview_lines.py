"""The lines of the preview: Markdown in, lines out, at a width; and that no text makes it break."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App

from roadtui.core.markdown import parse
from roadtui.core.preview.block_parser import PreviewParser
from roadtui.core.preview.chunks import NoteLines
from roadtui.core.tasks.status import StatusRegistry
from roadtui.ui.styles import TextStyles
from roadtui.ui.themes import DARK
from roadtui.ui.widgets.preview.lines import PreviewLine, PreviewStyle, draw_blocks


@cache
def text_styles() -> TextStyles:
    app: App[None] = App()
    app.register_theme(DARK)
    app.theme = DARK.name
    return TextStyles.of_theme(app.theme_variables)


def drawn(text: str, width: int) -> list[PreviewLine]:
    """The lines of the note `text`."""
    note_lines = NoteLines(text, parse(text))
    parser = PreviewParser(note_lines)
    style = PreviewStyle(width, text_styles(), StatusRegistry(), lambda target: target != "Nowhere")
    return [line for chunk in note_lines.chunks for line in draw_blocks(parser.blocks(chunk), style).lines]


def lines_of(text: str, width: int) -> str:
    """The lines as they are read, without blanks at their ends."""
    return "\n".join(line.strip.text.rstrip() for line in drawn(text, width))


CASES = {
    "text": (
        20,
        "# A heading that wraps\nOne **two** three four five.\nNext line.\n\n\nFar.",
        """\
A heading that wraps
One two three four
five.
Next line.

Far.""",
    ),
    "lists": (
        24,
        "- [ ] A task with many words in it\n"
        "  - [x] done\n    more of it\n"
        "  10. ten\n\n      paragraph\n"
        "* plain\n",
        """\
○ A task with many words
  in it
  ● done
    more of it
  10. ten

      paragraph
• plain""",
    ),
    "statuses": (24, "- [/] a\n- [-] b\n- [X] c\n- [?] d\n- [ ] e\n", "◐ a\n⊘ b\n● c\n? d\n○ e"),
    "quotes": (
        16,
        "> one two three four\n> > inner\n>\n> [!no] callout\n\n> [!Tip]- Watch *out*\n> text\n",
        """\
▌ one two three
▌ four
▌ ▌ inner

▌ [!no] callout

▌ TIP Watch out
▌ text""",
    ),
    "code": (
        16,
        "```python\nif x:\n\treturn 12345678901\n```\n\n    indented\n\n$$\na_1\n$$\n",
        """\
│ python
│ if x:
│     return 123
│ 45678901

│ indented

│ math
│ a_1""",
    ),
    "table": (
        25,
        "| name | n |\n|:--|--:|\n| a [[Soil\\|link]] | 1 |\n| long words that wrap | 200 |\n",
        """\
name                    n
────────────────────  ───
a link                  1
long words that wrap  200""",
    ),
    "narrow table": (
        18,
        "| name | n |\n|---|---|\n| several long words | x |\n",
        """\
name             n
───────────────  ─
several long     x
words""",
    ),
    "table without room": (
        10,
        "| one | two | three |\n|---|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |\n",
        """\
one 1
two 2
three 3

one 4
two 5
three 6""",
    ),
    "wide characters": (
        10,
        "日本語の文章です。\n\n- [ ] 👩‍👩‍👧 family ok\n\nλόγος e\u0301e\u0301 שלום עולם",
        """\
日本語の文
章です。

○ 👩‍👩‍👧
  family
  ok

λόγος e\u0301e\u0301
שלום עולם""",
    ),
    "mojibake": (20, "## 1. \uf8ffüìö Books", "1. 📚 Books"),
    "controls": (20, "a\x1b[31mb\x07 \u202ec [x\x9b](y)", "a␛[31mb␇ �c x�"),
    "properties": (
        24,
        "---\ntags: [a, b]\naliases:\n  - Other name\nempty:\n---\n# T\n",
        "tags: a, b\naliases: Other name\nempty:\n\nT",
    ),
    "embeds": (
        40,
        "![[Soil#Clay]]\n![[pic.png]] ![alt](b.jpg)\n",
        "embed: Soil > Clay\nimage: pic.png image: b.jpg (alt)",
    ),
    "a long word": (8, "abcdefghijklmnop qr", "abcdefgh\nijklmnop\nqr"),
    "rule": (5, "a\n\n***\n\nb", "a\n\n─────\n\nb"),
    "markers without room": (6, "> > > - [ ] text here\n", "○ text\n  here"),
    "left out": (20, "seen %%not%% ^id\n\n%%\nno\n%%\n<!-- no -->\n", "seen"),
}


@pytest.mark.parametrize(("width", "markdown", "expected"), CASES.values(), ids=CASES)
def test_markdown_in_lines_out(width: int, markdown: str, expected: str) -> None:
    assert lines_of(markdown, width) == expected


def test_a_link_knows_its_place_on_every_line_that_it_is_on() -> None:
    first, second = drawn("see [[Soil|the brown earth]] [[X]]", 14)
    assert [(area.start, area.end, area.number) for area in first.links] == [(4, 7, 0), (7, 8, 0), (8, 13, 0)]
    assert [(area.start, area.end, area.number) for area in second.links] == [(0, 5, 0), (6, 7, 1)]


def test_links_that_lead_nowhere_are_dim() -> None:
    (line,) = drawn("[[Soil]] [[Nowhere]]", 40)
    styles = {segment.text: segment.style for segment in line.strip}
    assert styles["Soil"] is not None
    assert styles["Soil"].underline
    assert styles["Nowhere"] is not None
    assert styles["Nowhere"].color == text_styles().faint.color


PARTS = [
    *("# ", "- ", "[ ] ", "[x] ", "> ", "> [!a] ", "`", "```", "``` x", "    ", "\t", "1. ", "---", "|---|"),
    *("**", "_", "~~", "==", "%%", "$", "$$", "[[", "]]", "![[", "[", "](", ")", "!", "^", "[^1]", "|", "\\"),
    *("&amp;", "<b>", "<!--", "-->", "#tag", "[a]: b", " ", "\n", "\n\n", "\r", "\u2028", "\ufeff"),
    *(
        "日本",
        "👩\u200d👧",
        "e\u0301",
        "\u200d",
        "\u0301",
        "🇩🇪",
        "שלום",
        "\uf8ffüìö",
        "\x1b",
        "\u202e",
        "\ud800",
    ),
]
BODY = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=6)), max_size=30).map("".join)
FRONTMATTER = st.sampled_from(["", "---\n---\n", "---\n- a\n---\n", "---\nb: [c]\n  - d\n---\n", "---\n"])
MARKDOWN = st.tuples(FRONTMATTER, BODY).map("".join)


@given(MARKDOWN, st.integers(1, 200))
def test_any_text_fits_any_width_and_controls_nothing(text: str, width: int) -> None:
    for line in drawn(text, width):
        shown = line.strip.text
        assert line.strip.cell_length <= width
        assert sum(map(cell_len, shown.splitlines() or [""])) <= width
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown)
        assert not any("\u202a" <= char <= "\u202e" or "\ud800" <= char <= "\udfff" for char in shown)
        assert all(0 <= area.start < area.end <= width + 1 for area in line.links)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "> " * 10_000 + "deep",
        "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + ("|" + "1|" * 500 + "\n") * 3,
        "[[" * 5_000,
        "- " * 3_000,
        "日" * 30_000,
        "`" * 9_999,
    ],
    ids=["line", "10,000 quotes", "500 columns", "brackets", "markers", "wide", "backticks"],
)
@pytest.mark.parametrize("width", [1, 2, 40])
def test_hostile_text_fits(text: str, width: int) -> None:
    found = drawn(text, width)
    assert found
    assert max(line.strip.cell_length for line in found) <= width
