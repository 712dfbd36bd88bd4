"""Two edits of one text: both are in the result, or there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.diff import common_start
from roadtui.vault.writing.note_file import ByteChange
from roadtui.vault.writing.three_way_merge import merge

lines = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"- [ ] d\n", b"\r\n", b"\n"]), max_size=8)
texts = st.tuples(lines, st.sampled_from([b"", b"end"])).map(lambda parts: b"".join(parts[0]) + parts[1])


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        (b"a\nb\nc\n", b"A\nb\nc\n", b"a\nb\nC\n", b"A\nb\nC\n"),
        (b"a\nb\n", b"a\nB\n", b"a\nb\nc\n", b"a\nB\nc\n"),
        (b"a\nb\n", b"A\nb\n", b"a\nnew\nb\n", b"A\nnew\nb\n"),
        (b"a\nb\nc\n", b"a\nc\n", b"a\nb\nc\nd\n", b"a\nc\nd\n"),
        (b"a\n", b"A\n", b"A\n", b"A\n"),
        (b"a\n", b"A\n", b"AA\n", None),
        (b"a\n", b"a\nx\n", b"a\ny\n", None),
        (b"a\nb\nc\n", b"a\nc\n", b"a\nB\nc\n", None),
        (b"a", b"A", b"a\nb", None),
        (b"a\nb\n", b"a\nb", b"a\nb\nc\n", None),
        (b"a\x0cb\n", b"a\x0cB\n", b"A\x0cb\n", None),
    ],
)
def test_merging(base: bytes, ours: bytes, theirs: bytes, expected: bytes | None) -> None:
    assert merge(base, ours, theirs) == expected


@given(texts, texts)
def test_one_edit_alone_is_taken_as_it_is(base: bytes, edited: bytes) -> None:
    assert merge(base, edited, base) == merge(base, base, edited) == merge(base, edited, edited) == edited


@given(texts, texts, texts)
def test_a_merge_holds_every_line_that_one_side_added(base: bytes, ours: bytes, theirs: bytes) -> None:
    merged = merge(base, ours, theirs)
    if merged is not None:
        added = (set(ours.split(b"\n")) | set(theirs.split(b"\n"))) - set(base.split(b"\n"))
        assert added <= set(merged.split(b"\n"))


@given(texts, texts, texts)
def test_the_order_of_the_sides_does_not_matter(base: bytes, ours: bytes, theirs: bytes) -> None:
    assert merge(base, ours, theirs) == merge(base, theirs, ours)


@given(st.binary(), st.binary())
def test_the_common_start_is_the_longest(one: bytes, other: bytes) -> None:
    length = common_start(one, other)
    assert one[:length] == other[:length]
    assert length in (len(one), len(other)) or one[length] != other[length]


@given(texts, texts)
def test_a_change_is_the_bytes_that_differ(base: bytes, new: bytes) -> None:
    change = ByteChange.between(base, new)
    disk = bytearray(base)
    disk[change.start : change.end] = new[change.start : change.end]
    assert bytes(disk[: len(new)]) == new
    if len(base) == len(new) != 0 and base != new:
        assert base[change.start] != new[change.start]
        assert base[change.end - 1] != new[change.end - 1]
