"""Garbled lines, repaired in the bytes of a note and put back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.errors import RefusedError
from roadtui.doctor.repair import LineChange, apply_changes, garbled_lines, reverse_changes

BOOKS = "\uf8ffüìö"
"""`📚`, written as UTF-8 and read as Mac Roman."""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"# {BOOKS}", [0]),
        (f"\ufeff# {BOOKS}", [0]),
        (f"a\n\n{BOOKS} b\n{BOOKS} c", [2, 3]),
        (f"- [ ] {BOOKS}\r\n  - {BOOKS}\r- [x] c", [0, 1]),
        (f"> [!note] {BOOKS}\n> - [ ] {BOOKS}", [0, 1]),
        (f"a {BOOKS}\n===", [0]),
        (f"| a | b |\n|---|---|\n| {BOOKS} | c |", [2]),
        (f"---\ntitle: {BOOKS}\n---\n# {BOOKS}", [1, 3]),
        (f"---\n---\n# {BOOKS}", [2]),
        (f"```\n{BOOKS}\n```\n{BOOKS}", [3]),
        (f"a\n\n    {BOOKS}", []),
        (f"%%\n{BOOKS}\n%%", []),
        (f"<!-- {BOOKS} -->", []),
        (f"a `{BOOKS}` b", []),
        ("# 📚 honest, and l’été", []),
        ("# plain", []),
    ],
)
def test_text_is_mended_and_code_and_comments_are_not(text: str, lines: list[int]) -> None:
    changes = garbled_lines(text)
    assert [change.line for change in changes] == lines
    assert all(change.after == change.before.replace(BOOKS, "📚") for change in changes)


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        (f"`{BOOKS}` {BOOKS} ``{BOOKS} ` {BOOKS}`` {BOOKS}", f"`{BOOKS}` 📚 ``{BOOKS} ` {BOOKS}`` 📚"),
        (f"[[{BOOKS} a]] {BOOKS}", f"[[{BOOKS} a]] 📚"),
        (f"![[a/{BOOKS}#{BOOKS}|{BOOKS}]]", f"![[a/{BOOKS}#📚|📚]]"),
        (f"[{BOOKS}]({BOOKS}.md#{BOOKS})", f"[📚]({BOOKS}.md#📚)"),
        (f"` {BOOKS} [a] ({BOOKS})", "` 📚 [a] (📚)"),
    ],
)
def test_code_and_names_of_files_within_a_line_stay(line: str, mended: str) -> None:
    (change,) = garbled_lines(line)
    assert change.after == mended


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [f"# {BOOKS} a", f"- [ ] {BOOKS}  ", "plain \udcff", "", f"{BOOKS}{BOOKS}", "\x00"]
            ),
            st.sampled_from(["\n", "\r\n", "\r"]),
        )
    )
)
def test_only_garbled_symbols_change_and_the_inverse_gives_every_byte_back(
    parts: list[tuple[str, str]],
) -> None:
    text = "".join(line + end for line, end in parts)
    data = text.encode("utf-8", "surrogateescape")
    changes = garbled_lines(text)
    mended = apply_changes(changes, data)
    assert mended == text.replace(BOOKS, "📚").encode("utf-8", "surrogateescape")
    assert apply_changes(reverse_changes(changes), mended) == data


@pytest.mark.parametrize("data", [b"", b"a\n", b"a\nother\n", b"b\na\n", b"a\nb \n"])
def test_lines_that_are_not_as_seen_are_refused(data: bytes) -> None:
    with pytest.raises(RefusedError, match="line 2 of this note has been changed since"):
        apply_changes([LineChange(1, "b", "c")], data)
