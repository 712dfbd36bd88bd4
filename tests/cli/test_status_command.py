"""`roadtui next` and `roadtui status`: as scripts and prompts meet them, and against naive counting."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from roadtui.cli.main import main
from roadtui.core.stats.forecast import NoForecast, Week, forecast
from roadtui.resources import folder
from tests.cli.conftest import Shell

SAMPLE_DAY = date(2026, 11, 22)
_TASK = re.compile(r"^( *)- \[(.)\] (.*)$", re.MULTILINE)


def leaves(root: Path) -> Iterator[tuple[str, str, str]]:
    """Path, mark and text of every task that no deeper task follows, read without roadtui."""
    for note in sorted(root.rglob("*.md")):
        text = re.sub(r"\A```\n(.*)\Z", r"\1", note.read_text("utf-8"), flags=re.DOTALL)
        for part in re.split(r"^#+ .*$", text, flags=re.MULTILINE):
            found = [match.groups() for match in _TASK.finditer(part)]
            for (depth, mark, body), (below, *_) in pairwise([*found, ("", "", "")]):
                if len(below) <= len(depth):
                    yield note.relative_to(root).as_posix(), mark, body


def days_behind(sign: str, bodies: list[str]) -> Counter[date]:
    return Counter(date.fromisoformat(day) for body in bodies for day in re.findall(f"[{sign}] (\\S+)", body))


def naive_status(root: Path, today: date) -> dict[str, Any]:
    """The numbers of `status --json`, counted the plain way."""
    found = list(leaves(root))
    marks = Counter(mark for _, mark, _ in found)
    done_bodies = [body for _, mark, body in found if mark == "x"]
    done = days_behind("✅", done_bodies)
    added = Counter(
        min(days_behind("➕✅" if mark == "x" else "➕", [body]))
        for _, mark, body in found
        if mark in "x/ " and "➕" in body and (mark != "x" or "✅" in body)
    )  # Nothing was added after it was done, nor on a day if nobody knows when that was.
    total = marks["x"] + marks["/"] + marks[" "]
    run = 0 if today in done else 1
    start = run
    while today - timedelta(run) in done:
        run += 1
    first = min([*done, *added], default=today)
    weeks = []
    for back in range(min(12, ((today - first).days + 1) // 7), 0, -1):
        days = [today - timedelta(7 * back - 1 - day) for day in range(7)]
        grown = [added[day] if (day - first).days >= 7 else 0 for day in days]
        weeks.append(Week(tuple(done[day] for day in days), tuple(grown)))
    when = forecast(weeks, total - marks["x"], today)
    return {
        "progress": [marks["x"], marks["/"], marks[" "], marks["-"], total],
        "percent": max(1, 100 * marks["x"] // total) if marks["x"] else 0,
        "streak": run - start,
        "pace": sum(done[today - timedelta(day)] for day in range(56)) / 8,
        "done_undated": sum("✅" not in body for body in done_bodies),
        "half": None if isinstance(when, NoForecast) else when.half.isoformat(),
        "roadmaps": {
            path: sum(1 for where, mark, _ in found if where == path and mark == "x")
            for path in dict.fromkeys(where for where, _, _ in found)
        },
    }


def told_status(told: dict[str, Any]) -> dict[str, Any]:
    numbers = told["progress"]
    return {
        "progress": [numbers[key] for key in ("done", "in_progress", "open", "cancelled", "total")],
        "percent": numbers["percent"],
        "streak": told["streak"]["current"],
        "pace": told["pace"],
        "done_undated": told["done_undated"],
        "half": told["forecast"]["half"],
        "roadmaps": {roadmap["path"]: roadmap["done"] for roadmap in told["roadmaps"]},
    }


def generate(root: Path, seed: int, today: date) -> None:
    """A vault of a few roadmaps whose tasks were done and added over the last months."""
    draw = random.Random(seed)
    for number in range(draw.randint(1, 4)):
        lines = []
        for section in range(draw.randint(1, 4)):
            lines.append(f"## Section {section}")
            for _ in range(draw.randint(1, 8)):
                for depth in range(draw.randint(1, 3)):
                    mark = draw.choice("xxx  /-")
                    dated = draw.random() < 0.8 and mark == "x"
                    added = f" ➕ {today - timedelta(draw.randint(0, 100))}" if draw.random() < 0.3 else ""
                    done = f" ✅ {today - timedelta(draw.randint(0, 80))}" if dated else ""
                    lines.append(f"{'  ' * depth}- [{mark}] task{added}{done}")
        (root / f"Plan {number}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def status(shell: Shell, root: Path, today: date) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(shell.run("status", root, "--json", today=today.isoformat()).stdout)
    return told


def test_the_sample_vault_is_counted_as_a_naive_script_counts_it(shell: Shell, tmp_path: Path) -> None:
    root = tmp_path / "sample"
    shutil.copytree(folder("sample_vault"), root)
    told = status(shell, root, SAMPLE_DAY)
    assert told_status(told) == naive_status(root, SAMPLE_DAY)
    assert told["progress"]["done"] == 92


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("today", [date(2026, 3, 30), date(2027, 1, 2)], ids=str)
def test_a_generated_vault_is_counted_as_a_naive_script_counts_it(
    shell: Shell, tmp_path: Path, seed: int, today: date
) -> None:
    root = tmp_path / "generated"
    root.mkdir()
    generate(root, seed, today)
    assert told_status(status(shell, root, today)) == naive_status(root, today)


def test_what_is_in_progress_overdue_and_unlocking_is_found_by_a_naive_script_too(
    shell: Shell, tmp_path: Path
) -> None:
    root = tmp_path / "sample"
    shutil.copytree(folder("sample_vault"), root, ignore=shutil.ignore_patterns("archive"))  # Not suggested.
    told = json.loads(
        shell.run("next", root, "--json", "--count", "999", today=SAMPLE_DAY.isoformat()).stdout
    )
    bodies = {mark: [body for _, m, body in leaves(root) if m == mark] for mark in " /"}
    late = [
        body
        for mark in " /"
        for body in bodies[mark]
        for day in re.findall(r"📅 (\S+)", body)
        if date.fromisoformat(day) < SAMPLE_DAY
    ]
    assert sorted(one["text"] for one in told if "in progress" in one["reasons"]) == sorted(bodies["/"])
    assert [one["text"] for one in told if any(reason.endswith(" late") for reason in one["reasons"])] == late
    unlocking = [one["text"] for one in told if "unlocks 1" in one["reasons"]]
    assert [text.split("🆔 ")[1] for text in unlocking] == ["attend"]
    assert not any("⛔ attend" in one["text"] for one in told)
    waiting = sum("⛔ attend" in body for body in bodies[" "])
    assert len(told) == len(bodies[" "]) + len(bodies["/"]) - waiting


class TestNext:
    """`roadtui next`."""

    def test_lines_for_people(self, shell: Shell) -> None:
        assert shell.lines("next") == [
            "Plan.md:4  three — in progress",
            "Plan.md:7  five — first open in Later",
            "area/Sub.md:1  six",
        ]
        assert shell.lines("next", "--count", "1") == ["Plan.md:4  three — in progress"]
        assert shell.lines("next", "area") == ["area/Sub.md:1  six"]
        assert shell.lines("next", "Plan.md") == [
            "Plan.md:4  three — in progress",
            "Plan.md:7  five — first open in Later",
        ]

    def test_values_for_programs(self, shell: Shell) -> None:
        shell.write("area/Sub.md", "# A\n## B\n- [ ] six ⏫ 📅 2026-03-10\n")
        (found,) = json.loads(shell.run("next", "area", "--json").stdout)
        assert found == {
            "path": "area/Sub.md",
            "line": 3,
            "text": "six ⏫ 📅 2026-03-10",
            "description": "six",
            "heading": "A > B",
            "group": "due",
            "reasons": ["4 days late", "high priority"],
            "urgency": round(6 + 12 * (18 * 0.8 / 21 + 0.2), 2),
        }

    def test_ids_reach_across_notes_whatever_part_is_asked_for(self, shell: Shell) -> None:
        shell.write("area/Sub.md", "- [ ] six ⛔ k\n- [ ] seven\n")
        shell.write("Other.md", "- [ ] key 🆔 k\n")
        assert shell.lines("next", "area") == ["area/Sub.md:2  seven"]

    def test_what_is_in_an_archive_is_not_suggested_unless_asked_for(self, shell: Shell) -> None:
        shell.write("area/Sub.md", "- [x] six\n")
        shell.write("99 Archive/Old.md", "- [/] old 📅 2026-03-10\n")
        assert shell.lines("next") == shell.lines("next", "Plan.md")
        for asked in ("99 Archive", "99 Archive/Old.md"):
            assert shell.lines("next", asked) == ["99 Archive/Old.md:1  old — 4 days late, in progress"]

    def test_nothing_to_do(self, shell: Shell) -> None:
        shell.write("area/Sub.md", "- [x] six\n")
        assert shell.run("next", "area").stdout == ""
        assert shell.run("next", "area", "--json").stdout == "[]\n"


class TestStatus:
    """`roadtui status`."""

    def test_one_screen(self, shell: Shell) -> None:
        assert shell.lines("status")[0] == "vault  1/4 · 25%"
        text = "\n".join(shell.lines("status"))
        assert re.search(r"Plan +\S+ +33% +1/3\nSub +\S+ +0% +0/1\n", text)
        assert "next      three — in progress · Plan\n" in text
        assert "pace      no streak · nothing done lately\n" in text
        assert "forecast  A forecast appears after five tasks done in three weeks" in text

    def test_one_note_with_its_deadline(self, shell: Shell) -> None:
        done = "".join(f"- [x] d ✅ {date(2026, 3, 14) - timedelta(day)}\n" for day in range(28))
        shell.write("Plan.md", f"---\ndeadline: '2026-03-25'\n---\n{done}- [ ] o 📅 2026-03-13\n- [ ] o\n")
        text = shell.lines("status", "Plan.md")
        assert text[0] == "Plan  28/30 · 93%"
        assert "due       1 day late: o" in text
        assert "pace      28-day streak · 3.5 a week" in text
        assert "forecast  done: 50 % by Mon · 80 % by Mon" in text
        assert text[-1] == "deadline  25 Mar: more than 99 % likely"

    def test_short(self, shell: Shell) -> None:
        assert shell.lines("status", "--short") == ["1/4 25% ▸ three"]
        assert shell.lines("status", "--short", "area") == ["0/1 0% ▸ six"]
        shell.write("area/Sub.md", "- [x] six\n")
        assert shell.lines("status", "--short", "area") == ["1/1 100%"]
        shell.write("area/Sub.md", "text\n")
        assert shell.lines("status", "--short", "area") == ["no tasks"]
        assert shell.lines("status", "area") == ["area  no tasks"]

    @pytest.mark.parametrize("columns", [24, 60, 100, 300])
    @pytest.mark.parametrize("name", ["Plan", "学习路线图学习路线图学习路线图", "👨‍👩‍👧 family"])
    def test_no_line_is_wider_than_the_terminal(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch, columns: int, name: str
    ) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        shell.write(f"{name}.md", f"- [ ] {name} {'word ' * 60} 📅 2026-03-13\n- [/] {'漢字' * 60}\n")
        lines = shell.lines("status")
        assert max(map(cell_len, lines)) <= min(100, columns)
        assert cell_len(lines[1]) == min(100, columns)

    def test_many_roadmaps_fit_one_screen_and_what_is_left_out_is_told(self, shell: Shell) -> None:
        for number in range(40):
            shell.write(
                f"many/N{number:02}.md", "- [ ] a\n- [ ] b\n" if number != 33 else "- [x] a\n- [ ] b\n"
            )
        lines = shell.lines("status", "many")
        assert len(lines) < 24
        assert "and 30 more" in lines
        assert lines[3].startswith("N33")

    def test_colour_only_on_a_terminal_that_wants_it(
        self, shell: Shell, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "\x1b" not in shell.run("status").stdout
        monkeypatch.setattr("roadtui.cli.status.has_colour", lambda: True)
        coloured = CliRunner().invoke(main, ["status"], color=True).stdout
        assert "\x1b[32m━" in coloured
        assert coloured.count("\x1b[0m") == len(re.findall(r"\x1b\[[1-9]\d*m", coloured))

    def test_a_hostile_note_does_nothing_to_the_terminal(self, shell: Shell) -> None:
        shell.write("ev\x1b]0;x\x07il.md", "- [/] \x1b[2J\x9b31m\u202eboo 📅 2026-03-14\n")
        for arguments in (
            ["status"],
            ["status", "--short"],
            ["status", "--json"],
            ["next"],
            ["next", "--json"],
        ):
            out = shell.run(*arguments).stdout
            assert not set(out) & set("\x1b\x07\x9b\u202e"), arguments
            assert "boo" in out

    def test_garbled_text_is_shown_repaired(self, shell: Shell) -> None:
        shell.write("Plan.md", f"- [/] {'📚'.encode().decode('mac_roman')} read\n")
        assert shell.lines("status", "--short") == ["0/2 0% ▸ 📚 read"]

    def test_hidden_roadmaps_are_not_listed_unless_asked_for(self, shell: Shell) -> None:
        shell.write("area/Sub.md", "---\nhidden: true\n---\n- [ ] six\n")
        assert not any(line.startswith("Sub") for line in shell.lines("status"))
        assert shell.lines("next") == [
            "Plan.md:4  three — in progress",
            "Plan.md:7  five — first open in Later",
        ]
        assert shell.lines("next", "area/Sub.md") == ["area/Sub.md:4  six"]


@pytest.mark.parametrize("command", ["next", "status"])
class TestRefusals:
    """Both end as the other commands do."""

    def test_wrong_arguments(self, shell: Shell, command: str) -> None:
        assert "There is no folder or note" in shell.refused(command, "Nowhere.md", status=2)
        assert "No such option" in shell.refused(command, "--nonsense", status=2)

    def test_a_note_that_cannot_be_read(self, shell: Shell, command: str) -> None:
        shell.write("Big.md", "- [ ] a\n")
        config = shell.write("../config.toml", "max_note_bytes = 4\n")
        done = CliRunner().invoke(main, ["--config", str(config), command, "Big.md"])
        assert (done.exit_code, done.stdout) == (1, "")
        assert "left out: Big.md" in done.stderr


def test_short_and_json_at_once_mean_nothing(shell: Shell) -> None:
    assert "not both" in shell.refused("status", "--short", "--json", status=2)


def test_next_wants_a_count(shell: Shell) -> None:
    assert "--count" in shell.refused("next", "--count", "0", status=2)
