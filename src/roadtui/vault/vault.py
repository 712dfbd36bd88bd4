"""The live model of one vault: loaded, kept in step with the disk, edited through one writer.

Everything here but the properties blocks and is meant to be called from worker threads; the snapshots are
immutable. Notes are read, parsed and counted without a lock; what was found is applied to the next snapshot
under one, for as short as that takes, so that an edit overtakes a long load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from roadtui.config import Config
from roadtui.core.archives import ArchiveRules
from roadtui.core.errors import RefusedError
from roadtui.core.ignore_rules import IgnoreRules
from roadtui.core.markdown import content_hash, split_byte_order_mark, split_lines
from roadtui.core.tasks.status import StatusRegistry, TaskSettings
from roadtui.vault.cache.vault_cache import VaultCache
from roadtui.vault.edit_writer import EditCommit, EditWriter
from roadtui.vault.errors import Problem, UnreadableNoteError, VaultMissingError
from roadtui.vault.loading.loader import VaultLoader
from roadtui.vault.note_content import MOST_ITEMS_KEPT, ParsedNotes
from roadtui.vault.note_updates import IN_THE_CLOUD, NoteUpdater, PreparedRead, SnapshotBuilder
from roadtui.vault.obsidian import VaultSettings, read_settings
from roadtui.vault.reader import FileStamp, NoteRead, decode, read_and_parse, read_note
from roadtui.vault.rebase import EditRebaser
from roadtui.vault.root import VaultRoot
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Edit
    from roadtui.vault.cache.note_cache import NoteCache
    from roadtui.vault.scan import Scan
    from roadtui.vault.writing import NoteWriter


class Vault:
    """One vault, or one note outside any vault. Thread-safe; writes are serialized, reads are not."""

    def __init__(
        self,
        root: Path,
        config: Config,
        make_writer: Callable[[], NoteWriter],
        only: str | None = None,
        had_notes: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = monotonic,
        most_items_kept: int = MOST_ITEMS_KEPT,
        open_cache: Callable[[], NoteCache | None] = lambda: None,
    ) -> None:
        """Make a model of the vault at `root`, empty until `load`.

        Args:
            root: The vault's folder.
            config: The user's settings.
            make_writer: Makes the writer of bytes; called once, for the first edit.
            only: Path of the only note to read, relative to `root`; None reads all.
            had_notes: Whether the vault is known to have had notes; see `VaultRoot`.
            clock: Returns seconds that never step back; they limit how long a missing note is expected back.
            most_items_kept: List items of the parses that are kept in memory; others are read again.
            open_cache: Makes the cache of notes for the first load; None reads every note anew.
        """
        self.root = root
        self.folder = VaultRoot(root, had_notes)
        """Determines whether the vault is missing; checked before a note is written or dropped."""
        self.config = config
        """The user's settings."""
        self._only = only
        self._lock = Lock()
        """Held while what was found is applied to the snapshot: no reading, parsing or writing meanwhile."""
        settings = read_settings(root)
        self._rules = _rules_of(settings, self._only)
        self._notes = ParsedNotes(root, config.max_note_bytes, most_items_kept)
        self._updater = NoteUpdater(self.folder, self._notes)
        self._rebaser = EditRebaser(clock)
        self.writer = EditWriter(self, self._rebaser, make_writer)
        """Writes every edit."""
        self.cache = VaultCache(open_cache, lambda: self._snapshot, self._updater, self._lock)
        """What earlier runs of the program have read, and what later ones can take from this one."""
        self.loader = VaultLoader(self, self._updater, self._notes, self.cache)
        """Reads the whole vault for the first time."""
        self._reread_at: tuple[float, frozenset[str]] | None = None
        self._snapshot = Snapshot(
            root, {}, settings, _registry(self.config, settings), is_complete=False, **_shown_by(config)
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
        return _dates_by(self._snapshot, self.config.done_dates)

    def load(self, first: str | None = None) -> Iterator[Snapshot]:
        """Read every note; yield a snapshot from time to time, and the complete one at the end.

        Args:
            first: A note to read and yield before all others.

        Raises:
            VaultMissingError: the vault is missing.
        """
        return self.loader.load(first)

    def refresh(self, paths: Iterable[str] | None = None) -> Snapshot:
        """Read again the notes at `paths`, or those that a scan of the vault finds changed.

        If nothing differs, the result is the same object as the last snapshot.

        Raises:
            VaultMissingError: the vault is missing; no note is dropped.
        """
        self._refuse_missing()
        ticket = self._updater.next_ticket()
        found = self.scan() if paths is None else None
        if found is not None:
            with self._lock:
                paths = [
                    path
                    for path, stamp in found.notes.items()
                    if path not in self.loader.unread
                    and (self.loader.has_scanned or path in self._snapshot.notes)
                    and self._updater.may_differ(self._snapshot.notes.get(path), path, stamp)
                ]
        else:
            paths = _with_aliases(paths or (), self._snapshot.notes)
        concerned = {path: self.read(path) if self._concerns(path) else None for path in paths}
        with self._lock:
            draft = SnapshotBuilder(
                self._snapshot, self._snapshot.problems if found is None else _listed(found)
            )
            if found is not None:
                self._remove_missing(found, ticket, draft)
            for path, read in concerned.items():
                if read is not None:
                    self._updater.accept(read, draft)
                else:
                    self._updater.remove(path, ticket, draft)
            for path in draft.other_spellings(self.root):
                self._updater.remove(path, self._updater.next_ticket(), draft)
            is_complete = self._snapshot.is_complete or (found is not None and not self.loader.is_loading)
            snapshot = self._publish(draft, is_complete=is_complete)
        self._refuse_missing()
        return snapshot

    def _remove_missing(self, found: Scan, ticket: int, draft: SnapshotBuilder) -> None:
        """Remove the notes that a scan that began at `ticket` has not found."""
        for path in draft.notes.keys() - found.notes.keys():
            if path in found.placeholders:
                draft.put(replace(draft.notes[path], label=IN_THE_CLOUD))
            elif not found.is_unknown(path):
                self._updater.remove(path, ticket, draft)

    @property
    def reread_at(self) -> tuple[float, frozenset[str]] | None:
        """When (in `time.monotonic`) to refresh which notes, because their last read may be torn.

        Takes no lock: the event loop asks for it.
        """
        return self._reread_at

    def reload_settings(self) -> Snapshot:
        """Read Obsidian's settings again and count every note by them.

        Raises:
            VaultMissingError: the vault is missing; the settings stay as they were.
        """
        self.folder.find()
        settings = read_settings(self.root)
        if settings != self._snapshot.settings:
            rules = _rules_of(settings, self._only)
            self._count_by(rules, settings=settings, statuses=_registry(self.config, settings))
        return self.refresh()

    def use_config(self, config: Config) -> Snapshot:
        """Take `config` for the user's settings from now on, and count every note by them."""
        before, self.config = self.config, config
        if before.count is not config.count:
            self._count_by(self._rules, **_shown_by(config))
        elif (before.hidden, before.next_exclude) != (config.hidden, config.next_exclude):
            with self._lock:
                self._snapshot = replace(self._snapshot, **_shown_by(config))
        return self._snapshot

    def _count_by(self, rules: IgnoreRules, **changes: Any) -> None:
        """Count every note by other settings; those that change meanwhile, once they are applied.

        `changes`: the fields of the snapshot that are other ones.
        """
        changed = replace(self._snapshot, **changes)
        counted = self._updater.counted_anew(self._snapshot, changed)
        with self._lock:
            self._rules = rules
            latest = replace(self._snapshot, **changes)
            self._snapshot = replace(latest, notes=self._updater.counted_notes(latest, counted))

    def commit(self, edit: Edit) -> EditCommit:
        """Write `edit` into its note on disk and into the model; raises what `EditWriter.commit` does."""
        return self.writer.commit(edit)

    def put(self, path: str, found: NoteRead) -> Snapshot:
        """Update the note at `path`, which was just written."""
        ticket = self._updater.next_ticket()
        read = self._updater.prepare(path, ticket, found, self._snapshot)
        with self._lock:
            draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
            self._updater.accept(read, draft)
            return self._publish(draft, is_complete=self._snapshot.is_complete)

    def drop(self, path: str) -> Snapshot:
        """Remove the note at `path`, which was deleted on disk."""
        ticket = self._updater.next_ticket()
        with self._lock:
            draft = SnapshotBuilder(self._snapshot, self._snapshot.problems)
            self._updater.remove(path, ticket, draft)
            draft.dropped.clear()  # It was deleted, so it is not looked for as a moved note.
            return self._publish(draft, is_complete=self._snapshot.is_complete)

    def lines(self, note: VaultNote) -> list[str]:
        """The lines of `note`; see `lines_of`."""
        return lines_of(self, note)

    def close(self, seconds: float | None = None) -> list[str]:
        """Settle displaced files for a few seconds, or `seconds`, and leave the rest to the next start.

        Waits for a running write first: see `EditWriter.end_within`. Returns sentences for the user.
        """
        return self.writer.close(seconds)

    def _refuse_missing(self) -> None:
        try:
            self.folder.find()
        except VaultMissingError:
            with self._lock:
                self._updater.drop_unconfirmed()
                self._reread_at = None
            raise

    def scan(self) -> Scan:
        """List the notes, or the only one. Raises VaultMissingError if the vault is missing."""
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

    def read(self, path: str, *, is_one_of_many: bool = False) -> PreparedRead:
        """Read, parse and count the note at `path`, without applying that. Takes no lock.

        `is_one_of_many`: see `NoteContent`.
        """
        ticket = self._updater.next_ticket()
        snapshot = self._snapshot
        known = snapshot.notes.get(path)
        parsed = known.content.at_hand if known is not None else None
        pause = self.writer.pause(path)
        found = read_and_parse(self.root / path, self.config.max_note_bytes, parsed, pause)
        return self._updater.prepare(path, ticket, found, snapshot, is_one_of_many=is_one_of_many)

    @contextmanager
    def applying(
        self, found: Scan | None = None, *, is_complete: bool | None = None
    ) -> Iterator[SnapshotBuilder]:
        """Publish what the block applies to the builder; everybody else who applies anything waits meanwhile.

        Args:
            found: A scan, whose problems replace those of the snapshot.
            is_complete: Whether all notes are read then; None leaves that as it is.
        """
        with self._lock:
            draft = SnapshotBuilder(
                self._snapshot, self._snapshot.problems if found is None else _listed(found)
            )
            yield draft
            self._publish(
                draft, is_complete=self._snapshot.is_complete if is_complete is None else is_complete
            )

    def _publish(self, draft: SnapshotBuilder, *, is_complete: bool) -> Snapshot:
        last = self._snapshot
        listed = tuple(draft.problems.values())
        self._reread_at = self._updater.reread_at
        if draft.differs or listed != last.problems or is_complete != last.is_complete:
            self._snapshot = replace(
                last,
                notes=draft.notes,
                problems=listed,
                is_complete=is_complete,
                unread=len(self.loader.unread),
            )
            self._rebaser.record_changes(draft.dropped, last, self._snapshot)
        return self._snapshot


def _rules_of(settings: VaultSettings, only: str | None) -> IgnoreRules:
    return IgnoreRules.of(settings.ignore_filters) if only is None else IgnoreRules(is_flat=True)


def _registry(config: Config, settings: VaultSettings) -> StatusRegistry:
    return StatusRegistry((*config.statuses, *settings.statuses))


def _shown_by(config: Config) -> dict[str, Any]:
    """What of a snapshot depends on the user's settings."""
    return {
        "hidden": tuple(path.strip("/") for path in config.hidden),
        "count_mode": config.count,
        "archives": ArchiveRules.of(config.next_exclude),
    }


def _listed(found: Scan) -> list[Problem]:
    """The problems of a scan, and the notes that are in the cloud only."""
    placeholders = (Problem(path, f"{path} is {IN_THE_CLOUD}.") for path in sorted(found.placeholders))
    return [*found.problems, *placeholders]


def _dates_by(snapshot: Snapshot, done_dates: bool | None) -> TaskSettings | None:
    plugin = snapshot.settings.tasks_plugin
    if plugin is None and not done_dates:
        return None
    dates = (plugin or TaskSettings())._replace(statuses=snapshot.statuses)
    if done_dates is None:
        return dates
    return dates._replace(set_done_date=done_dates, set_cancelled_date=done_dates)


def _with_aliases(paths: Iterable[str], notes: Mapping[str, VaultNote]) -> Iterable[str]:
    """`paths`, and those of other `notes` that are the same files, by hard or symbolic links."""
    given = dict.fromkeys(paths)
    files = {notes[path].stamp.file for path in given if path in notes}
    return [*given, *(p for p, note in notes.items() if note.stamp.file in files and p not in given)]


def lines_of(vault: Vault, note: VaultNote) -> list[str]:
    """The lines of `note` as it was seen, with their ends, without a byte order mark.

    Raises:
        RefusedError: the note cannot be read, or has changed since; or the vault is missing.
    """
    try:
        vault.folder.find()
        data = read_note(vault.root / note.path, vault.config.max_note_bytes).data
    except (UnreadableNoteError, VaultMissingError) as error:
        raise RefusedError(str(error)) from error
    if content_hash(data) != note.digest:
        raise RefusedError(f"{note.name} has just been changed. Check it and try again.")
    return split_lines(split_byte_order_mark(decode(data))[1])
