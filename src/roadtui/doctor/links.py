"""Finds links that lead nowhere, and links that may mean several notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from roadtui.core.link_targets import LinkTarget, find_heading
from roadtui.core.links import LinkResolver
from roadtui.core.note import Link
from roadtui.doctor.finding import Finding, FindingKind
from roadtui.vault.snapshot import Snapshot, VaultNote


class LinkCheck:
    """Checks the links of one vault."""

    def __init__(self, snapshot: Snapshot, files: Iterable[str] | None) -> None:
        """Prepare to check the notes of `snapshot`.

        Args:
            snapshot: The vault.
            files: Every file that a link can lead to; None for a single note outside a vault, where links to
                other files are not checked.
        """
        self._snapshot = snapshot
        self._has_all_files = files is not None
        self._resolver = LinkResolver(snapshot.notes if files is None else files)
        self._aliases: Mapping[str, str] | None = None

    def findings(self, note: VaultNote) -> Iterator[Finding]:
        """Find the problems of the links in `note`; a link that is twice on a line is reported once."""
        for link in dict.fromkeys(note.note.links):
            possible_targets = self._resolver.possible_targets(link.target, note.path)
            if not possible_targets:
                if self._has_all_files:
                    yield self._finding(note, link, FindingKind.DEAD_LINK, self._leads_nowhere(link))
            elif len(possible_targets) > 1:
                others = " or ".join(sorted(possible_targets[1:]))
                yield self._finding(
                    note,
                    link,
                    FindingKind.AMBIGUOUS_LINK,
                    f"The link to “{link.target}” opens {possible_targets[0]}, but could also mean {others}. "
                    "Write the whole path.",
                )
            elif (target := self._snapshot.notes.get(possible_targets[0])) is not None and not target.label:
                headings = LinkTarget.of(link.target).headings
                if headings and find_heading(target.note, headings) is None:
                    heading = link.target.partition("#")[2]
                    sentence = f"The link leads to {target.name}, which has no heading “{heading}”."
                    yield self._finding(note, link, FindingKind.DEAD_LINK, sentence)

    def _finding(self, note: VaultNote, link: Link, kind: FindingKind, sentence: str) -> Finding:
        return Finding(note.path, link.line + 1, kind, sentence)

    def _leads_nowhere(self, link: Link) -> str:
        if self._aliases is None:
            notes = self._snapshot.notes.values()
            self._aliases = {name.casefold(): note.name for note in notes for name in note.names[1:]}
        name = self._aliases.get(link.target.partition("#")[0].strip().casefold())
        if name is None:
            return f"The link to “{link.target}” leads nowhere: there is no such file in the vault."
        return (
            f"The link to “{link.target}” leads nowhere: this is an alias of {name}. "
            f"Write [[{name}|{link.target}]]."
        )
