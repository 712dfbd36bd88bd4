"""Lists the notes of a vault and the stamp of each file, in one pass. Reads folders, never notes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from roadtui.core.ignore_rules import NOTHING_IGNORED, IgnoreRules
from roadtui.vault.errors import Problem, VaultMissingError
from roadtui.vault.path_kind import PLACEHOLDER_SUFFIX, is_note_name
from roadtui.vault.reader import FileStamp
from roadtui.vault.root import FolderId, folder_id


@dataclass(frozen=True, slots=True)
class Scan:
    """The result of a scan. All paths are vault-relative with forward slashes.

    Names that are not UTF-8 are decoded with `surrogateescape`; `os.fsencode` restores their bytes.
    """

    root_id: FolderId
    notes: Mapping[str, FileStamp]
    placeholders: frozenset[str]
    """Notes that are only in iCloud (`.Name.md.icloud` stands for `Name.md`): shown, never written."""
    problems: tuple[Problem, ...]
    """Files and folders that could not be read: notes at or below these paths are unknown."""

    def is_unknown(self, path: str) -> bool:
        """Whether a problem kept the scan from finding out whether a note is at `path`."""
        return any(path == p.path or not p.path or path.startswith(f"{p.path}/") for p in self.problems)


def _root_id(root: Path) -> FolderId:
    found = folder_id(root)
    if found is None:
        raise VaultMissingError(f"The vault folder {root} is not there.")
    return found


def scan(root: Path, ignored: IgnoreRules = NOTHING_IGNORED) -> Scan:
    """Find every note below `root`.

    Files and folders whose name starts with a dot, and excluded files, are left out, as in Obsidian. Links to
    folders are followed, each folder once, and preferably by its path without a link.

    Raises:
        VaultMissingError: the root is missing, or was replaced during the scan. A missing vault must not look
            like a vault whose notes were all deleted.
    """
    walk = _Walk(root, ignored)
    walk.run()
    return Scan(walk.root_id, walk.notes, frozenset(walk.placeholders), tuple(walk.problems))


def folders_of(root: Path, ignored: IgnoreRules = NOTHING_IGNORED) -> list[str]:
    """Every folder that `scan` reads; the first is the vault itself, the empty path.

    Raises:
        VaultMissingError: as `scan`.
    """
    walk = _Walk(root, ignored, folders_only=True)
    walk.run()
    return walk.folders


def folders_and_links(root: Path, ignored: IgnoreRules = NOTHING_IGNORED) -> list[str]:
    """Every folder that `scan` reads, as `folders_of`, and after them all links to folders.

    Raises:
        VaultMissingError: as `scan`.
    """
    walk = _Walk(root, ignored, folders_only=True)
    walk.run()
    return [*walk.folders, *walk.links]


class _Walk:
    """One pass over the folders, with a list of folders still to visit in place of recursion."""

    def __init__(self, root: Path, ignored: IgnoreRules, *, folders_only: bool = False) -> None:
        self.root_id = _root_id(root)
        self.notes: dict[str, FileStamp] = {}
        self.folders: list[str] = []
        self.links: list[str] = []
        """Those to folders."""
        self.placeholders: set[str] = set()
        self.problems: list[Problem] = []
        self._root = os.fspath(root)
        self._ignored = ignored
        self._folders_only = folders_only
        self._seen = {self.root_id}
        self._to_visit = [""]
        self._links: list[str] = []

    def run(self) -> None:
        while self._to_visit or self._links:
            if self._to_visit:
                self._visit(self._to_visit.pop())
            else:
                self._links.sort(reverse=True)
                self._enter(self._links.pop())
        if _root_id(Path(self._root)) != self.root_id:
            raise VaultMissingError(f"The vault folder {self._root} was replaced while it was being read.")

    def _visit(self, folder: str) -> None:
        self.folders.append(folder)
        prefix = f"{folder}/" if folder else ""
        try:
            with os.scandir(os.path.join(self._root, folder)) as entries:
                for entry in entries:
                    self._add_entry(entry, prefix + entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return  # The folder was removed during the scan.
        except OSError as error:
            self._report(folder, error)

    def _add_entry(self, entry: os.DirEntry[str], path: str) -> None:
        name = entry.name
        if name.startswith("."):
            if name.endswith(PLACEHOLDER_SUFFIX):
                self._add_placeholder(path, name)
        elif entry.is_symlink():
            self._add_link(path)
        elif entry.is_dir(follow_symlinks=False):
            self._enter(path)
        elif is_note_name(name):
            self._add_note(path)

    def _add_link(self, path: str) -> None:
        status = self._stat(path)
        if status is None:
            return
        if stat.S_ISDIR(status.st_mode):
            self._links.append(path)
            self.links.append(path)
        elif is_note_name(path):
            self._add_note(path)

    def _enter(self, folder: str) -> None:
        if self._ignored.leaves_out_folder(folder) or (status := self._stat(folder)) is None:
            return
        found = status.st_dev, status.st_ino
        if found not in self._seen:
            self._seen.add(found)
            self._to_visit.append(folder)

    def _add_note(self, path: str) -> None:
        if self._folders_only or self._ignored.leaves_out(path) or (status := self._stat(path)) is None:
            return
        if stat.S_ISREG(status.st_mode):
            self.notes[path] = FileStamp.of(status)
        else:
            self.problems.append(Problem(path, "It is not a regular file."))

    def _add_placeholder(self, path: str, name: str) -> None:
        note = path[: -len(name)] + name[1 : -len(".icloud")]
        if not self._ignored.leaves_out(note):
            self.placeholders.add(note)

    def _stat(self, path: str) -> os.stat_result | None:
        full = f"{self._root}/{path}"
        try:
            return os.stat(full)
        except FileNotFoundError:
            if os.path.islink(full):
                self.problems.append(Problem(path, "It is a link to something that does not exist."))
        except OSError as error:
            self._report(path, error)
        return None

    def _report(self, path: str, error: OSError) -> None:
        self.problems.append(Problem(path, f"It can't be read: {error.strerror or error}."))


def linkable_files(root: Path) -> Iterator[str]:
    """Paths of all files below `root` that a link can lead to, relative to it, with `/`.

    They include Obsidian's excluded files, which are hidden in lists but can be linked to. Unreadable
    folders are skipped; a scan of the notes reports them.

    Raises:
        VaultMissingError: the vault's folder is missing.
    """
    for folder in folders_of(root):
        prefix = f"{folder}/" if folder else ""
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                names = [
                    entry.name for entry in entries if not entry.name.startswith(".") and entry.is_file()
                ]
        except OSError:
            continue
        yield from (prefix + name for name in names)
