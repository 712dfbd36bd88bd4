"""The commands on hostile notes, with odd encodings and outputs: nothing acts, nothing crashes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.cli.conftest import Shell

HOSTILE_TEXT = (
    "osc \x1b]52;c;aGk=\x07 csi \x1b[2J c1 \x9b31m\x9d bidi \u202eevil\u2066 "
    "sep \u2028 tag \U000e0041 [b]x[/b] =1+1"
)
HOSTILE_NAMES = [
    "$(id).md",
    "a\nb.md",
    "a\x1b[31m.md",
    "x&append=evil.md",
    "-rf.md",
    "\u202egpj.md",
    "a b'c\"d`e.md",
    os.fsdecode(b"caf\xe9.md"),
]


def is_inert(output: str) -> bool:
    return all(char.isprintable() or char in "\n\t" for char in output)


class TestHostileNotes:
    """Names and texts that would act on a terminal, a shell or a reader."""

    @pytest.mark.parametrize("form", ["text", "tsv", "csv", "json"])
    def test_nothing_of_a_text_reaches_the_terminal(self, shell: Shell, form: str) -> None:
        shell.write(
            "Plan.md",
            f"# {HOSTILE_TEXT}\n- [\x1b] {HOSTILE_TEXT}\n- [ ] \xff\n".encode() + b"- [ ] \xff\x9b\n",
        )
        done = shell.run("tasks", "Plan.md", "--format", form)
        assert done.exit_code == 0
        assert is_inert(done.stdout)
        assert "[b]x[/b] =1+1" in done.stdout

    def test_json_says_what_is_on_disk(self, shell: Shell) -> None:
        shell.write("Plan.md", f"- [ ] {HOSTILE_TEXT}\n".encode() + b"- [ ] caf\xe9\n")
        texts = [
            task["text"] for task in json.loads(shell.run("tasks", "Plan.md", "--format", "json").stdout)
        ]
        assert texts == [HOSTILE_TEXT, "caf\udce9"]

    def test_garbled_symbols_are_repaired_for_eyes_only(self, shell: Shell) -> None:
        garbled = "📚 Theory".encode().decode("mac_roman")
        note = shell.write("Plan.md", f"- [ ] {garbled}\n")
        assert shell.lines("tasks", "Plan.md") == ["Plan.md:1  [ ] 📚 Theory"]
        found = json.loads(shell.run("tasks", "Plan.md", "--format", "json").stdout)
        assert found[0]["text"] == garbled
        assert garbled in shell.run("tasks", "Plan.md", "--format", "csv").stdout
        assert shell.lines("task", "Plan.md:1", "--done") == ["Plan.md:1  [x] 📚 Theory"]
        assert note.read_text() == f"- [x] {garbled}\n"

    @pytest.mark.parametrize(
        "arguments",
        [
            *(["tasks", "--format", form] for form in ("json", "tsv", "csv")),
            *(["next", "--json"], ["status", "--json"], ["export"]),
        ],
        ids=" ".join,
    )
    def test_a_heading_is_repaired_in_every_form_and_the_text_is_what_is_on_disk(
        self, shell: Shell, arguments: list[str]
    ) -> None:
        garbled = "📚".encode().decode("mac_roman")
        shell.write("Plan.md", f"# {garbled} One\n## {garbled} Two\n- [ ] a {garbled} b\n")
        out = shell.run(*arguments).stdout
        if "json" in " ".join(arguments) or arguments == ["export"]:
            out = json.dumps(json.loads(out), ensure_ascii=False)
        heading = "📚 Two" if arguments == ["export"] else "📚 One > 📚 Two"
        assert heading in out
        assert f"{garbled} Two" not in out
        assert f"a {garbled} b" in out

    def test_a_heading_can_be_named_as_it_is_shown_and_as_it_is_on_disk(self, shell: Shell) -> None:
        garbled = "📚".encode().decode("mac_roman")
        for heading in ("📚 two", f"{garbled} Two"):
            note = shell.write("Plan.md", f"- [ ] a\n# {garbled} Two\n")
            shell.lines("task", "Plan.md:1", "--move-to", f"Plan.md#{heading}")
            assert note.read_text() == f"# {garbled} Two\n- [ ] a\n"

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_a_name_is_a_name(self, shell: Shell, name: str) -> None:
        note = shell.write(name, "- [ ] x\n")
        for form in ("text", "tsv", "csv", "json"):
            done = shell.run("tasks", "--format", form)
            assert done.exit_code == 0
            assert is_inert(done.stdout)
        assert {task["path"] for task in json.loads(done.stdout)} == {name, "Plan.md", "area/Sub.md"}
        done = shell.run("task", "--done", "--", f"{name}:1")
        assert (done.exit_code, done.stderr) == (0, "")
        assert is_inert(done.stdout)
        assert note.read_text() == "- [x] x\n"

    @pytest.mark.parametrize("name", HOSTILE_NAMES)
    def test_nor_does_a_message_carry_it(self, shell: Shell, name: str) -> None:
        assert is_inert(shell.refused("tasks", "--", f"no {name}", status=2))
        (shell.root / name).symlink_to("nowhere")
        done = shell.run("tasks")
        assert "left out" in done.stderr
        assert is_inert(done.stderr)


class TestInAPipe:
    """The program itself, started as a script starts it."""

    def run(
        self, shell: Shell, *arguments: str | bytes, out: int | None = None, **variables: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "roadtui", *arguments],
            cwd=shell.root,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if out is None else out,
            stderr=subprocess.PIPE,
            timeout=30,
            check=False,
        )

    @pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252:strict"])
    def test_an_encoding_that_lacks_a_character_is_no_crash(self, shell: Shell, encoding: str) -> None:
        shell.write("Plan.md", "- [ ] 📚 café\n")
        for arguments in (["tasks", "Plan.md"], ["task", "Plan.md:1", "--done"]):
            done = self.run(shell, *arguments, PYTHONIOENCODING=encoding)
            assert (done.returncode, done.stderr) == (0, b"")
            assert b"\\U0001f4da caf" in done.stdout

    def test_a_name_that_is_not_utf8(self, shell: Shell) -> None:
        shell.write(os.fsdecode(b"caf\xe9.md"), "- [ ] x\n")
        done = self.run(shell, "task", b"caf\xe9.md:1", "--done")
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode() == "caf�.md:1  [x] x\n"

    def test_a_full_disk_is_told(self, shell: Shell) -> None:
        if not os.path.exists("/dev/full"):
            pytest.skip("there is no /dev/full")
        with open("/dev/full", "wb") as full:
            done = self.run(shell, "tasks", out=full.fileno())
        assert done.returncode == 1
        assert done.stderr == b"roadtui: The output could not be written: No space left on device.\n"

    def test_a_reader_that_has_enough_is_no_crash(self, shell: Shell) -> None:
        shell.write("Plan.md", "- [ ] x\n" * 50_000)
        reader, writer = os.pipe()
        os.close(reader)
        done = self.run(shell, "tasks", out=writer)
        os.close(writer)
        assert b"Traceback" not in done.stderr
        assert done.returncode == 1
