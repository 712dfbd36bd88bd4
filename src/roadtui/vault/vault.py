"""The live model of one vault: loaded, kept in step with the disk, edited through one writer.

Everything here blocks and is meant to be called from worker threads; what it gives out is immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import RLock
from time import monotonic, time_ns
from typing import TYPE_CHECKING, NamedTuple

from roadtui.config import Config
from roadtui.core.digest import digest
from roadtui.core.errors import RefusedError
from roadtui.core.ignore import IgnoreRules
from roadtui.core.markdown import parse
from roadtui.core.note import Note
from roadtui.core.status import StatusRegistry
from roadtui.core.task_settings import TaskSettings
from roadtui.vault.errors import NoteGoneError, Problem, Unreadable, UnreadableNoteError
from roadtui.vault.obsidian import VaultSettings, read_settings
from roadtui.vault.reading import NoteBytes, decode, is_utf16, read_note
from roadtui.vault.signature import Signature
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.edit import Applied, Edit
    from roadtui.vault.provisional import Doubt
    from roadtui.vault.scanning import Scan
    from roadtui.vault.writing import NoteWriter

_BATCH_SECONDS = 0.15
"""How often a long load shows what it has so far."""


class Committed(NamedTuple):
    """What came of writing an edit."""

    snapshot: Snapshot
    path: str
    line: int
    """Where the edit took place, from 0."""
    inverse: Edit | None
    """The edit that takes it back; None where nothing was written."""
    data: bytes
    """The bytes of the note now."""


class Vault:
    """One vault, or one note outside any vault. Safe to use from several threads; calls take their turn."""

    def __init__(
        self, root: Path, config: Config, make_writer: Callable[[], NoteWriter], only: str | None = None
    ) -> None:
        """Make a model of the vault at `root`, empty until `load`.

        Args:
            root: The vault's folder.
            config: The user's settings.
            make_writer: Gives what every edit is written with; called once, for the first edit.
            only: Path of the one note, relative to `root`, that is looked at; None looks at all.
        """
        self.root = root
        self._config = config
        self._make_writer = make_writer
        self._writer: NoteWriter | None = None
        self._only = only
        self._turn = RLock()
        settings = read_settings(root)
        self._rules = self._rules_of(settings)
        self._doubts: dict[str, Doubt] = {}
        self._snapshot = Snapshot(root, {}, settings, self._registry(settings), is_complete=False)

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it was last seen."""
        return self._snapshot

    @property
    def rules(self) -> IgnoreRules:
        """What the vault's owner told Obsidian to leave out."""
        return self._rules

    @property
    def dates(self) -> TaskSettings | None:
        """How ticking writes dates here: as the Tasks plugin is set to, or as the config says.

        None where a tick changes the mark alone: no plugin, and nothing asked for.
        """
        plugin, wanted = self._snapshot.settings.tasks_plugin, self._config.done_dates
        if wanted is None:
            return plugin
        base = plugin or TaskSettings(statuses=self._snapshot.statuses)
        if not wanted and plugin is None:
            return None
        return base._replace(set_done_date=wanted, set_cancelled_date=wanted)

    def load(self, first: str | None = None) -> Iterator[Snapshot]:
        """Read every note; gives a snapshot now and then, and the whole at the end.

        Args:
            first: A note to read and give before all others.

        Raises:
            VaultMissingError: the vault's folder is not there.
        """
        if first is not None:
            yield self.refresh([first])
        shown = monotonic()
        with self._turn:
            found = self._scan()
            draft = _Draft(self._snapshot, found.problems)
        for path in found.notes:
            if path not in draft.notes:
                self._read(path, draft)
            if monotonic() - shown > _BATCH_SECONDS:
                yield self._merge(draft, is_complete=False)
                shown = monotonic()
        yield self._merge(draft, is_complete=True)

    def refresh(self, paths: Iterable[str] | None = None) -> Snapshot:
        """Read again what may have changed: `paths`, or whatever a scan of the vault finds changed.

        Where nothing differs, the result is the same object as the last snapshot.

        Raises:
            VaultMissingError: everything was asked for, and the vault's folder is not there.
        """
        with self._turn:
            if paths is None:
                found = self._scan()
                draft = _Draft(self._snapshot, found.problems)
                for path in draft.notes.keys() - found.notes.keys():
                    if path in found.placeholders:
                        draft.put(replace(draft.notes[path], label="kept in iCloud"))
                    elif not found.knows_nothing_of(path):
                        draft.drop(path)
                paths = [path for path, signature in found.notes.items() if self._may_differ(path, signature)]
            else:
                draft = _Draft(self._snapshot, self._snapshot.problems)
                paths = [path for path in paths if self._concerns(path)]
            for path in paths:
                self._read(path, draft)
            return self._publish(draft, is_complete=self._snapshot.is_complete)

    @property
    def look_again_at(self) -> tuple[float, frozenset[str]] | None:
        """When (of `time.monotonic`) to refresh which notes, because their last read may have been torn."""
        with self._turn:
            if not self._doubts:
                return None
            return min(doubt.look_at for doubt in self._doubts.values()), frozenset(self._doubts)

    def reload_settings(self) -> Snapshot:
        """Read Obsidian's settings again and count every note by them."""
        with self._turn:
            settings = read_settings(self.root)
            if settings != self._snapshot.settings:
                self._rules = self._rules_of(settings)
                statuses = self._registry(settings)
                self._snapshot = replace(self._snapshot, settings=settings, statuses=statuses)
                notes = {path: self._counted(note) for path, note in self._snapshot.notes.items()}
                self._snapshot = replace(self._snapshot, notes=notes)
            return self.refresh()

    def commit(self, edit: Edit) -> Committed:
        """Write `edit` into its note on disk and into the model.

        Raises:
            RefusedError: the task is gone, is not as it was seen, or the note is not written by roadtui.
            WriteFailedError: the note could not be written; it is as it was.
        """
        with self._turn:
            known = self._snapshot.notes.get(edit.path)
            if known is not None and known.label:
                raise RefusedError(f"Not changed: {known.name} is shown only ({known.label}).")
            if not self.root.is_dir():
                raise NoteGoneError(self.root, f"Not changed: the vault folder {self.root} is not there now.")
            from roadtui.core.edit import apply  # Not on the way to the first screen: edits come later.

            made: list[Applied] = []

            def transform(data: bytes) -> bytes:
                made.append(apply(edit, data))
                return made[-1].data

            written = self._open_writer().write(self.root / edit.path, transform)
            applied = made[-1]
            note = self._model(edit.path, applied.note, applied.digest, written.signature, time_ns())
            self._doubts.pop(edit.path, None)
            self._snapshot = replace(self._snapshot, notes={**self._snapshot.notes, edit.path: note})
            return Committed(self._snapshot, edit.path, applied.line, applied.inverse, applied.data)

    def recover(self, state: Path) -> list[str]:
        """Settle what an earlier run left unfinished in the folder `state`; a sentence for each find."""
        from roadtui.vault.writing import recover  # After the first screen, like everything that writes.

        with self._turn:
            return [found.message for found in recover(state, self._open_writer())]

    @property
    def is_unsettled(self) -> bool:
        """Whether a file is kept beside a note until nobody can write into it any more; then `settle`."""
        return self._writer is not None and self._writer.unsettled > 0

    def settle(self) -> list[str]:
        """Look at those files again; a sentence for each late edit that was found in one."""
        with self._turn:
            return [found.message for found in self._open_writer().settle()]

    def close(self) -> list[str]:
        """Settle what can be settled in a few seconds, and leave the rest to the next start."""
        with self._turn:
            return [found.message for found in self._writer.close()] if self._writer is not None else []

    def _open_writer(self) -> NoteWriter:
        if self._writer is None:
            self._writer = self._make_writer()
        return self._writer

    def _rules_of(self, settings: VaultSettings) -> IgnoreRules:
        return IgnoreRules.of(settings.ignore_filters) if self._only is None else IgnoreRules(is_flat=True)

    def _registry(self, settings: VaultSettings) -> StatusRegistry:
        return StatusRegistry((*self._config.statuses, *settings.statuses))

    def _scan(self) -> Scan:
        from roadtui.vault.scanning import Scan, folder_id, scan  # Begins after the first screen.

        if self._only is None:
            return scan(self.root, self._rules)
        try:
            notes = {self._only: Signature.of((self.root / self._only).stat())}
        except OSError:
            notes = {}
        return Scan(folder_id(self.root) or (0, 0), notes, frozenset(), ())

    def _concerns(self, path: str) -> bool:
        return path == self._only if self._only is not None else not self._rules.leaves_out(path)

    def _may_differ(self, path: str, signature: Signature) -> bool:
        known = self._snapshot.notes.get(path)
        return known is None or known.signature != signature or signature.may_hide_a_change(known.read_at_ns)

    def _read(self, path: str, draft: _Draft) -> None:
        """Bring one note of `draft` up to date; what cannot be read is left out, and a problem of it."""
        draft.problems.pop(path, None)
        try:
            read_at_ns = time_ns()
            found = read_note(self.root / path, self._config.max_note_bytes)
        except UnreadableNoteError as error:
            if error.reason is Unreadable.BUSY:
                return
            draft.drop(path)
            if error.reason is not Unreadable.GONE:
                draft.problems[path] = Problem(path, str(error))
            return
        known = draft.notes.get(path)
        fingerprint = digest(found.data)
        if known is not None and known.digest == fingerprint:
            self._doubts.pop(path, None)
            draft.put(replace(known, signature=found.signature, read_at_ns=read_at_ns))
            return
        label = "UTF-16" if is_utf16(found.data) else ""
        note = parse("" if label else decode(found.data))
        if not self._is_doubtful(path, known, found, note):
            draft.put(self._model(path, note, fingerprint, found.signature, read_at_ns, label))

    def _is_doubtful(self, path: str, known: VaultNote | None, found: NoteBytes, note: Note) -> bool:
        """Whether this may be a note that another program is in the middle of writing."""
        if not found.torn_risk:
            self._doubts.pop(path, None)
            return False
        from roadtui.vault.provisional import Extent, doubt  # Hardly ever needed where there are leases.

        before = Extent(known.signature.size, sum(1 for _ in known.note.tasks)) if known is not None else None
        read = Extent(len(found.data), sum(1 for _ in note.tasks), hash(found.data))
        doubtful = doubt(before, read, self._doubts.pop(path, None), monotonic())
        if doubtful is not None:
            self._doubts[path] = doubtful
        return doubtful is not None

    def _model(
        self,
        path: str,
        note: Note,
        fingerprint: bytes,
        signature: Signature,
        read_at_ns: int,
        label: str = "",
    ) -> VaultNote:
        return self._counted(VaultNote(path, note, signature, fingerprint, read_at_ns, label=label))

    def _counted(self, note: VaultNote) -> VaultNote:
        snapshot = self._snapshot
        return note.counted(snapshot.statuses, snapshot.format, self._config.count)

    def _merge(self, draft: _Draft, *, is_complete: bool) -> Snapshot:
        """Publish a draft that was read without a turn: what an edit or a refresh made meanwhile is newer."""
        with self._turn:
            draft.notes.update(self._snapshot.notes)
            return self._publish(draft, is_complete=is_complete)

    def _publish(self, draft: _Draft, *, is_complete: bool) -> Snapshot:
        last = self._snapshot
        listed = tuple(draft.problems.values())
        if draft.differs or listed != last.problems or is_complete != last.is_complete:
            self._snapshot = replace(last, notes=dict(draft.notes), problems=listed, is_complete=is_complete)
        draft.differs = False
        return self._snapshot


class _Draft:
    """The next snapshot in the making."""

    __slots__ = ("differs", "notes", "problems")

    def __init__(self, last: Snapshot, problems: Iterable[Problem]) -> None:
        self.notes = dict(last.notes)
        self.problems = {problem.path: problem for problem in problems}
        self.differs = False
        """Whether any note differs from the last snapshot in what it says."""

    def put(self, note: VaultNote) -> None:
        known = self.notes.get(note.path)
        self.notes[note.path] = note
        if known is None or known.note is not note.note:
            self.differs = True

    def drop(self, path: str) -> None:
        if self.notes.pop(path, None) is not None:
            self.differs = True
