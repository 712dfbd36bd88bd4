"""The live model of one vault: loaded, kept in step with the disk, edited through one writer.

Everything here blocks and is meant to be called from worker threads; what it gives out is immutable.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import RLock
from time import monotonic, time_ns
from typing import TYPE_CHECKING, NamedTuple

from roadtui.config import Config
from roadtui.core.errors import RefusedError
from roadtui.core.ignore_rules import IgnoreRules
from roadtui.core.markdown import content_hash, split_lines
from roadtui.core.tasks.status import StatusRegistry, TaskSettings
from roadtui.vault.errors import (
    NoteGoneError,
    Problem,
    UnreadableNoteError,
    VaultMissingError,
    WriteFailedError,
)
from roadtui.vault.note_updates import IN_THE_CLOUD, NoteUpdater, SnapshotBuilder
from roadtui.vault.obsidian import VaultSettings, read_settings
from roadtui.vault.reader import FileStamp, NoteRead, decode, read_and_parse, read_note, refuse_too_large
from roadtui.vault.rebase import EditRebaser
from roadtui.vault.root import VaultRoot
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Edit, EditResult
    from roadtui.core.edits.patch import Hunk
    from roadtui.core.note import Note
    from roadtui.vault.scan import Scan
    from roadtui.vault.writing import NoteWriter

_BATCH_SECONDS = 0.15
"""How often a long load shows what it has so far."""


class EditCommit(NamedTuple):
    """What came of writing an edit."""

    snapshot: Snapshot
    note: VaultNote
    """The note as the edit left it. `snapshot` lacks it where it was taken away after that."""
    path: str
    line: int
    """Where the edit took place, from 0."""
    inverse: Edit | None
    """The edit that takes it back; None where nothing was written."""
    data: bytes
    """The bytes of the note now."""
    note_before: Note
    """The parse of the bytes that the edit was made in."""
    before: bytes
    """Their fingerprint."""
    hunks: tuple[Hunk, ...]
    """What differs, in order of lines; empty where nothing was written."""


class Vault:
    """One vault, or one note outside any vault. Safe to use from several threads; calls take their turn."""

    def __init__(
        self,
        root: Path,
        config: Config,
        make_writer: Callable[[], NoteWriter],
        only: str | None = None,
        had_notes: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Make a model of the vault at `root`, empty until `load`.

        Args:
            root: The vault's folder.
            config: The user's settings.
            make_writer: Gives what every edit is written with; called once, for the first edit.
            only: Path of the one note, relative to `root`, that is looked at; None looks at all.
            had_notes: Whether the vault is known to have had notes; see `VaultRoot`.
            clock: Gives seconds that never step back, for how long a note that is gone is expected back.
        """
        self.root = root
        self.folder = VaultRoot(root, had_notes)
        """Says whether the vault is there; to be asked before anything is written or forgotten."""
        self.config = config
        """What is counted, which statuses there are besides the vault's own, where new tasks go."""
        self._make_writer = make_writer
        self._writer: NoteWriter | None = None
        self._ends_at: float | None = None
        """When (of `time.monotonic`) the program ends, once that is known."""
        self._only = only
        self._turn = RLock()
        settings = read_settings(root)
        self._rules = self._rules_of(settings)
        self._intake = NoteUpdater(self.folder, config.count)
        self._catch_up = EditRebaser(clock)
        hidden = tuple(path.strip("/") for path in config.hidden)
        self._snapshot = Snapshot(
            root, {}, settings, self._registry(settings), is_complete=False, hidden=hidden
        )

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it was last seen."""
        return self._snapshot

    @property
    def scope(self) -> Path:
        """What the model is of: the vault's folder, or the one note that is looked at."""
        return self.root if self._only is None else self.root / self._only

    @property
    def rules(self) -> IgnoreRules:
        """What the vault's owner told Obsidian to leave out."""
        return self._rules

    @property
    def dates(self) -> TaskSettings | None:
        """How ticking writes dates here: as the Tasks plugin is set to, or as the config says.

        None where a tick changes the mark alone: no plugin, and nothing asked for.
        """
        plugin, wanted = self._snapshot.settings.tasks_plugin, self.config.done_dates
        if plugin is None and not wanted:
            return None
        dates = (plugin or TaskSettings())._replace(statuses=self._snapshot.statuses)
        return dates if wanted is None else dates._replace(set_done_date=wanted, set_cancelled_date=wanted)

    def load(self, first: str | None = None) -> Iterator[Snapshot]:
        """Read every note; gives a snapshot now and then, and the whole at the end.

        Args:
            first: A note to read and give before all others.

        Raises:
            VaultMissingError: the vault is missing.
        """
        if first is not None:
            yield self.refresh([first])
        with self._turn:
            self.folder.find()
            found = self._scan()
            self._publish(SnapshotBuilder(self._snapshot, _listed(found)), is_complete=False)
            self._intake.asked_meanwhile = set()
        try:
            shown = monotonic()
            looks: dict[str, NoteRead | UnreadableNoteError] = {}
            for path in found.notes:
                if path not in self._snapshot.notes:
                    looks[path] = self._look(path, None)
                if monotonic() - shown > _BATCH_SECONDS:
                    yield self._add(looks, is_complete=False)
                    looks.clear()
                    shown = monotonic()
            yield self._add(looks, is_complete=True)
        finally:
            self._intake.asked_meanwhile = None

    def refresh(self, paths: Iterable[str] | None = None) -> Snapshot:
        """Read again what may have changed: `paths`, or whatever a scan of the vault finds changed.

        Where nothing differs, the result is the same object as the last snapshot.

        Raises:
            VaultMissingError: the vault is missing; no note is forgotten.
        """
        with self._turn:
            self._refuse_missing()
            is_complete = self._snapshot.is_complete
            if paths is None:
                is_complete = is_complete or self._intake.asked_meanwhile is None
                found = self._scan()
                draft = SnapshotBuilder(self._snapshot, _listed(found))
                for path in draft.notes.keys() - found.notes.keys():
                    if path in found.placeholders:
                        draft.put(replace(draft.notes[path], label=IN_THE_CLOUD))
                    elif not found.knows_nothing_of(path):
                        self._intake.forget(path, draft)
                known = self._snapshot.notes
                paths = [
                    path
                    for path, signature in found.notes.items()
                    if self._intake.may_differ(known.get(path), path, signature)
                ]
            else:
                draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
                paths = self._with_aliases(paths)
            for path in paths:
                if self._concerns(path):
                    self._accept(path, self._look(path, draft.notes.get(path)), draft)
                else:
                    self._intake.forget(path, draft)
            for path in draft.other_spellings(self.root):
                self._intake.forget(path, draft)
            snapshot = self._publish(draft, is_complete=is_complete)
            self._refuse_missing()
            return snapshot

    @property
    def look_again_at(self) -> tuple[float, frozenset[str]] | None:
        """When (of `time.monotonic`) to refresh which notes, because their last read may have been torn."""
        with self._turn:
            return self._intake.look_again_at

    def reload_settings(self) -> Snapshot:
        """Read Obsidian's settings again and count every note by them.

        Raises:
            VaultMissingError: the vault is missing; the settings stay as they were.
        """
        with self._turn:
            self.folder.find()
            settings = read_settings(self.root)
            if settings != self._snapshot.settings:
                self._rules = self._rules_of(settings)
                statuses = self._registry(settings)
                asked = replace(self._snapshot, settings=settings, statuses=statuses)
                notes = {path: self._intake.counted(note, asked) for path, note in asked.notes.items()}
                self._snapshot = replace(asked, notes=notes)
            return self.refresh()

    def commit(self, edit: Edit) -> EditCommit:
        """Write `edit` into its note on disk and into the model.

        Raises:
            RefusedError: the task is gone, is not as it was seen, or the note is not written by roadtui.
            NoteAwayError: the note has just gone, and may come back: try again soon.
            WriteFailedError: the note could not be written; it is as it was.
            VaultMissingError: the vault is missing; nothing was written.
        """
        with self._turn:
            self.folder.find("Not changed: the")
            if edit.path not in self._snapshot.notes and os.path.lexists(self.root / edit.path):
                self.refresh([edit.path])  # It is back, and nobody has looked yet.
            seen = edit.seen
            edit = self._catch_up.edit(edit, self._snapshot)
            if edit.makes_note:
                return self._write_new(edit)
            made = self._write(edit)
            return self._without_note(edit, made) if edit.takes_away and made.before in seen else made

    def _write_new(self, edit: Edit) -> EditCommit:
        """Write `edit` into its note, which is made if it is missing; what takes it back takes it away."""
        from roadtui.vault.new_note import note_for_writing  # With the first note that is made.

        with note_for_writing(self.root, edit.path, self._open_writer().system) as new:
            made = self._write(replace(edit, path=new.path))
        if made.inverse is None or not new.made:
            return made
        return made._replace(inverse=replace(made.inverse, takes_away=new.made))

    def _without_note(self, edit: Edit, made: EditCommit) -> EditCommit:
        """Take the note that `edit` has emptied away again, if it still is what was made for it."""
        from roadtui.vault.new_note import take_away  # As above.

        if made.data or made.inverse is None or edit.takes_away[0] != made.path:
            return made
        take_away(self.root, edit.takes_away, self._open_writer().system)
        if os.path.lexists(self.root / made.path):
            return made
        draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
        self._intake.forget(made.path, draft)
        draft.dropped.clear()  # It is gone for good: nobody has moved it anywhere.
        snapshot = self._publish(draft, is_complete=self._snapshot.is_complete)
        return made._replace(snapshot=snapshot, inverse=replace(made.inverse, makes_note=True))

    def _write(self, edit: Edit) -> EditCommit:
        known = self._snapshot.notes.get(edit.path)
        if known is not None and known.label:
            raise RefusedError(f"Not changed: {known.name} is shown only ({known.label}).")
        self._refuse_too_large(self.root / edit.path)
        from roadtui.core.edits.edit import (
            apply_edit,  # Not on the way to the first screen: edits come later.
        )

        made: list[EditResult] = []

        def transform(data: bytes) -> bytes:
            made.append(apply_edit(edit, data))
            return made[-1].data

        try:
            written = self._open_writer().write(self.root / edit.path, transform)
        except NoteGoneError:
            if known is not None and edit.path not in self.refresh([edit.path]).notes:
                return self.commit(edit)  # It has just been moved, or may come back.
            raise
        applied = made[-1]
        self._catch_up.made(edit.path, applied)
        draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
        found = NoteRead(
            applied.note, applied.digest, len(applied.data), written.signature, time_ns(), False, ""
        )
        self._accept(edit.path, found, draft)
        snapshot = self._publish(draft, is_complete=self._snapshot.is_complete)
        return EditCommit(
            snapshot,
            snapshot.notes[edit.path],
            edit.path,
            applied.line,
            applied.inverse,
            applied.data,
            applied.note_before,
            applied.before,
            applied.hunks,
        )

    def lines(self, note: VaultNote) -> list[str]:
        """The lines of `note` as it was seen, with their ends.

        Raises:
            RefusedError: it cannot be read, or has been changed since; or the vault is missing.
        """
        try:
            self.folder.find()
            data = read_note(self.root / note.path, self.config.max_note_bytes).data
        except (UnreadableNoteError, VaultMissingError) as error:
            raise RefusedError(str(error)) from error
        if content_hash(data) != note.digest:
            raise RefusedError(f"{note.name} has just been changed. Look at it and try again.")
        return split_lines(decode(data))

    def recover(self, state: Path) -> list[str]:
        """Settle what an earlier run left unfinished in the folder `state`; a sentence for each find.

        Raises:
            VaultMissingError: the vault is missing; what is left is waited with.
        """
        from roadtui.vault.writing import recover  # After the first screen, like everything that writes.

        with self._turn:
            self.folder.find()
            return [found.message for found in recover(state, self._open_writer())]

    @property
    def is_unsettled(self) -> bool:
        """Whether a file is kept beside a note until nobody can write into it any more; then `settle`."""
        return self._writer is not None and self._writer.unsettled > 0

    def settle(self) -> list[str]:
        """Look at those files again; a sentence for each late edit that was found in one."""
        with self._turn:
            if self.folder.is_missing():
                return []
            return [found.message for found in self._open_writer().settle()]

    def end_within(self, seconds: float) -> None:
        """Have a write that is under way, or begins from now on, give up within `seconds`; waits for none."""
        self._ends_at = monotonic() + seconds
        if self._writer is not None:
            self._writer.end_within(seconds)

    def close(self, seconds: float | None = None) -> list[str]:
        """Settle what can be settled in a few seconds, or in `seconds`, and leave the rest to the next start.

        What is told is a sentence each. A write that is under way comes first: see `end_within`.
        """
        with self._turn:
            if self._writer is None:
                return []
            found = self._writer.close() if seconds is None else self._writer.close(seconds)
            return [each.message for each in found]

    def _with_aliases(self, paths: Iterable[str]) -> Iterable[str]:
        """`paths`, and those of other notes that lead to one of their files by a link of either kind."""
        notes = self._snapshot.notes
        asked = dict.fromkeys(paths)
        files = {notes[path].signature.file for path in asked if path in notes}
        return [*asked, *(p for p, note in notes.items() if note.signature.file in files and p not in asked)]

    def _refuse_missing(self) -> None:
        try:
            self.folder.find()
        except VaultMissingError:
            self._intake.drop_doubts()
            raise

    def _refuse_too_large(self, path: Path) -> None:
        """Raise WriteFailedError if the note has grown too large to be parsed since it was read."""
        try:
            refuse_too_large(path, os.stat(path), self.config.max_note_bytes)
        except UnreadableNoteError as error:
            raise WriteFailedError(path, f"Not changed: {error}") from error
        except OSError:
            return  # The writer says what is wrong.

    def _open_writer(self) -> NoteWriter:
        if self._writer is None:
            self._writer = self._make_writer()
            if self._ends_at is not None:
                self._writer.end_within(self._ends_at - monotonic())
        return self._writer

    def _rules_of(self, settings: VaultSettings) -> IgnoreRules:
        return IgnoreRules.of(settings.ignore_filters) if self._only is None else IgnoreRules(is_flat=True)

    def _registry(self, settings: VaultSettings) -> StatusRegistry:
        return StatusRegistry((*self.config.statuses, *settings.statuses))

    def _scan(self) -> Scan:
        from roadtui.vault.scan import Scan, scan  # Begins after the first screen.

        if self._only is None:
            return scan(self.root, self._rules)
        try:
            notes = {self._only: FileStamp.of((self.root / self._only).stat())}
        except OSError:
            notes = {}
        return Scan(self.folder.find(), notes, frozenset(), ())

    def _concerns(self, path: str) -> bool:
        return path == self._only if self._only is not None else not self._rules.leaves_out(path)

    def _look(self, path: str, known: VaultNote | None) -> NoteRead | UnreadableNoteError:
        parsed = (known.digest, known.note) if known is not None else None
        return read_and_parse(self.root / path, self.config.max_note_bytes, parsed)

    def _accept(self, path: str, found: NoteRead | UnreadableNoteError, draft: SnapshotBuilder) -> None:
        self._intake.accept(path, found, draft)

    def _add(self, looks: Mapping[str, NoteRead | UnreadableNoteError], *, is_complete: bool) -> Snapshot:
        """Publish what a load looked at without a turn; what was asked for meanwhile is looked at again."""
        with self._turn:
            meanwhile = self._intake.asked_meanwhile or set()
            draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
            for path, found in looks.items():
                if path not in draft.notes:
                    self._accept(path, self._look(path, None) if path in meanwhile else found, draft)
            self._intake.asked_meanwhile = set()
            return self._publish(draft, is_complete=is_complete)

    def _publish(self, draft: SnapshotBuilder, *, is_complete: bool) -> Snapshot:
        last = self._snapshot
        listed = tuple(draft.problems.values())
        if draft.differs or listed != last.problems or is_complete != last.is_complete:
            self._snapshot = replace(last, notes=draft.notes, problems=listed, is_complete=is_complete)
            self._catch_up.changed(draft.dropped, last, self._snapshot)
        return self._snapshot


def _listed(found: Scan) -> list[Problem]:
    """The problems of a scan, and the notes that are elsewhere."""
    elsewhere = (Problem(path, f"{path} is {IN_THE_CLOUD}.") for path in sorted(found.placeholders))
    return [*found.problems, *elsewhere]
