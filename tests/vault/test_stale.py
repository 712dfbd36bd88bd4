"""An editor with an old buffer saves our tick away: the tick is made again, a few times, then told."""

from dataclasses import replace
from datetime import date

import pytest

from roadtui.core.changes.adding import AddAfter
from roadtui.core.changes.status import SetStatus
from roadtui.core.digest import digest
from roadtui.core.edit import Applied, Edit, apply
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


def write(watch: StaleWatch, edit: Edit, data: bytes, now: float = 0.0) -> Applied:
    applied = apply(edit, data)
    watch.written(edit, digest(data), note_of(applied.data), now)
    return applied


def test_a_line_that_falls_back_is_made_again() -> None:
    watch = StaleWatch()
    write(watch, tick(OLD, "one"), OLD)
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
    write(watch, tick(OLD, "one"), OLD)
    assert list(watch.fallen(note_of(now_on_disk), now=seconds)) == [], why


def test_an_undo_is_not_taken_for_a_stale_buffer() -> None:
    watch = StaleWatch()
    ticked = write(watch, tick(OLD, "one"), OLD)
    assert ticked.inverse is not None
    write(watch, ticked.inverse, ticked.data, now=0.5)
    assert list(watch.fallen(note_of(OLD + b"typed\n"), now=1.0)) == []


def test_an_undo_that_is_saved_away_is_made_again() -> None:
    watch = StaleWatch()
    ticked = write(watch, tick(OLD, "one"), OLD)
    assert ticked.inverse is not None
    write(watch, ticked.inverse, ticked.data, now=0.5)
    (fallen,) = watch.fallen(note_of(ticked.data + b"typed\n"), now=1.0)
    assert apply(fallen.edit, ticked.data + b"typed\n").data == OLD + b"typed\n"


def test_unticking_at_once_is_not_taken_for_a_stale_buffer() -> None:
    watch = StaleWatch()
    ticked = write(watch, tick(OLD, "one"), OLD).data
    note = note_of(ticked)
    task = next(note.note.tasks)
    untick = Edit("Plan.md", "untick", (note.anchor(task),), change("x", " "))
    write(watch, untick, ticked, now=0.5)
    assert list(watch.fallen(note_of(OLD + b"typed\n"), now=1.0)) == []


def test_it_is_told_after_a_few_times() -> None:
    watch = StaleWatch()
    write(watch, tick(OLD, "one"), OLD)
    for time in range(MOST_REDOS):
        (fallen,) = watch.fallen(note_of(OLD), now=float(time))
        assert not fallen.is_hopeless
        write(watch, fallen.edit, OLD, now=float(time))
    (last,) = watch.fallen(note_of(OLD), now=float(MOST_REDOS))
    assert last.is_hopeless
    assert list(watch.fallen(note_of(OLD), now=float(MOST_REDOS))) == []


def test_it_is_asked_for_once_until_it_is_made_again() -> None:
    """Their next edits come before ours is on disk: that is one loss, not four."""
    watch = StaleWatch()
    write(watch, tick(OLD, "one"), OLD)
    (fallen,) = watch.fallen(note_of(OLD), now=1.0)
    for number in range(9):
        assert list(watch.fallen(note_of(OLD + b"typed %d\n" % number), now=1.0)) == []
    write(watch, fallen.edit, OLD, now=1.5)
    (again,) = watch.fallen(note_of(OLD), now=2.0)
    assert again.times == 2


def test_one_that_waits_long_for_its_turn_goes_on_being_counted() -> None:
    watch = StaleWatch()
    write(watch, tick(OLD, "one"), OLD)
    (fallen,) = watch.fallen(note_of(OLD), now=1.0)
    late = 1.0 + 2 * WATCH_SECONDS
    assert list(watch.fallen(note_of(OLD + b"typed"), now=late)) == []
    write(watch, fallen.edit, OLD, now=late)
    (again,) = watch.fallen(note_of(OLD), now=late + 1)
    assert again.times == 2


def test_one_that_was_refused_is_watched_no_more() -> None:
    watch = StaleWatch()
    write(watch, tick(OLD, "one"), OLD)
    (fallen,) = watch.fallen(note_of(OLD), now=1.0)
    assert watch.watches(fallen.edit)
    watch.refused(fallen.edit)
    assert not watch.watches(fallen.edit)
    assert watch.paths == frozenset()


def test_each_edit_is_watched_for_itself() -> None:
    watch = StaleWatch()
    one = write(watch, tick(OLD, "one"), OLD)
    write(watch, replace(tick(OLD, "two"), title="tick two"), one.data)
    half = OLD.replace(b"- [ ] one", b"- [x] one")
    assert [fallen.edit.title for fallen in watch.fallen(note_of(half), now=1.0)] == ["tick two"]


def test_copies_are_watched_each_for_itself() -> None:
    watch = StaleWatch()
    copies = b"- [ ] same\n- [ ] same\n"
    note = note_of(copies)
    edits = [Edit("Plan.md", "tick", (note.anchor(task),), change(" ", "x")) for task in note.note.tasks]
    one = write(watch, edits[0], copies)
    write(watch, edits[1], one.data)
    assert len(list(watch.fallen(note_of(copies), now=1.0))) == 2


def test_an_edit_that_leaves_its_own_line_alone_is_made_again_only_where_all_is_as_before() -> None:
    """Lines below it come and go for many reasons; that its line is as it was says nothing."""
    watch = StaleWatch()
    edit = Edit("Plan.md", "add", (note_of(OLD).anchor(next(note_of(OLD).note.tasks)),), AddAfter(("new",)))
    added = write(watch, edit, OLD)
    assert list(watch.fallen(note_of(added.data + b"typed\n"), now=1.0)) == []
    assert list(watch.fallen(note_of(OLD + b"typed\n"), now=1.0)) == []
    (fallen,) = watch.fallen(note_of(OLD), now=1.0)
    assert b"- [ ] new\n" in apply(fallen.edit, OLD).data


def test_what_we_took_back_ourselves_is_not_made_again() -> None:
    watch = StaleWatch()
    edit = Edit("Plan.md", "add", (note_of(OLD).anchor(next(note_of(OLD).note.tasks)),), AddAfter(("new",)))
    added = write(watch, edit, OLD)
    assert added.inverse is not None
    write(watch, added.inverse, added.data, now=0.5)
    assert list(watch.fallen(note_of(OLD), now=1.0)) == []
