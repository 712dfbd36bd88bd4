"""Who has changed tasks: by the event logs, and by git."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.tasks.status import StatusType
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.action_builders.status import set_type
from roadtui.vault.activity.authors import Author, find_authors
from roadtui.vault.activity.seen_notes import SeenNotes, is_done_in
from roadtui.vault.commit import commit
from roadtui.vault.history import EventSource, History
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.repositories import Repository

PLAN = "# One\n- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n"


def opened(root: Path) -> Vault:
    vault = Vault(root, Config(), lambda: NoteWriter(root.parent / "writer"))
    for _ in vault.load():
        pass
    return vault


def authors_in(vault: Vault, seen: SeenNotes, history: History | None = None) -> dict[str, Author]:
    snapshot = vault.refresh()
    seen.record(snapshot, is_hurried=True)
    changes = seen.changes(is_done_in(snapshot))
    found = find_authors(changes, snapshot, history, None)
    return {change.row.wording: found[change.id] for change in changes}


def words(authors: dict[str, Author]) -> dict[str, str]:
    return {text: f"{who.kind.value} {who.name}".strip() for text, who in authors.items()}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "vault")
    repository.commit("2026-01-01", Plan=PLAN)
    return repository


def by(repository: Repository, name: str, day: str, **notes: str) -> str:
    repository.git("config", "user.name", name)
    return repository.commit(day, **notes)


def test_git_says_whose_commit_brought_each_line(repository: Repository) -> None:
    vault, seen = opened(repository.root), SeenNotes(None, repository.root)
    authors_in(vault, seen)
    first = by(repository, "Mira", "2026-01-02", Plan=PLAN.replace("[ ] a", "[x] a"))
    by(repository, "Agent Ö", "2026-01-03", Plan=PLAN.replace("[ ] a", "[x] a").replace("- [ ] c\n", ""))
    repository.write("Plan.md", "# One\n- [x] a\n- [x] b\n- [ ] d\n")
    found = authors_in(vault, seen)
    assert words(found) == {"a": "git Mira", "b": "outside", "c": "git Agent Ö"}
    assert found["a"].commit
    assert first.startswith(found["a"].commit)
    assert found["a"].at == datetime(2026, 1, 2, 12, tzinfo=UTC)


def test_a_line_that_is_as_an_old_commit_had_it_is_not_by_its_author(repository: Repository) -> None:
    by(repository, "Mira", "2026-01-02", Plan=PLAN.replace("[ ] a", "[x] a"))
    by(repository, "Jo", "2026-01-03", Plan=PLAN)
    vault, seen = opened(repository.root), SeenNotes(None, repository.root)
    authors_in(vault, seen)
    repository.write("Plan.md", PLAN.replace("[ ] a", "[x] a"))
    assert words(authors_in(vault, seen)) == {"a": "outside"}


def test_notes_in_a_folder_of_the_repository_and_with_awkward_names(repository: Repository) -> None:
    folder = repository.root / "docs"
    repository.commit("2026-01-02", **{"docs/Ünï [x]*": PLAN})
    vault, seen = opened(folder), SeenNotes(None, folder)
    authors_in(vault, seen)
    by(repository, "Mira", "2026-01-03", **{"docs/Ünï [x]*": PLAN.replace("[ ] d", "[x] d")})
    assert words(authors_in(vault, seen)) == {"d": "git Mira"}


def test_another_machine_is_called_by_its_name(tmp_path: Path) -> None:
    root, here, there = tmp_path / "vault", tmp_path / "here", tmp_path / "there"
    root.mkdir()
    (root / "Plan.md").write_text(PLAN)
    vault, seen = opened(root), SeenNotes(here, root)
    authors_in(vault, seen)
    other, other_history = opened(root), History(there, root)
    other_history.record_snapshot(lambda: other.snapshot, datetime(2026, 3, 14, 11, tzinfo=UTC))
    note = other.snapshot.notes["Plan.md"]
    context = ActionContext.of(other, date(2026, 3, 14))
    commit(other, set_type(context, note, [next(iter(note.note.tasks))], type=StatusType.DONE))
    at = datetime(2026, 3, 14, 12, tzinfo=UTC)
    other_history.record_snapshot(lambda: other.snapshot, at, EventSource.HERE, "Plan.md")
    file = other_history.file
    assert file is not None
    other_history.close()
    history = History(here, root)
    history.record_snapshot(lambda: vault.snapshot, datetime(2026, 3, 14, 10, tzinfo=UTC))
    assert history.file is not None
    shutil.copy(file, history.file.with_name("laptop-0123abcd.sqlite"))
    history.close()
    found = authors_in(vault, seen, History(here, root))
    assert words(found) == {"a": "machine laptop"}
    assert found["a"].at == at
