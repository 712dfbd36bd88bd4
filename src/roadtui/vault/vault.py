"""The live model of one vault: loaded, kept in step with the disk, edited through one writer.

Everything here blocks and is meant to be called from worker threads; the snapshots are immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING

from roadtui.config import Config
from roadtui.core.archives import ArchiveRules
from roadtui.core.errors import RefusedError
from roadtui.core.ignore_rules import IgnoreRules
from roadtui.core.markdown import content_hash, split_byte_order_mark, split_lines
from roadtui.core.tasks.status import StatusRegistry, TaskSettings
from roadtui.vault.edit_writer import EditCommit, EditWriter
from roadtui.vault.errors import Problem, UnreadableNoteError, VaultMissingError
from roadtui.vault.note_updates import IN_THE_CLOUD, NoteUpdater, SnapshotBuilder
from roadtui.vault.obsidian import VaultSettings, read_settings
from roadtui.vault.reader import FileStamp, NoteRead, decode, read_and_parse, read_note
from roadtui.vault.rebase import EditRebaser
from roadtui.vault.root import VaultRoot
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Edit
    from roadtui.vault.scan import Scan
    from roadtui.vault.writing import NoteWriter

_BATCH_SECONDS = 0.15
"""Seconds between two snapshots of a long load."""


class Vault:
    """One vault, or one note outside any vault. Thread-safe; calls are serialized."""

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
            make_writer: Makes the writer of bytes; called once, for the first edit.
            only: Path of the only note to read, relative to `root`; None reads all.
            had_notes: Whether the vault is known to have had notes; see `VaultRoot`.
            clock: Returns seconds that never step back; they limit how long a missing note is expected back.
        """
        self.root = root
        self.folder = VaultRoot(root, had_notes)
        """Determines whether the vault is missing; checked before a note is written or dropped."""
        self.config = config
        """The user's settings."""
        self._only = only
        self._lock = RLock()
        settings = read_settings(root)
        self._rules = self._rules_of(settings)
        self._updater = NoteUpdater(self.folder, config.count)
        self._rebaser = EditRebaser(clock)
        self.writer = EditWriter(self, self._lock, self._rebaser, make_writer)
        """Writes every edit."""
        hidden = tuple(path.strip("/") for path in config.hidden)
        self._snapshot = Snapshot(
            root,
            {},
            settings,
            self._registry(settings),
            is_complete=False,
            hidden=hidden,
            archives=ArchiveRules.of(config.next_exclude),
        )

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it was last read."""
        return self._snapshot

    @property
    def scope(self) -> Path:
        """The folder of the vault, or the path of the only note that is read."""
        return self.root if self._only is None else self.root / self._only

    @property
    def rules(self) -> IgnoreRules:
        """The paths that the vault's owner excluded in Obsidian."""
        return self._rules

    @property
    def dates(self) -> TaskSettings | None:
        """How a tick writes dates: by the settings of the Tasks plugin, or by the config.

        None if a tick changes the status symbol alone: no plugin, and no `done_dates` in the config.
        """
        plugin, done_dates = self._snapshot.settings.tasks_plugin, self.config.done_dates
        if plugin is None and not done_dates:
            return None
        dates = (plugin or TaskSettings())._replace(statuses=self._snapshot.statuses)
        if done_dates is None:
            return dates
        return dates._replace(set_done_date=done_dates, set_cancelled_date=done_dates)

    def load(self, first: str | None = None) -> Iterator[Snapshot]:
        """Read every note; yield a snapshot from time to time, and the complete one at the end.

        Args:
            first: A note to read and yield before all others.

        Raises:
            VaultMissingError: the vault is missing.
        """
        if first is not None:
            yield self.refresh([first])
        with self._lock:
            self.folder.find()
            found = self._scan()
            self._publish(SnapshotBuilder(self._snapshot, _listed(found)), is_complete=False)
            self._updater.updated_during_load = set()
        try:
            shown = monotonic()
            reads: dict[str, NoteRead | UnreadableNoteError] = {}
            for path in found.notes:
                if path not in self._snapshot.notes:
                    reads[path] = self._read(path, None)
                if monotonic() - shown > _BATCH_SECONDS:
                    yield self._add(reads, is_complete=False)
                    reads.clear()
                    shown = monotonic()
            yield self._add(reads, is_complete=True)
        finally:
            self._updater.updated_during_load = None

    def refresh(self, paths: Iterable[str] | None = None) -> Snapshot:
        """Read again the notes at `paths`, or those that a scan of the vault finds changed.

        If nothing differs, the result is the same object as the last snapshot.

        Raises:
            VaultMissingError: the vault is missing; no note is dropped.
        """
        with self._lock:
            self._refuse_missing()
            is_complete = self._snapshot.is_complete
            if paths is None:
                is_complete = is_complete or self._updater.updated_during_load is None
                found = self._scan()
                draft = SnapshotBuilder(self._snapshot, _listed(found))
                for path in draft.notes.keys() - found.notes.keys():
                    if path in found.placeholders:
                        draft.put(replace(draft.notes[path], label=IN_THE_CLOUD))
                    elif not found.is_unknown(path):
                        self._updater.remove(path, draft)
                known = self._snapshot.notes
                paths = [
                    path
                    for path, signature in found.notes.items()
                    if self._updater.may_differ(known.get(path), path, signature)
                ]
            else:
                draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
                paths = self._with_aliases(paths)
            for path in paths:
                if self._concerns(path):
                    self._accept(path, self._read(path, draft.notes.get(path)), draft)
                else:
                    self._updater.remove(path, draft)
            for path in draft.other_spellings(self.root):
                self._updater.remove(path, draft)
            snapshot = self._publish(draft, is_complete=is_complete)
            self._refuse_missing()
            return snapshot

    @property
    def reread_at(self) -> tuple[float, frozenset[str]] | None:
        """When (in `time.monotonic`) to refresh which notes, because their last read may be torn."""
        with self._lock:
            return self._updater.reread_at

    def reload_settings(self) -> Snapshot:
        """Read Obsidian's settings again and count every note by them.

        Raises:
            VaultMissingError: the vault is missing; the settings stay as they were.
        """
        with self._lock:
            self.folder.find()
            settings = read_settings(self.root)
            if settings != self._snapshot.settings:
                self._rules = self._rules_of(settings)
                statuses = self._registry(settings)
                changed = replace(self._snapshot, settings=settings, statuses=statuses)
                notes = {path: self._updater.counted(note, changed) for path, note in changed.notes.items()}
                self._snapshot = replace(changed, notes=notes)
            return self.refresh()

    def commit(self, edit: Edit) -> EditCommit:
        """Write `edit` into its note on disk and into the model; raises what `EditWriter.commit` does."""
        return self.writer.commit(edit)

    def put(self, path: str, found: NoteRead) -> Snapshot:
        """Update the note at `path`, which was just written."""
        draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
        self._accept(path, found, draft)
        return self._publish(draft, is_complete=self._snapshot.is_complete)

    def drop(self, path: str) -> Snapshot:
        """Remove the note at `path`, which was deleted on disk."""
        draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
        self._updater.remove(path, draft)
        draft.dropped.clear()  # It was deleted, so it is not looked for as a moved note.
        return self._publish(draft, is_complete=self._snapshot.is_complete)

    def lines(self, note: VaultNote) -> list[str]:
        """The lines of `note` as it was seen, with their ends, without a byte order mark.

        Raises:
            RefusedError: the note cannot be read, or has changed since; or the vault is missing.
        """
        try:
            self.folder.find()
            data = read_note(self.root / note.path, self.config.max_note_bytes).data
        except (UnreadableNoteError, VaultMissingError) as error:
            raise RefusedError(str(error)) from error
        if content_hash(data) != note.digest:
            raise RefusedError(f"{note.name} has just been changed. Check it and try again.")
        return split_lines(split_byte_order_mark(decode(data))[1])

    def close(self, seconds: float | None = None) -> list[str]:
        """Settle displaced files for a few seconds, or `seconds`, and leave the rest to the next start.

        Waits for a running write first: see `EditWriter.end_within`. Returns sentences for the user.
        """
        return self.writer.close(seconds)

    def _with_aliases(self, paths: Iterable[str]) -> Iterable[str]:
        """`paths`, and those of other notes that are the same files, by hard or symbolic links."""
        notes = self._snapshot.notes
        given = dict.fromkeys(paths)
        files = {notes[path].stamp.file for path in given if path in notes}
        return [*given, *(p for p, note in notes.items() if note.stamp.file in files and p not in given)]

    def _refuse_missing(self) -> None:
        try:
            self.folder.find()
        except VaultMissingError:
            self._updater.drop_unconfirmed()
            raise

    def _rules_of(self, settings: VaultSettings) -> IgnoreRules:
        return IgnoreRules.of(settings.ignore_filters) if self._only is None else IgnoreRules(is_flat=True)

    def _registry(self, settings: VaultSettings) -> StatusRegistry:
        return StatusRegistry((*self.config.statuses, *settings.statuses))

    def _scan(self) -> Scan:
        from roadtui.vault.scan import Scan, scan  # Not before the first screen.

        if self._only is None:
            return scan(self.root, self._rules)
        try:
            notes = {self._only: FileStamp.of((self.root / self._only).stat())}
        except OSError:
            notes = {}
        return Scan(self.folder.find(), notes, frozenset(), ())

    def _concerns(self, path: str) -> bool:
        return path == self._only if self._only is not None else not self._rules.leaves_out(path)

    def _read(self, path: str, known: VaultNote | None) -> NoteRead | UnreadableNoteError:
        parsed = (known.digest, known.note) if known is not None else None
        return read_and_parse(self.root / path, self.config.max_note_bytes, parsed)

    def _accept(self, path: str, found: NoteRead | UnreadableNoteError, draft: SnapshotBuilder) -> None:
        self._updater.accept(path, found, draft)

    def _add(self, reads: Mapping[str, NoteRead | UnreadableNoteError], *, is_complete: bool) -> Snapshot:
        """Publish the notes that a load has read without the lock; re-read those updated meanwhile."""
        with self._lock:
            meanwhile = self._updater.updated_during_load or set()
            draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
            for path, found in reads.items():
                if path not in draft.notes:
                    self._accept(path, self._read(path, None) if path in meanwhile else found, draft)
            self._updater.updated_during_load = set()
            return self._publish(draft, is_complete=is_complete)

    def _publish(self, draft: SnapshotBuilder, *, is_complete: bool) -> Snapshot:
        last = self._snapshot
        listed = tuple(draft.problems.values())
        if draft.differs or listed != last.problems or is_complete != last.is_complete:
            self._snapshot = replace(last, notes=draft.notes, problems=listed, is_complete=is_complete)
            self._rebaser.record_changes(draft.dropped, last, self._snapshot)
        return self._snapshot


def _listed(found: Scan) -> list[Problem]:
    """The problems of a scan, and the notes that are in the cloud only."""
    placeholders = (Problem(path, f"{path} is {IN_THE_CLOUD}.") for path in sorted(found.placeholders))
    return [*found.problems, *placeholders]
