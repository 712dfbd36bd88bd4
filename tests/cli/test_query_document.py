"""docs/query.md: its examples find something in the sample vault, and its tables are those of the program."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from docs.make_query import filled_in

from roadtui.config import Config
from roadtui.core.query.query import read_query
from roadtui.session.find.search import VaultSearch
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "query.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \| [^|`]", DOCUMENT.partition("## Terms")[0], re.MULTILINE)
TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> VaultSearch:
    state = tmp_path_factory.mktemp("state")
    return VaultSearch(Vault(ROOT / "sample_vault", Config(), lambda: NoteWriter(state)).refresh(), TODAY)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 10


@pytest.mark.parametrize("query", EXAMPLES)
def test_an_example_finds_something_but_not_everything(sample: VaultSearch, query: str) -> None:
    items = [item for note in sample.snapshot.notes.values() for item in sample.items(note)]
    found = read_query(query, TODAY).listed(items, sample.context)
    assert 0 < len(found) < len(items)


def test_the_tables_are_up_to_date() -> None:
    assert filled_in(DOCUMENT) == DOCUMENT, "make docs"
