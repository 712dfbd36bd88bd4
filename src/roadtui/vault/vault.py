"""The live model of one vault: loaded, kept in step with the disk, edited through one writer.

Everything here blocks and is meant to be called from worker threads; what it gives out is immutable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from time import monotonic

from roadtui.config import Config
from roadtui.core.edit import Applied, Edit, apply
from roadtui.core.errors import RefusedError
from roadtui.core.ignore import IgnoreRules
from roadtui.core.locate import digest
from roadtui.core.markdown import parse
from roadtui.core.progress import tally
from roadtui.core.status import StatusRegistry
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.obsidian import VaultSettings, read_settings
from roadtui.vault.reading import decode, read_note
from roadtui.vault.scanning import Scan, scan
from roadtui.vault.snapshot import Problem, Snapshot, VaultNote
from roadtui.vault.writing import NoteWriter

_BATCH_SECONDS = 0.15
"""How often a long load shows what it has so far."""


@dataclass(frozen=True, slots=True, eq=False)
class Committed:
    """What came of writing an edit."""

    snapshot: Snapshot
    path: str
    line: int
    """Where the edit took place, from 0."""
    inverse: Edit | None
    """The edit that takes it back; None where nothing was written."""


class Vault:
    """One vault, or one note outside any vault. Safe to use from several threads; calls take their turn."""

    def __init__(self, root: Path, config: Config, writer: NoteWriter, only: str | None = None) -> None:
        """Make a model of the vault at `root`, empty until `load`.

        Args:
            root: The vault's folder.
            config: The user's settings.
            writer: What every edit is written with.
            only: Path of the one note, relative to `root`, that is looked at; None looks at all.
        """
        self.root = root
        self._config = config
        self._writer = writer
        self._only = only
        self._turn = RLock()
        settings = read_settings(root)
        self._snapshot = Snapshot(root, {}, settings, self._registry(settings), is_complete=False)

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it was last seen."""
        return self._snapshot

    def load(self, first: str | None = None) -> Iterator[Snapshot]:
        """Read every note; gives a snapshot now and then, and the whole at the end.

        Args:
            first: A note to read and give before all others.
        """
        if first is not None:
            yield self.refresh([first])
        found = self._scan()
        shown = monotonic()
        notes = dict(self._snapshot.notes)
        problems = {problem.path: problem for problem in found.problems}
        for path in found.notes:
            if path not in notes:
                self._read(path, notes, problems)
            if monotonic() - shown > _BATCH_SECONDS:
                yield self._publish(notes, problems, is_complete=False)
                shown = monotonic()
        yield self._publish(notes, problems, is_complete=True)

    def refresh(self, paths: Iterable[str] | None = None) -> Snapshot:
        """Read again what may have changed: `paths`, or whatever a scan of the vault finds changed.

        A snapshot that equals the last one in every note is the same object.
        """
        with self._turn:
            notes = dict(self._snapshot.notes)
            problems = {problem.path: problem for problem in self._snapshot.problems}
            if paths is None:
                found = self._scan()
                problems = {problem.path: problem for problem in found.problems}
                for gone in notes.keys() - found.notes.keys():
                    del notes[gone]
                paths = [path for path, signature in found.notes.items() if self._may_differ(path, signature)]
            for path in paths:
                if self._concerns(path):
                    self._read(path, notes, problems)
            return self._publish(notes, problems, is_complete=self._snapshot.is_complete)

    def reload_settings(self) -> Snapshot:
        """Read Obsidian's settings again and count every note by them."""
        with self._turn:
            settings = read_settings(self.root)
            if settings == self._snapshot.settings:
                return self._snapshot
            statuses = self._registry(settings)
            notes = {
                path: replace(note, tally=tally(note.note, statuses, self._config.count))
                for path, note in self._snapshot.notes.items()
            }
            self._snapshot = replace(self._snapshot, notes=notes, settings=settings, statuses=statuses)
            return self.refresh()

    def commit(self, edit: Edit) -> Committed:
        """Write `edit` into its note on disk and into the model.

        Raises:
            RefusedError: the task is gone, is not as it was seen, or the note is not written by roadtui.
            RoadtuiError: the note could not be written; it is as it was.
        """
        with self._turn:
            known = self._snapshot.notes.get(edit.path)
            if known is not None and known.label:
                raise RefusedError(f"Not changed: {edit.path} is shown only ({known.label}).")
            made: list[Applied] = []

            def transform(data: bytes) -> bytes:
                made.append(apply(edit, data))
                return made[-1].data

            written = self._writer.write(self.root / edit.path, transform)
            applied = made[-1]
            note = self._model(edit.path, applied.note, applied.digest, written.signature)
            notes = {**self._snapshot.notes, edit.path: note}
            self._snapshot = replace(self._snapshot, notes=notes)
            return Committed(self._snapshot, edit.path, applied.line, applied.inverse)

    def _registry(self, settings: VaultSettings) -> StatusRegistry:
        return StatusRegistry((*self._config.statuses, *settings.statuses))

    def _scan(self) -> Scan:
        if self._only is not None:
            return scan_note(self.root, self._only)
        return scan(self.root, self._rules())

    def _rules(self) -> IgnoreRules:
        return IgnoreRules.from_filters(self._snapshot.settings.ignore_filters)

    def _concerns(self, path: str) -> bool:
        return path == self._only if self._only is not None else not self._rules().ignores(path)

    def _may_differ(self, path: str, signature: Signature) -> bool:
        known = self._snapshot.notes.get(path)
        return known is None or known.signature != signature or signature.is_fresh

    def _read(self, path: str, notes: dict[str, VaultNote], problems: dict[str, Problem]) -> None:
        """Bring one note up to date in `notes`; what cannot be read is left out of them and said in `problems`."""
        problems.pop(path, None)
        try:
            found = read_note(self.root / path, self._config.max_note_bytes)
        except UnreadableNoteError as error:
            notes.pop(path, None)
            if not isinstance(error, NoteGoneError):
                problems[path] = Problem(path, str(error))
            return
        fingerprint = digest(found.data)
        known = notes.get(path)
        if known is not None and known.digest == fingerprint:
            notes[path] = known if known.signature == found.signature else replace(known, signature=found.signature)
        else:
            notes[path] = self._model(path, parse(decode(found.data)), fingerprint, found.signature)

    def _model(self, path: str, note: Note, fingerprint: bytes, signature: Signature) -> VaultNote:
        counted = tally(note, self._snapshot.statuses, self._config.count)
        return VaultNote(path, note, counted, signature, fingerprint)

    def _publish(self, notes: dict[str, VaultNote], problems: dict[str, Problem], *, is_complete: bool) -> Snapshot:
        last = self._snapshot
        listed = tuple(problems.values())
        same = (last.problems, last.is_complete) == (listed, is_complete) and notes == last.notes
        if not same:
            self._snapshot = replace(last, notes=dict(notes), problems=listed, is_complete=is_complete)
        return self._snapshot
