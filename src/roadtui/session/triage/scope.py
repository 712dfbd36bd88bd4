"""Which notes a triage is about: those of a folder, or a note and the roadmaps that it links to."""

from __future__ import annotations

from dataclasses import dataclass

from roadtui.core.links import linked_notes
from roadtui.vault.snapshot import Snapshot, VaultNote


@dataclass(frozen=True, slots=True, eq=False)
class TriageScope:
    """Some roadmaps of one state of a vault."""

    snapshot: Snapshot
    title: str
    """The name of the vault, folder or note."""
    notes: tuple[VaultNote, ...]
    """Those with tasks."""
    main: VaultNote | None = None
    """The note that it is about; the others are what that note links to."""

    @classmethod
    def of(cls, snapshot: Snapshot, below: str) -> TriageScope:
        """The roadmaps at or below `below`: a note, a folder, or the vault (empty).

        Of a note also those that it links to; of a hub, all that it leads to. What is archived is left out
        unless it is named.
        """
        note = snapshot.notes.get(below)
        if note is None:
            listed = snapshot.roadmaps if snapshot.archives.hold(below) else snapshot.suggested_roadmaps
            found = [one for one in listed if not below or one.path.startswith(f"{below}/")]
            return cls(snapshot, below or snapshot.root.name, tuple(found))
        if not note.has_tasks:
            return cls(snapshot, note.name, tuple(snapshot.hubs().get(below, ())))
        linked = linked_notes(snapshot.links.links(below, note.content), below)
        around = {one.path: one for one in snapshot.suggested_roadmaps}
        others = (around[path] for path in linked if path in around)
        return cls(snapshot, note.name, (note, *others), note)

    @property
    def whole_title(self) -> str:
        """The title with what else it is about: `ML Roadmap and what it links to`."""
        return f"{self.title} and what it links to" if self.main and len(self.notes) > 1 else self.title
