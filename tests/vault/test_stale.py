"""An editor with an old buffer saves our tick away: the tick is made again, a few times, then told."""

from dataclasses import replace
from datetime import date

import pytest

from roadtui.core.changes.adding import AddAfter
from roadtui.core.changes.status import SetStatus
from roadtui.core.digest import digest
from roadtui.core.edit import Edit, apply
from roadtui.core.markdown import parse
from roadtui.core.status import StatusRegistry
from roadtui.vault.signature import Signature
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.stale import MOST_REDOS, WATCH_SECONDS, StaleWatch

OLD = b"# Plan\n- [ ] one\n- [ ] two\n"
TODAY = date(2026, 11, 22)


def note_of(data: bytes) -> VaultNote:
    return VaultNote("Plan.md", parse(data.decode()), Signature(0, 0, len(data), 0, 0), digest(data))


def tick(data: bytes, text: str) -> Edit:
    note = note_of(data)
    task = next(task for task in note.note.tasks if task.text == text)
    return Edit("Plan.md", f"tick {text}", (note.anchor(task),), change(" ", "x"))


def change(seen: str, wanted: str) -> SetStatus:
    return SetStatus((seen,), (wanted,), TODAY, None, StatusRegistry())


def test_a_line_that_falls_back_is_made_again() -> None:
    watch = StaleWatch()
    watch.written(tick(OLD, "one"), digest(OLD), now=0.0)
    stale = OLD + b"typed meanwhile\n"
    (fallen,) = watch.fallen(note_of(stale), now=2.0)
    assert not fallen.is_hopeless
    assert apply(fallen.edit, stale).data == stale.replace(b"- [ ] one", b"- [x] one")


@pytest.mark.parametrize(
    ("now_on_disk", "seconds", "why"),
    [
        (OLD.replace(b"- [ ] one", b"- [x] one"), 1.0, "the tick is there"),
        (OLD.replace(b"- [ ] one", b"- [-] one"), 1.0, "somebody gave it another status"),
        (OLD.replace(b"- [ ] one\n", b""), 1.0, "somebody deleted it"),
        (OLD, WATCH_SECONDS + 0.1, "after so long, somebody unticked it"),
    ],
)
def test_what_somebody_meant_is_left_alone(now_on_disk: bytes, seconds: float, why: str) -> None:
    watch = StaleWatch()
    watch.written(tick(OLD, "one"), digest(OLD), now=0.0)
    assert list(watch.fallen(note_of(now_on_disk), now=seconds)) == [], why


def test_an_undo_is_not_taken_for_a_stale_buffer() -> None:
    watch = StaleWatch()
    edit = tick(OLD, "one")
    watch.written(edit, digest(OLD), now=0.0)
    watch.forget("Plan.md")
    assert list(watch.fallen(note_of(OLD), now=1.0)) == []


def test_unticking_at_once_is_not_taken_for_a_stale_buffer() -> None:
    watch = StaleWatch()
    edit = tick(OLD, "one")
    watch.written(edit, digest(OLD), now=0.0)
    ticked = apply(edit, OLD).data
    note = note_of(ticked)
    task = next(note.note.tasks)
    watch.written(Edit("Plan.md", "untick", (note.anchor(task),), change("x", " ")), digest(ticked), now=0.5)
    assert list(watch.fallen(note_of(OLD + b"typed\n"), now=1.0)) == []


def test_it_is_told_after_a_few_times() -> None:
    watch = StaleWatch()
    edit = tick(OLD, "one")
    watch.written(edit, digest(OLD), now=0.0)
    for time in range(MOST_REDOS):
        (fallen,) = watch.fallen(note_of(OLD), now=float(time))
        assert not fallen.is_hopeless
        watch.written(fallen.edit, digest(OLD), now=float(time))
    (last,) = watch.fallen(note_of(OLD), now=float(MOST_REDOS))
    assert last.is_hopeless
    assert list(watch.fallen(note_of(OLD), now=float(MOST_REDOS))) == []


def test_each_edit_is_watched_for_itself() -> None:
    watch = StaleWatch()
    watch.written(tick(OLD, "one"), digest(OLD), now=0.0)
    both = replace(tick(OLD, "two"), title="tick two")
    watch.written(both, digest(OLD), now=0.0)
    half = OLD.replace(b"- [ ] one", b"- [x] one")
    assert [fallen.edit.title for fallen in watch.fallen(note_of(half), now=1.0)] == ["tick two"]


def test_what_was_added_is_made_again_where_the_whole_note_falls_back() -> None:
    watch = StaleWatch()
    note = note_of(OLD)
    edit = Edit("Plan.md", "add", (note.anchor(next(note.note.tasks)),), AddAfter(("new",)))
    watch.written(edit, digest(OLD), now=0.0)
    assert list(watch.fallen(note_of(apply(edit, OLD).data), now=1.0)) == []
    assert list(watch.fallen(note_of(OLD + b"typed\n"), now=1.0)) == []
    (fallen,) = watch.fallen(note_of(OLD), now=1.0)
    assert b"- [ ] new\n" in apply(fallen.edit, OLD).data
