"""How vaults and notes are named on the command line, and what is said where nothing is called so."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from roadtui.cli.doctor import lines_text
from tests.cli.conftest import Shell


@pytest.fixture
def named(shell: Shell) -> Shell:
    shell.write("roadmaps/ML Roadmap.md", "# Part\n- [ ] one\n- [ ] two\n")
    shell.write("Other.md", "- [ ] other\n")
    return shell


@pytest.mark.parametrize("name", ["ML Roadmap", "ml roadmap", "roadmaps/ML Roadmap", "ML Roadmap.md"])
def test_a_note_is_found_without_its_suffix_and_folder(named: Shell, name: str) -> None:
    note = named.root / "roadmaps/ML Roadmap.md"
    assert named.lines("tasks", name, "--total") == ["2"]
    assert named.lines("task", f"{name}:2", "--done") == ["roadmaps/ML Roadmap.md:2  [x] one"]
    named.lines("task", "Other:1", "--move-to", f"{name}#Part")
    assert "- [ ] other" in note.read_text()
    named.lines("status", name)
    named.lines("next", name)
    named.lines("export", name)


def test_a_task_is_added_to_a_note_by_its_name(named: Shell) -> None:
    assert named.lines("add", "three", "--note", "ML Roadmap") == ["roadmaps/ML Roadmap.md:4  [ ] three"]
    assert named.lines("add", "first", "--note", "Brand new") == ["Brand new.md:1  [ ] first"]
    assert not (named.root / "ML Roadmap.md").exists()


def test_a_task_waits_for_one_of_a_note_by_its_name(named: Shell) -> None:
    named.lines("task", "Other:1", "--wait-for", "ML Roadmap:2")
    assert "🆔" in (named.root / "roadmaps/ML Roadmap.md").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "x", "--note", "ML Roadmap"),
        ("task", "ML Roadmap:2", "--done"),
        ("task", "Other:1", "--move-to", "ML Roadmap"),
        ("task", "Other:1", "--wait-for", "ML Roadmap:2"),
        ("tasks", "ML Roadmap"),
    ],
)
def test_a_name_of_several_notes_is_refused_with_all_of_them(
    named: Shell, arguments: tuple[str, ...]
) -> None:
    other = named.write("a/ML Roadmap.md", "- [ ] one\n- [ ] two\n")
    said = named.refused(*arguments, status=2)
    assert "could be any of these notes; name one: a/ML Roadmap.md, roadmaps/ML Roadmap.md." in said
    assert other.read_text() == "- [ ] one\n- [ ] two\n"


def test_a_note_goes_before_a_folder_of_its_name_where_a_note_is_meant(named: Shell) -> None:
    named.write("Other/Inner.md", "- [ ] inner\n")
    assert named.lines("task", "Other:1", "--done") == ["Other.md:1  [x] other"]
    assert named.lines("tasks", "Other") == ["Other/Inner.md:1  [ ] inner"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("foo",), "There is no command, folder or note called “foo”."),
        (("foo", "bar"), "There is no command, folder or note called “foo”."),
        (("taks", "--todo"), "There is no command, folder or note called “taks”. Did you mean “tasks”?"),
        (("stauts",), "Did you mean “status”?"),
        (("Othr.md",), "Did you mean “Other.md”?"),
        (("roadmap",), "Did you mean “roadmaps”?"),
        (("tasks", "Othr"), "There is no folder or note called “Othr”. Did you mean “Other.md”?"),
        (("task", "Othr:1", "--done"), "There is no note called “Othr”. Did you mean “Other.md”?"),
    ],
)
def test_what_nothing_is_called_is_said_with_what_is_like_it(
    named: Shell, arguments: tuple[str, ...], sentence: str
) -> None:
    said = named.refused(*arguments, status=2)
    assert sentence in said
    assert " open " not in said.splitlines()[0]


@pytest.mark.parametrize("arguments", [("open",), ("open", "Other.md"), ("Other",)])
def test_what_is_opened_needs_a_terminal(named: Shell, arguments: tuple[str, ...]) -> None:
    assert "The full screen needs a terminal." in named.refused(*arguments, status=2)


def test_an_unknown_option_is_named(named: Shell) -> None:
    assert "--bogus" in named.refused("Other.md", "--bogus", status=2)


def test_help_behind_a_name_is_that_of_the_program(named: Shell) -> None:
    assert named.lines("Other.md", "--help") == named.lines("--help")


COMMANDS = pytest.mark.parametrize(
    "arguments",
    [
        ("tasks",),
        ("task", "Far:1", "--toggle"),
        ("add", "x"),
        ("status",),
        ("next",),
        ("doctor",),
        ("export",),
        ("history", "status"),
    ],
)


@COMMANDS
def test_the_vault_can_stand_before_and_behind_the_command(named: Shell, arguments: tuple[str, ...]) -> None:
    far = named.root.parent / "far"
    (far / ".obsidian").mkdir(parents=True)
    (far / "Far.md").write_text("- [ ] far\n")
    here, there = ("--vault", str(named.root)), ("--vault", str(far))
    said = []
    for words in ((*arguments, *there), (*there, *arguments), (*here, *arguments, *there)):
        (far / "Far.md").write_text("- [ ] far\n")
        (far / "Inbox.md").unlink(missing_ok=True)
        said.append(named.lines(*words))
    assert said[0] == said[1] == said[2] != []


@COMMANDS
@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (("--today", "2026-02-30"), "2026-02-30 is not a date. Write it as 2026-12-31."),
        (("--config", "bad.toml"), "bad.toml, count must be"),
        (("--vault", "nowhere"), "“nowhere”"),
    ],
)
def test_a_wrong_option_of_the_program_is_refused_behind_every_command(
    named: Shell, arguments: tuple[str, ...], option: tuple[str, str], sentence: str
) -> None:
    named.write("Far.md", "- [ ] far\n")
    named.write("bad.toml", "count = 'x'")
    assert sentence in named.refused(*arguments, *option, status=2)
    assert (named.root / "Far.md").read_text() == "- [ ] far\n"


def test_the_day_and_the_config_can_stand_behind_the_command(named: Shell) -> None:
    named.write("Due.md", "- [ ] a\n  - [ ] b 📅 2026-03-20\n")
    named.write("all.toml", "count = 'all'")
    day, config = ("--today", "2026-03-19"), ("--config", "all.toml")
    assert any("due tomorrow" in line for line in named.lines("next", "Due.md", *day))
    before = named.lines(*config, "status", "Due.md", "--short")
    assert named.lines("status", "Due.md", "--short", *config) == before
    assert named.lines("status", "Due.md", "--short") != before


def test_a_config_behind_the_command_is_read_instead_of_a_bad_one(named: Shell) -> None:
    named.write("bad.toml", "count = 'x'")
    named.write("good.toml", "")
    assert named.lines("--config", "bad.toml", "tasks", "--config", "good.toml") == named.lines("tasks")


@pytest.mark.parametrize("words", [("Other.md", "--today", "soon"), ("history", "--today", "soon", "status")])
def test_the_options_of_the_program_stand_behind_names_and_groups_too(
    named: Shell, words: tuple[str, ...]
) -> None:
    assert "soon is not a date" in named.refused(*words, status=2)


def test_undo_and_redo_say_so_and_what(named: Shell) -> None:
    named.lines("task", "Other:1", "--done")
    assert named.lines("undo") == ["Undone: tick “other”", "Other.md:1  [ ] other"]
    assert named.lines("redo") == ["Redone: tick “other”", "Other.md:1  [x] other"]


def test_undoing_what_made_a_note_says_that_the_note_is_gone(named: Shell) -> None:
    named.lines("add", "buy bread", "--note", "lists/Shop")
    assert named.lines("undo") == [
        "Undone: add “buy bread”",
        "lists/Shop.md  deleted: it was created by this change",
    ]
    assert not (named.root / "lists").exists()
    assert named.lines("redo") == ["Redone: add “buy bread”", "lists/Shop.md:1  [ ] buy bread"]
    assert (named.root / "lists" / "Shop.md").read_text() == "- [ ] buy bread\n"


@pytest.mark.parametrize(
    ("lines", "words"), [((7,), "line 7"), ((7, 29), "lines 7 and 29"), ((1, 2, 4), "lines 1, 2 and 4")]
)
def test_lines_are_named_in_words(lines: tuple[int, ...], words: str) -> None:
    assert lines_text(lines) == words


SENTENCES = [
    "A forecast appears after five tasks done in three weeks or more: 4 tasks and 3 weeks to go.",
    "no streak · 0.1 a week",
    "4 of 6 checkboxes, without parents and cancelled ones",
]


@pytest.mark.parametrize("columns", [30, 40, 60, 80, 200])
def test_a_status_never_cuts_its_own_sentences(
    shell: Shell, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.write(
        "mine/Plan.md",
        "- [ ] p\n  - [x] one ✅ 2026-03-10\n  - [ ] a name that goes on and on and on and on and on and on\n"
        "- [-] no\n- [ ] soon 📅 2026-03-15\n",
    )
    shell.write("mine/Other.md", "- [ ] x\n")
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = shell.lines("status", "mine")
    assert all(cell_len(line) <= columns for line in lines)
    said = " ".join(" ".join(lines).split())
    for sentence in SENTENCES:
        assert sentence in said
    assert "due tomorrow · Plan" in said


def test_a_status_says_what_it_counts_where_there_are_more_boxes(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    note = shell.write("Mine.md", "- [ ] p\n  - [ ] one\n  - [x] two\n")
    assert "counted   2 of 3 checkboxes, without parents and cancelled ones" in shell.lines("status", "Mine")
    assert shell.lines("tasks", "Mine", "--total") == ["3"]
    note.write_text("- [ ] one\n- [x] two\n")
    assert not any(line.startswith("counted") for line in shell.lines("status", "Mine"))
