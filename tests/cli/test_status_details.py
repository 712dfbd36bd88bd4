"""A status to the cell: what stands where, what is cut, which bounds hold; and small files at their limit."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from roadtui.cli.main import main
from roadtui.cli.summary_text import (
    PLAIN,
    AnsiStyles,
    counted_text,
    forecast_text,
    pace_text,
    screen,
    short_line,
)
from roadtui.config import Config
from roadtui.core.stats.forecast import Forecast
from roadtui.core.stats.progress import CountMode
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.session.reports.summary import VaultSummary, deadline_of, odds_text, summarize
from roadtui.settings_file import LARGEST, read_plain_file
from roadtui.user_settings import UserSettings
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

TODAY = date(2026, 3, 14)
PENS = AnsiStyles(*(f"<{name}>" for name in AnsiStyles._fields))


def vault_of(root: Path, notes: Mapping[str, str], count: CountMode = CountMode.LEAVES) -> Vault:
    (root / "vault").mkdir(exist_ok=True)
    for name, text in notes.items():
        (root / "vault" / f"{name}.md").write_text(text, encoding="utf-8")
    return Vault(root / "vault", Config(count=count), lambda: NoteWriter(root / "state"))


def stands(
    root: Path, notes: Mapping[str, str], below: str = "", count: CountMode = CountMode.LEAVES, most: int = 2
) -> VaultSummary:
    return summarize(vault_of(root, notes, count).refresh(), below, TODAY, count, most)


def drawn(found: VaultSummary, width: int = 60, pens: AnsiStyles = PLAIN) -> list[str]:
    return list(screen(found, TaskFormat.EMOJI, width, pens))


def test_a_whole_screen(tmp_path: Path) -> None:
    notes = {
        "Alpha": "- [x] one\n- [/] two 📅 2026-03-13\n- [ ] three 📅 2026-03-15\n- [ ] p\n  - [ ] four\n",
        "Longer name": "- [x] a ✅ 2026-03-14\n- [x] b ✅ 2026-03-13\n",
        "None": "words\n",
    }
    assert drawn(stands(tmp_path, notes)) == [
        "vault  3/6 · 50%",
        "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╍╍╍╍╍╍╍╍╍╍────────────────────",
        "",
        "Alpha       ━━━╍╍╍──────   25%  1/4",
        "Longer name ━━━━━━━━━━━━  100%  2/2",
        "",
        "next      two — 1 day late · Alpha",
        "          three — due tomorrow · Alpha",
        "due       1 day late: two",
        "          due tomorrow: three",
        "pace      2-day streak · 0.2 a week · 1 done without a date",
        "forecast  A forecast appears after five tasks done in three",
        "          weeks or more: 3 tasks and 3 weeks to go.",
        "counted   6 of 7 checkboxes, without parents and cancelled",
        "          ones",
    ]


def test_a_whole_screen_in_colour(tmp_path: Path) -> None:
    notes = {"A": "- [x] one\n", "B": "- [/] two 📅 2026-03-13\n- [ ] three\n"}
    lines = drawn(stands(tmp_path, notes), 40, PENS)
    assert lines[0] == "<strong>vault<end>  1/3 · 33%"
    assert lines[1] == f"<done>{'━' * 13}<end><doing>{'╍' * 13}<end><dim>{'─' * 14}<end>"
    assert lines[3] == f"A <done>{'━' * 8}<end><doing><end><dim><end>  <done>100%<end>  <dim>1/1<end>"
    assert lines[4] == f"B <done><end><doing>{'╍' * 4}<end><dim>{'─' * 4}<end>    0%  <dim>0/2<end>"
    assert "<dim>due       <end><late>1 day late: two<end>" in lines
    assert "<dim>next      <end>two — 1 day late · B" in lines


def test_one_note_needs_no_list_and_no_name_behind_its_tasks(tmp_path: Path) -> None:
    notes = {"A": "- [ ] one\n", "B": "- [ ] two\n"}
    lines = drawn(stands(tmp_path, notes, "B.md"))
    assert lines[0] == "B  0/1 · 0%"
    assert lines[2:4] == ["", "next      two"]
    assert not any("counted" in line for line in lines)


def test_a_note_without_tasks(tmp_path: Path) -> None:
    found = stands(tmp_path, {"A": "words\n"}, "A.md")
    assert drawn(found, pens=PENS) == ["<strong>A<end>  no tasks"]
    assert short_line(found.progress, found.suggestions, TaskFormat.EMOJI) == "no tasks"


@pytest.mark.parametrize(("number", "is_cut"), [(10, False), (11, True)])
def test_more_than_ten_roadmaps_are_cut_and_those_under_way_come_first(
    tmp_path: Path, number: int, is_cut: bool
) -> None:
    notes = {f"N{at:02}": "- [ ] a\n- [x] b\n" if at == 7 else "- [ ] a\n" for at in range(number)}
    notes["N03"] = "- [x] a\n"
    lines = drawn(stands(tmp_path, notes))
    assert ("and 1 more" in lines) is is_cut
    assert lines[3].startswith("N07" if is_cut else "N00")
    assert sum(line.startswith("N") for line in lines) == 10


def test_three_that_are_due_are_named_the_earliest_first(tmp_path: Path) -> None:
    days = ("2026-03-20", "2026-03-10", "2026-03-16", "2026-03-12", "2026-03-28")
    text = "".join(f"- [ ] t{at} 📅 {day}\n" for at, day in enumerate(days))
    found = stands(tmp_path, {"A": text})
    assert [due.task.text[:2] for due in found.due] == ["t1", "t3", "t2", "t0", "t4"]
    assert sum("t1" in line or "t3" in line or "t2" in line for line in drawn(found) if ": t" in line) == 3
    assert not any(": t0" in line for line in drawn(found))


def test_a_title_too_long_for_the_screen_is_cut_before_the_numbers(tmp_path: Path) -> None:
    found = stands(tmp_path, {"W" * 70: "- [x] a\n- [ ] b\n"}, f"{'W' * 70}.md")
    assert drawn(found, 40)[0] == f"{'W' * 15}…  1/2 · 50%"
    assert drawn(found, 20)[0] == f"{'W' * 7}…  1/2 · 50%"


def test_a_short_line_cuts_the_task_and_nothing_else(tmp_path: Path) -> None:
    found = stands(tmp_path, {"A": f"- [x] a\n- [ ] {'w' * 41}\n"})
    assert short_line(found.progress, found.suggestions, TaskFormat.EMOJI) == f"1/2 50% ▸ {'w' * 39}…"
    found = stands(tmp_path, {"A": f"- [x] a\n- [ ] {'w' * 40}\n"})
    assert short_line(found.progress, found.suggestions, TaskFormat.EMOJI) == f"1/2 50% ▸ {'w' * 40}"
    found = stands(tmp_path, {"A": "- [x] a\n- [x] b\n"})
    assert short_line(found.progress, found.suggestions, TaskFormat.EMOJI) == "2/2 100%"


def test_what_is_counted_is_said_as_it_is_counted(tmp_path: Path) -> None:
    notes = {"A": "- [ ] p\n  - [ ] a\n- [-] dropped\n"}
    assert counted_text(stands(tmp_path, notes)) == "1 of 3 checkboxes, without parents and cancelled ones"
    assert (
        counted_text(stands(tmp_path, notes, count=CountMode.ALL))
        == "2 of 3 checkboxes, without cancelled ones"
    )


def test_pace_words(tmp_path: Path) -> None:
    assert pace_text(stands(tmp_path, {"A": "- [ ] a\n"})) == "no streak · nothing done lately"
    done = "".join(f"- [x] d ✅ {TODAY - timedelta(day)}\n" for day in range(3))
    assert pace_text(stands(tmp_path, {"A": done})) == "3-day streak · 0.4 a week"


def test_forecast_words(tmp_path: Path) -> None:
    found = stands(tmp_path, {"A": "- [ ] a\n"})
    half, likely = date(2026, 4, 1), date(2026, 5, 1)
    some = replace(found, forecast=Forecast(half, likely, 0.5, ()), deadline=date(2026, 6, 1))
    assert list(forecast_text(some)) == ["done: 50 % by 1 Apr · 80 % by 1 May", "1 Jun: 50 % likely"]
    assert list(forecast_text(replace(some, deadline=None))) == ["done: 50 % by 1 Apr · 80 % by 1 May"]
    never = replace(found, forecast=Forecast(half, None, None, ()), deadline=date(2026, 6, 1))
    assert list(forecast_text(never)) == ["done: 50 % by 1 Apr · 80 % later than in five years"]


@pytest.mark.parametrize(
    ("odds", "words"),
    [
        (0.0, "less than 1 % likely"),
        (0.0099, "less than 1 % likely"),
        (0.01, "1 % likely"),
        (0.319, "31 % likely"),
        (0.99, "99 % likely"),
        (0.9901, "more than 99 % likely"),
        (1.0, "more than 99 % likely"),
    ],
)
def test_odds_are_never_a_promise(odds: float, words: str) -> None:
    assert odds_text(odds) == words


def test_the_deadline_of_a_task_is_the_nearest_one_around_it(tmp_path: Path) -> None:
    text = (
        "---\ndeadline: 2026-09-09\n---\n- [ ] a 📅 2026-05-05\n  - [ ] b\n    - [ ] c 📅 2026-04-04\n"
        "- [ ] d\n"
    )
    note = vault_of(tmp_path, {"A": text}).refresh().notes["A.md"]
    a, b, c, d = note.note.tasks
    days = [deadline_of(note, task, TaskFormat.EMOJI) for task in (a, b, c, d, None)]
    assert days == [
        *(date(2026, 5, 5), date(2026, 5, 5), date(2026, 4, 4), date(2026, 9, 9), date(2026, 9, 9))
    ]


@pytest.mark.parametrize(
    ("value", "terminal", "variables", "is_coloured"),
    [
        ("a terminal", True, {}, True),
        ("a pipe", False, {}, False),
        ("NO_COLOR", True, {"NO_COLOR": "1"}, False),
        ("an empty NO_COLOR", True, {"NO_COLOR": ""}, True),
        ("a dumb terminal", True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    value: str,
    terminal: bool,
    variables: dict[str, str],
    is_coloured: bool,
) -> None:
    vault_of(tmp_path, {"A": "- [x] a\n"})
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name, set_to in variables.items():
        monkeypatch.setenv(name, set_to)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    main(["--config", str(tmp_path / "none"), "status", str(tmp_path / "vault")], standalone_mode=False)
    assert ("\x1b[" in capsys.readouterr().out) is is_coloured, value


@pytest.mark.skipif(not hasattr(os, "truncate"), reason="needs files with holes")
@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_a_small_file_is_read_up_to_its_limit(tmp_path: Path, more: int, is_read: bool) -> None:
    file = tmp_path / "file"
    file.touch()
    os.truncate(file, LARGEST + more)
    if is_read:
        assert len(read_plain_file(file)) == LARGEST
    else:
        with pytest.raises(OSError, match="Larger than 8 MiB") as caught:
            read_plain_file(file)
        assert caught.value.filename == str(file)


def test_an_empty_theme_is_none(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('theme = ""\ninbox = "a/b.md"\n')
    assert UserSettings.read(tmp_path / "config.toml", None).config == Config(inbox="a/b.md")


@pytest.mark.parametrize(
    ("below", "name", "total"),
    [("", "vault", 3), ("area", "area", 2), ("area/B.md", "B", 1), ("A.md", "A", 1)],
)
def test_a_summary_is_named_after_what_it_is_of(tmp_path: Path, below: str, name: str, total: int) -> None:
    (tmp_path / "vault" / "area").mkdir(parents=True)
    notes = {"A": "- [ ] a\n", "area/B": "- [ ] b\n", "area/C": "- [x] c\n"}
    found = stands(tmp_path, notes, below)
    assert (found.name, found.progress.total, found.checkboxes) == (name, total, total)


@pytest.mark.parametrize(("day", "is_listed"), [(-400, True), (0, True), (14, True), (15, False)])
def test_a_summary_lists_what_is_due_within_two_weeks(tmp_path: Path, day: int, is_listed: bool) -> None:
    found = stands(tmp_path, {"A": f"- [ ] a 📅 {TODAY + timedelta(day)}\n"})
    assert bool(found.due) is is_listed


def test_the_forecast_leaves_out_what_is_put_off_and_says_so(tmp_path: Path) -> None:
    done = "".join(f"- [x] d{n} ✅ 2026-0{1 + n % 3}-0{1 + n}\n" for n in range(9))
    open_ones = "".join(f"- [ ] t{n}\n" for n in range(6))
    put_off = "".join(f"- [ ] later{n} 🛫 2026-05-01\n" for n in range(4))
    whole, less = (stands(tmp_path, {"A": done + open_ones + more}) for more in ("", put_off))
    assert (less.forecast, less.put_off) == (whole.forecast, 4)
    assert less.progress.open == 10
    (line,) = [line for line in drawn(less, 100) if line.startswith("forecast")]
    assert line.endswith(" · without 4 put off")
    none = stands(tmp_path, {"A": done + put_off})
    assert "forecast  All that is open starts later." in drawn(none)
