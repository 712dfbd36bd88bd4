"""What the first screen has imported: whoever adds to it does so on purpose, and writes it down here.

Each module costs every start; what the first screen does not show is imported later, where it is needed first
(docs/decisions/0001-what-the-first-screen-costs.md).
"""

import json
import subprocess
import sys

import pytest

from benchmarks.terminal import Terminal, environment

NOTE = """# Trip

- [/] Pack 🎒 📅 2026-12-01
	- [x] Boots ✅ 2026-11-20
	- [ ] Map
"""

ALLOWED = {
    "roadtui": "clock config setting_kinds settings settings_file streams user_settings",
    "roadtui.cli": "main open output vault_argument",
    "roadtui.core": (
        "archives dates diff emphasis errors ignore_rules inline inline_parser line_text links mojibake note "
        "outline patterns styled_text terminal_text titles"
    ),
    "roadtui.core.markdown": "containers grammar linked_blocks scanner",
    "roadtui.core.next_actions": "candidates collector ranking waiting",
    "roadtui.core.stats": "activity progress",
    "roadtui.core.tasks": "field_specs fields status tags",
    "roadtui.session": (
        "action_requirements edit_queue follower history_service listener session sidebar_items view_model"
    ),
    "roadtui.session.outline": (
        "note_positions opening_state outline_state pending_outline pending_rows saved_positions"
    ),
    "roadtui.session.tracking": "open_note pending",
    "roadtui.ui": (
        "app command command_table explaining_app frame_app lifetime message_app messages mounting "
        "navigation notifications refusal render styles themes workers"
    ),
    "roadtui.ui.presenters": "session_presenter",
    "roadtui.ui.terminal": (
        "bracketed_paste driver ordered_input_app suspension terminal_app termination typed_input"
    ),
    "roadtui.ui.commands": "host runner",
    "roadtui.ui.screens": ("dashboard framed note_presenter overlay report_presenter saved_view_presenter"),
    "roadtui.ui.widgets": (
        "footer glowing_rows header line_list message_line note_pane outline_tree panes progress_panel "
        "shown_symbols sidebar task_row task_tree"
    ),
    "roadtui.ui.widgets.rows": (
        "badges columns day_words display_context facts measure name prepared_row row_parts"
    ),
    "roadtui.vault.cache": "vault_cache",
    "roadtui.vault.loading": "loader",
    "roadtui.vault": (
        "edit_writer errors file_system note_content note_updates obsidian path_kind reader rebase root "
        "snapshot vault"
    ),
}
"""Of roadtui, by package: what the first screen is made of."""

LIBRARIES = {
    "_blake2",
    "gc",
    "textual.drivers.headless_driver",
    "textual.layouts.factory",
    "textual.layouts.horizontal",
    "textual.layouts.stream",
    "textual.pilot",
    "textual.scrollbar",
}
"""Of others, beyond what `textual.app` and `click` bring: Textual's start, and fingerprints of notes."""

WIDTHS_OF_SYMBOLS = "rich._unicode_data."
"""One of the tables below it is read for the first symbol that is drawn; which one depends on the version."""

PROBE = """
import json, os, sys
from pathlib import Path

import click, textual.app, textual.drivers.linux_driver, textual.scroll_view

brought_by_libraries = set(sys.modules)

from roadtui.cli.main import main
from roadtui.ui.app import RoadtuiApp

on_mount = RoadtuiApp.on_mount

def note_modules():
    added = sys.modules.keys() - brought_by_libraries
    Path(os.environ["MODULES"]).write_text(json.dumps(sorted(added)))

def look_before_the_program_goes_on(app):
    app.call_after_refresh(note_modules)
    on_mount(app)

RoadtuiApp.on_mount = look_before_the_program_goes_on
main()
"""
"""Runs the program; writes down the modules that are there when the first screen stands."""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The modules that are there when the first screen stands, without those of the libraries."""
    home = tmp_path_factory.mktemp("home")
    vault = home / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    note = vault / "Trip.md"
    note.write_text(NOTE, "utf-8")
    written = home / "modules.json"
    env = environment(home, MODULES=str(written))
    with Terminal([sys.executable, "-c", PROBE, note], env=env, cwd=home) as terminal:
        terminal.wait_for("Boots")
        terminal.wait_until(lambda: written.exists() and written.read_text("utf-8").endswith("]"))
    return frozenset(json.loads(written.read_text("utf-8")))


def test_the_first_screen_imports_no_more_of_the_program_than_it_shows(modules: frozenset[str]) -> None:
    allowed = {f"{package}.{name}" for package, names in ALLOWED.items() for name in names.split()}
    ours = {name for name in modules if name.partition(".")[0] == "roadtui"} - ALLOWED.keys()
    assert ours <= allowed, f"crept onto the way to the first screen: {sorted(ours - allowed)}"
    assert allowed <= ours, (
        f"no longer on the way to the first screen, so off the list: {sorted(allowed - ours)}"
    )


def test_the_first_screen_brings_in_no_other_library(modules: frozenset[str]) -> None:
    others = {name for name in modules if name.partition(".")[0] != "roadtui"}
    crept_in = [name for name in sorted(others - LIBRARIES) if not name.startswith(WIDTHS_OF_SYMBOLS)]
    assert not crept_in, f"crept onto the way to the first screen: {crept_in}"


def test_a_command_that_writes_reads_no_history() -> None:
    probe = "import roadtui.cli.transaction_runner, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    of_history = {name for name in done.stdout.split() if name.startswith("roadtui.vault.history.")}
    assert of_history == {"roadtui.vault.history.events", "roadtui.vault.history.paths"}
