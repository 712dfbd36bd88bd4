"""What a tag is, and which tags are the same."""

from __future__ import annotations

import pytest

from roadtui.core.errors import RefusedError
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.tags import distinct_tags, is_tag, read_tag
from roadtui.core.tasks.task_line import edit_tags


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#foo-bar_2/baz", ["#foo-bar_2/baz"]),
        (
            "#später #学习 #हिन्दी #Ελλάδα #الع",
            ["#später", "#学习", "#हिन्दी", "#Ελλάδα", "#الع"],
        ),
        ("#🎉 #done🎉yet #👍🏽", ["#🎉", "#done🎉yet", "#👍🏽"]),
        ("#1984 #1984a #y2k #12/3", ["#1984a", "#y2k", "#12/3"]),
        ("#foo; #foo. #foo' #foo] #foo= #foo+bar #foo~", ["#foo"] * 7),
        # Obsidian 1.13.7: beyond ASCII only general and supplemental punctuation ends a tag.
        ("#学习，然后 #a… #b’s #c–d #e⸺f", ["#学习，然后", "#a", "#b", "#c", "#e"]),
        ("#5€ #a→b #c° #१२ #ⅳ", ["#5€", "#a→b", "#c°", "#१२", "#ⅳ"]),
        (
            "#👨\u200d👩\u200d👧 #1\ufe0f\u20e3 #🇩🇪 #a\u200db #می\u200cخ",
            ["#👨\u200d👩\u200d👧", "#1\ufe0f\u20e3", "#🇩🇪", "#a", "#می"],
        ),
        ("#a\u00a0#b\t#c\ufeff#d\u0085#e", ["#a", "#b", "#c", "#d\u0085"]),
        ("#a/b/ #a//b #/ #_ #12/ #12 #-1", ["#a/b/", "#a//b", "#/", "#_", "#12/", "#-1"]),
        ("#[x] #; # ## #-", ["#-"]),
        ("a#b (#c) \\#d", []),
        ("`git log #foo x` [#a b](c) [[#h]] %% #b %% <!-- #c --> $x #d$", []),
        ('<mark style="background: #FFF3A3A6;">m</mark>', []),
        ("<!-- x -->#a #b", ["#b"]),
        ("#a🔼 📅 2026-01-01#b", ["#a"]),
        ("#a 📅 2026-01-01 #b ^c", ["#a", "#b"]),
        ("#Foo #foo", ["#Foo", "#foo"]),
    ],
)
def test_tags_of_a_task(text: str, tags: list[str]) -> None:
    assert list(read_fields(text).tags) == tags


@pytest.mark.parametrize(
    "typed", ["bar;", "[x]", "a b", "", "#", "1984", "a#b", "a.b", "`a`", "a\u200b", "a'", "a\x07", "a\xad"]
)
def test_what_is_no_tag_is_refused(typed: str) -> None:
    with pytest.raises(RefusedError, match="can't be a tag"):
        read_tag(typed)


@pytest.mark.parametrize("typed", ["foo", "#foo", " foo ", "a/b", "später", "🎉", "हिन्दी"])
def test_a_tag_is_taken_with_or_without_its_sign(typed: str) -> None:
    assert read_tag(typed) == "#" + typed.strip().removeprefix("#")
    assert is_tag(read_tag(typed))


def test_tags_are_the_same_in_any_case() -> None:
    assert distinct_tags(["#Foo", "#bar", "#FOO", "#Ärger", "#ärger", "#maße", "#masse"]) == (
        *("#Foo", "#bar", "#Ärger", "#maße", "#masse"),
    )


@pytest.mark.parametrize(
    ("line", "add", "remove", "after"),
    [
        ("- [ ] a #Foo", "#foo", "", "- [ ] a #Foo"),
        ("- [ ] a #Foo b #FOO/bar #fOO", "", "#foo", "- [ ] a b #FOO/bar"),
        ("- [ ] #Foo a", "", "#foo", "- [ ] a"),
        ("- [ ] a `#foo` #foo; b", "", "#foo", "- [ ] a `#foo`; b"),
        ("- [ ] a `x #foo`", "#foo", "", "- [ ] a `x #foo` #foo"),
        ("- [ ] a #foobar", "#foo", "#foob", "- [ ] a #foobar #foo"),
        ("- [ ] a ⏫ 📅 2026-01-01 ^b ", "#foo", "", "- [ ] a #foo ⏫ 📅 2026-01-01 ^b "),
        ("- [ ] a #x 📅 2026-01-01", "#foo", "#x", "- [ ] a #foo 📅 2026-01-01"),
        ("- [ ] 📅 2026-01-01", "#foo", "", "- [ ] #foo 📅 2026-01-01"),
        ("- [ ] a ⏫ mean 📅 2026-01-01 b", "#foo", "", "- [ ] a ⏫ mean 📅 2026-01-01 b #foo"),
        ("- [ ] #x, a", "", "#x", "- [ ] , a"),
        ("- [ ] #x⏫", "", "#x", "- [ ] ⏫"),
        ("- [ ]  #x\ta #x, b", "", "#x", "- [ ]  a, b"),
        ("- [ ] (a)⏫", "#foo", "", "- [ ] (a) #foo ⏫"),
        ("- [ ] a\t⏫", "#foo", "", "- [ ] a #foo \t⏫"),
        ("- [ ] #x ^b", "#foo", "#x", "- [ ] #foo ^b"),
        ("- [ ] a #foo", "#foo", "#foo", "- [ ] a #foo"),
        ("- [ ] ", "#foo", "", "- [ ] #foo"),
        ("- [ ]", "#foo", "", "- [ ] #foo"),
    ],
)
def test_tags_are_put_in_and_taken_out_of_a_line(line: str, add: str, remove: str, after: str) -> None:
    changed = edit_tags(line, filter(None, [add]), filter(None, [remove]), TaskFormat.EMOJI)
    assert changed == after
