"""What has changed since an earlier day, from git. Reads the repository; writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

from roadtui.core.activity.changes import SeenAndTracked, TaskChange, changes_between
from roadtui.core.activity.follow import follow
from roadtui.core.activity.rows import TrackedNote, rows_of
from roadtui.core.markdown import content_hash, parse
from roadtui.vault.activity.own_edits import lines_of_data
from roadtui.vault.activity.seen_notes import is_done_in
from roadtui.vault.git.git import Git
from roadtui.vault.git.time_machine import GitVault
from roadtui.vault.path_kind import is_note_name
from roadtui.vault.reader import decode
from roadtui.vault.snapshot import Snapshot


def changes_since(snapshot: Snapshot, day: date, is_wanted: Callable[[str], bool]) -> list[TaskChange]:
    """What differs between the notes at the beginning of `day` and those of `snapshot`, by path and line.

    Args:
        snapshot: The vault as it is.
        day: The first day whose changes count; the days are those of the authors.
        is_wanted: Whether a note, given by its path, counts.

    Raises:
        NoRepositoryError: the vault is not under git.
        GitError: git failed.
    """
    past = GitVault(Git(snapshot.root)).at(day - timedelta(1))
    then: dict[str, TrackedNote] = {}
    now: dict[str, TrackedNote] = {}
    for path, data in past.items():
        note = snapshot.notes.get(path)
        is_same = note is not None and content_hash(data) == note.digest
        if is_wanted(path) and is_note_name(path) and not is_same:
            then[path] = rows_of(parse(decode(data)), lines_of_data(data))
    for path, note in snapshot.notes.items():
        if is_wanted(path) and (path in then or path not in past):
            now[path] = rows_of(note.content.peek().note)
    numbers = count(1)
    seen = follow({}, then, (), lambda: next(numbers)).notes
    followed = follow(seen, now, (), lambda: next(numbers))
    seen = {followed.renamed.get(path, path): rows for path, rows in seen.items()}
    return changes_between(SeenAndTracked(seen, followed.notes), is_done_in(snapshot))
