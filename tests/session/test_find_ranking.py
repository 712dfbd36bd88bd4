"""What a person would expect first: real queries on the sample vault."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.config import Config
from roadtui.resources import folder
from roadtui.session.find.find_session import FindSession
from roadtui.session.find.search import VaultSearch
from roadtui.vault.demo.sample_copy import make_demo
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

DAY = date(2026, 11, 22)

FIRST = {
    "ml": "ML Roadmap (ML) in roadmaps/ML Roadmap.md",
    "ml road": "ML Roadmap (ML) in roadmaps/ML Roadmap.md",
    "vanity": "VANITY in roadmaps/VANITY.md",
    "unsup": (
        "Unsupervised Learning - Complete Roadmap (Obsidian Tasklist) (Unsupervised Learning) in "
        "roadmaps/Unsupervised Learning - Complete Roadmap (Obsidian Tasklist).md"
    ),
    "supervised": "SuperVised Learning in roadmaps/SuperVised Learning.md",
    "inbox": "Inbox in Inbox.md",
    "start": "Home (Start) in Home.md",
    "reading": "Reading list in notes/Reading list.md",
    "grad": "Gradient Descent in roadmaps/ML Roadmap.md",
    "gradient descent": "Gradient Descent in roadmaps/ML Roadmap.md",
    "grdes": "Gradient Descent in roadmaps/ML Roadmap.md",
    "gd": "GDPR/HIPAA Compliance in roadmaps/ML Roadmap.md",
    "entropy": "Entropy in roadmaps/ML Roadmap.md",
    "evaluation": "4. Evaluation in roadmaps/SuperVised Learning.md",
    "writing": "2. ✍️ Writing in roadmaps/VANITY.md",
    "docker": "Docker in roadmaps/ML Roadmap.md",
    "svm": "One-class SVM in roadmaps/Unsupervised Learning - Complete Roadmap (Obsidian Tasklist).md",
    "dbscan": "DBSCAN in roadmaps/Unsupervised Learning - Complete Roadmap (Obsidian Tasklist).md",
    "k-means": ("k-means, drawn by hand in roadmaps/VANITY.md"),
    "resume": "A résumé of one page in roadmaps/VANITY.md",
    "pytorch": "PyTorch Lightning in roadmaps/ML Roadmap.md",
    "model card": "Model card in roadmaps/SuperVised Learning.md",
    "calibrate": "Why calibrate in notes/Why calibrate.md",
    "calibration": "Confidence Calibration in roadmaps/ML Roadmap.md",
    "data version": "Data Versioning in roadmaps/ML Roadmap.md",
    "vanity page": "A page of my own in roadmaps/VANITY.md",
    "#math -is:done": (
        "Spectral clustering #math in "
        "roadmaps/Unsupervised Learning - Complete Roadmap (Obsidian Tasklist).md"
    ),
    "is:overdue or due:this-month sort:due": "Look back: what moved, what is stuck, what goes in Inbox.md",
    "is:doing": "Master Probability & Statistics in roadmaps/ML Roadmap.md",
    "transformers": "Transformers in roadmaps/ML Roadmap.md",
    "attention": "Attention Mechanism #paper in roadmaps/ML Roadmap.md",
}
"""The first result, by the query."""


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> VaultSearch:
    """The sample vault as it looks on a fixed day."""
    place = tmp_path_factory.mktemp("sample")
    root = make_demo(folder("sample_vault"), place / "Roadmaps", DAY)
    vault = Vault(root, Config(), lambda: NoteWriter(place / "state"))
    return VaultSearch(vault.refresh(), DAY)


def first_results(search: VaultSearch, query: str, most: int = 5) -> list[str]:
    session = FindSession(search)
    session.ask(query)
    while not session.is_finished:
        session.advance(1)
    session.advance(1)
    return [f"{item.text} in {item.note.path}" for item in session.results[:most]]


@pytest.mark.parametrize("query", FIRST)
def test_the_result_that_is_expected_comes_first(search: VaultSearch, query: str) -> None:
    assert first_results(search, query)[:1] == [FIRST[query]]
