"""How the program ends when no key asks for it, and that nothing which a terminal sends ends it."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from benchmarks.terminal import ANSWERS, Terminal
from roadtui.ui.widgets.focus.block_digits import SMALL_ROWS, block_digits
from tests.e2e.conftest import Start, make_note

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs signals")

NOTE = "# Plan\n\n- [ ] Alpha\n- [ ] Beta\n"
SIGNALS = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGALRM]
KEYS = {
    "dashboard": "j",
    "prompt": "ja",
    "menu": "js",
    "palette": "\x10",
    "help": "?",
    "insights": "i",
    "next": "n",
    "focus": "jf",
    "past": "T",
}
"""What is typed to come to a screen, or to open something on one."""
MOMENT = 0.4
"""Seconds in which a program that is asked to end comes to know it, far fewer than the 3 that edits get."""
SET_UP = b"\x1b[?1049h"
"""What the program writes when it sets up the terminal: at its start, and when it goes on."""
OVERDUE = 8
"""Seconds in which a program has ended, even on a busy machine, unless it hangs; then it ends after 10."""


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return make_note(tmp_path, NOTE.encode())


@pytest.fixture
def state(env: dict[str, str]) -> Path:
    """The folder in which the program remembers."""
    return Path(env["HOME"]) / ".local" / "state" / "roadtui"


def seconds_spent(state: Path) -> int:
    total = 0
    for journal in state.rglob("*.sqlite"):
        with sqlite3.connect(journal) as connection:
            if connection.execute("select 1 from sqlite_master where name = 'event'").fetchone():
                rows = connection.execute("select coalesce(sum(seconds), 0) from event where kind = 'spent'")
                total += rows.fetchone()[0]
    return total


def is_remembered(state: Path) -> bool:
    return [file.read_text() for file in state.rglob("*.last")] == ["Plan.md\n"]


def ready(terminal: Terminal) -> None:
    terminal.wait_for("Alpha")
    terminal.wait_for("live")
    terminal.settle()


Ask = Callable[[Terminal], None]
"""Makes the program end."""


def send(number: signal.Signals) -> Ask:
    return lambda terminal: os.kill(terminal.pid, number)


WAYS = [pytest.param(send(number), 128 + number, id=number.name) for number in SIGNALS]
WAYS.append(pytest.param(Terminal.hang_up, 128 + signal.SIGHUP, id="closed"))


def assert_restored(terminal: Terminal) -> None:
    if not terminal.is_closed:
        assert terminal.left_behind() == []


def told_at_the_end(terminal: Terminal) -> str:
    """What the program wrote once it had given the terminal back."""
    return terminal.output.decode(errors="replace").rpartition("\x1b[?1049l")[2]


@pytest.mark.parametrize(("ask", "status"), WAYS)
def test_time_and_place_are_kept(start: Start, note: Path, state: Path, ask: Ask, status: int) -> None:
    terminal = start(note)
    ready(terminal)
    terminal.send("jf")
    terminal.wait_for(block_digits("24:5", SMALL_ROWS)[0])  # A second has gone.
    ask(terminal)
    assert terminal.wait_exit(OVERDUE) == status
    assert_restored(terminal)
    assert seconds_spent(state) >= 1
    assert is_remembered(state)
    assert note.read_text() == NOTE


@pytest.mark.parametrize(("ask", "status"), [WAYS[0], WAYS[-1]])  # From here on, all signals take one way.
def test_an_edit_that_waits_is_written(start: Start, note: Path, ask: Ask, status: int) -> None:
    terminal = start(note)
    ready(terminal)
    with note.open("r+"):
        terminal.send("jj ")
        terminal.wait_for("in use")
        assert note.read_text() == NOTE
        ask(terminal)
        terminal.run_for(MOMENT)
        assert note.read_text() == NOTE
    assert terminal.wait_exit(OVERDUE) == status
    assert note.read_text() == NOTE.replace("[ ] Beta", "[x] Beta")
    assert_restored(terminal)


@pytest.mark.parametrize("keys", [pytest.param(keys, id=name) for name, keys in KEYS.items()])
def test_whatever_is_open(start: Start, note: Path, state: Path, keys: str) -> None:
    terminal = start(note)
    ready(terminal)
    terminal.send(keys)
    terminal.settle()
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.wait_exit(OVERDUE) == 128 + signal.SIGTERM
    assert terminal.left_behind() == []
    assert is_remembered(state)
    assert b"Traceback" not in terminal.output


def test_asked_twice_it_ends_at_once(start: Start, note: Path) -> None:
    terminal = start(note)
    ready(terminal)
    with note.open("r+"):
        terminal.send("jj ")
        terminal.wait_for("in use")
        os.kill(terminal.pid, signal.SIGTERM)
        terminal.run_for(MOMENT)
        os.kill(terminal.pid, signal.SIGTERM)
        # Had it waited for the note until it gave up, the status would be 1.
        assert terminal.wait_exit(OVERDUE) == 128 + signal.SIGTERM
    assert terminal.left_behind() == []
    assert note.read_text() == NOTE
    assert "Not known to be saved: tick “Beta”." in told_at_the_end(terminal)


@pytest.fixture
def start_immune(program: Path, env: dict[str, str], tmp_path: Path, note: Path) -> Iterator[Terminal]:
    """The program on `note`, deaf to SIGHUP, as `nohup` makes it."""
    ignoring: list[str | Path] = ["/bin/sh", "-c", 'trap "" HUP; exec "$0" "$@"', program, note]
    with Terminal(ignoring, columns=120, rows=30, env=env, cwd=tmp_path) as terminal:
        yield terminal


def test_the_end_of_the_input_is_enough(start_immune: Terminal, state: Path) -> None:
    ready(start_immune)
    start_immune.hang_up()
    assert start_immune.wait_exit(OVERDUE) == 128 + signal.SIGHUP
    assert is_remembered(state)


def test_a_signal_that_was_ignored_stays_ignored(start_immune: Terminal) -> None:
    ready(start_immune)
    os.kill(start_immune.pid, signal.SIGHUP)
    start_immune.send("jj ")
    start_immune.wait_for("saved")
    start_immune.send("q")
    assert start_immune.wait_exit() == 0


@pytest.mark.parametrize("seconds", [0.2, 0.4, 1.0])
@pytest.mark.parametrize("ask", [pytest.param(send(signal.SIGTERM), id="SIGTERM"), Terminal.hang_up])
def test_a_demo_leaves_nothing_whenever_it_ends(
    start: Start, env: dict[str, str], tmp_path: Path, seconds: float, ask: Ask
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    env["TMPDIR"] = str(temporary)
    terminal = start("demo")
    terminal.run_for(seconds)
    ask(terminal)
    terminal.wait_exit()
    assert_restored(terminal)
    assert list(temporary.iterdir()) == []
    assert b"Traceback" not in terminal.output


def test_the_choice_of_a_vault_ends_too(start: Start) -> None:
    terminal = start()
    terminal.wait_for("No vault is open")
    os.kill(terminal.pid, signal.SIGTERM)
    assert terminal.wait_exit(OVERDUE) == 128 + signal.SIGTERM
    assert terminal.left_behind() == []


def go_on(terminal: Terminal) -> None:
    """Let a stopped program go on, until it has set up the terminal: what was typed before, it drops."""
    before = terminal.output.count(SET_UP)
    os.kill(terminal.pid, signal.SIGCONT)
    wait_for_setup(terminal, before)


def wait_for_setup(terminal: Terminal, before: int) -> None:
    """Wait until the program has set up the terminal more often than `before`."""
    terminal.wait_until(lambda: terminal.output.count(SET_UP) > before)
    terminal.settle()


def tick_and_quit(terminal: Terminal, note: Path) -> None:
    """Check that the program still works: it ticks a task, and ends in order."""
    terminal.send("jj ")
    terminal.wait_for("saved")
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
    assert note.read_text() == NOTE.replace("[ ] Beta", "[x] Beta")


def test_stopped_from_outside_it_goes_on(start: Start, note: Path) -> None:
    terminal = start(note)
    ready(terminal)
    os.kill(terminal.pid, signal.SIGSTOP)
    terminal.wait_until(partial(is_stopped, terminal.pid))
    go_on(terminal)
    tick_and_quit(terminal, note)


def press_its_key(terminal: Terminal) -> None:
    terminal.send("\x1a")


def is_stopped(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None


@pytest.mark.parametrize("stop", [pytest.param(send(signal.SIGTSTP), id="SIGTSTP"), press_its_key])
def test_stopped_by_its_user_it_gives_the_terminal_back_and_goes_on(
    start: Start, note: Path, stop: Ask
) -> None:
    terminal = start(note)
    ready(terminal)
    stop(terminal)
    terminal.wait_until(partial(is_stopped, terminal.pid))
    terminal.settle()
    assert terminal.left_behind() == []
    go_on(terminal)
    tick_and_quit(terminal, note)


INTERRUPTED = """
import os, queue, signal, sys
from roadtui.ui.screens.vault_picker import VaultPickerScreen
from roadtui.ui.terminal.termination import Termination

put = queue.Queue._put  # Called while the queue is locked.

def put_and_be_interrupted(self, item):
    put(self, item)
    queue.Queue._put = put
    {signals}

class Interrupted(VaultPickerScreen):
    def on_key(self, event):
        if event.key == "x":
            queue.Queue._put = put_and_be_interrupted
            self.bell()

with Termination() as termination:
    sys.exit(Interrupted([]).run_until_ended(termination))
"""
RAISED = "signal.raise_signal(signal.{})"


@pytest.mark.parametrize(
    ("names", "status"), [(["SIGTSTP", "SIGCONT"], 0), (["SIGCONT"], 0), (["SIGHUP", "SIGCONT"], 129)]
)
def test_a_signal_may_come_in_the_middle_of_a_write_to_the_terminal(
    env: dict[str, str], tmp_path: Path, names: list[str], status: int
) -> None:
    signals = "; ".join(RAISED.format(name) for name in names)
    interrupted = [sys.executable, "-c", INTERRUPTED.format(signals=signals)]
    with Terminal(interrupted, columns=120, rows=30, env=env, cwd=tmp_path) as terminal:
        terminal.wait_for("No vault is open")
        terminal.settle()
        before = terminal.output.count(SET_UP)
        terminal.send("x")
        if not status:
            wait_for_setup(terminal, before)
            terminal.send("\x1b")
        assert terminal.wait_exit(OVERDUE) == status
        assert terminal.left_behind() == []


IN_A_DESTRUCTOR = """
import signal
from roadtui.ui.terminal.termination import Termination

class Destroyed:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)

with Termination() as termination:
    termination.at_the_end(lambda: print("cleared away", flush=True))
    Destroyed()
    print("went on")
"""


HELD = """
import signal
from roadtui.ui.terminal.termination import Termination

with Termination() as termination:
    with termination.held():
        signal.raise_signal(signal.SIGTERM)
        termination.at_the_end(lambda: print("cleared away", flush=True))
        print("made", flush=True)
    print("went on", flush=True)
"""


def test_a_signal_that_is_held_ends_the_program_after_the_work(env: dict[str, str], tmp_path: Path) -> None:
    program = [sys.executable, "-c", HELD]
    done = subprocess.run(program, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "made\ncleared away\n")


def test_a_signal_may_come_where_python_drops_exceptions(env: dict[str, str], tmp_path: Path) -> None:
    program = [sys.executable, "-c", IN_A_DESTRUCTOR]
    done = subprocess.run(program, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (128 + signal.SIGTERM, "cleared away\n", "")


BAD_BYTES = {
    "X10 mouse report": b"\x1b[M \xb2\x25",
    "Latin-1 letter": b"\xe9",
    "half an emoji": b"\xf0\x9f",
    "bytes that never are UTF-8": b"\xff\xfe\xc0\x80",
    "a surrogate": b"\xed\xa0\x80",
    "a key beyond Unicode": b"\x1b[99999999u",
    "a key without a number": b"\x1b[:P",
    "a paste": b"\x1b[200~caf\xe9\x1b[201~",
    "a C1 control": b"\x9b31~",
    "NUL": b"\x00",
    "a size that was not asked for": b"\x1b[48;99999;99999;99999;99999t",
}


def is_other_than(ticked: int, note: Path) -> bool:
    return note.read_text().count("[x]") != ticked


def test_bytes_that_are_no_key_are_no_fault(start: Start, note: Path) -> None:
    terminal = start(note)
    ready(terminal)
    terminal.send("jj")
    for name, sent in BAD_BYTES.items():
        print(name)  # Shown where the test fails.
        terminal.send(sent)
        terminal.settle()
        terminal.send("\x1b")
        terminal.settle()
        ticked = note.read_text().count("[x]")  # Not before: NUL is what control and space send, which ticks.
        terminal.send(" ")
        terminal.wait_until(partial(is_other_than, ticked, note))
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert b"Traceback" not in terminal.output


def is_ticked(note: Path) -> bool:
    return "[x]" in note.read_text()


def test_a_text_too_long_to_be_pasted_is_dropped_with_a_sentence(start: Start, note: Path) -> None:
    terminal = start(note)
    ready(terminal)
    terminal.send("jj\x1b[200~")
    for _ in range(50):
        terminal.send("- [ ] pasted, and so on for several lines\n" * 100)
        terminal.run_for(0.001)
    terminal.send("\x1b[201~")
    terminal.wait_for("Nothing was pasted: the text is longer")
    assert note.read_text() == NOTE
    terminal.send(" ")
    terminal.wait_until(partial(is_ticked, note))


def test_a_paste_without_end_gives_the_keys_back(start: Start, note: Path) -> None:
    terminal = start(note)
    ready(terminal)
    terminal.send("jj\x1b[200~- [ ] pasted\n")
    terminal.wait_for("Nothing was pasted: the terminal did not send")
    terminal.send(" ")
    terminal.wait_until(partial(is_ticked, note))
    assert "pasted" not in note.read_text()


def test_a_terminal_that_claims_to_have_any_size_gets_its_keys_answered(start: Start, note: Path) -> None:
    terminal = start(note)
    ready(terminal)
    terminal.send("jj")
    terminal.settle()
    for size in ((65_535, 1), (1, 65_535), (1, 1), (65_535, 65_535)):
        terminal.claim_size(*size)
        terminal.run_for(0.1)
    terminal.settle()
    terminal.send(" ")
    terminal.wait_until(partial(is_ticked, note))
    terminal.send("q")
    assert terminal.wait_exit() == 0


def test_a_size_in_the_input_is_followed_as_far_as_a_screen_can_be_drawn(
    start: Start, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ANSWERS, b"\x1b[?2048$p", b"\x1b[?2048;2$y")
    terminal = start(note)
    ready(terminal)
    terminal.send("jj")
    for size in ("30;100;0;0", "99999;99999;990;1600", "0;0;0;0", "45;160;990;1600"):
        terminal.send(f"\x1b[48;{size}t\x1b[<35;50;20M")
        terminal.settle()
    terminal.send(" ")
    terminal.wait_until(partial(is_ticked, note))
    terminal.send("q")
    assert terminal.wait_exit() == 0


BROKEN = """
import asyncio, sys, threading
from roadtui.ui.screens.vault_picker import VaultPickerScreen
from roadtui.ui.terminal.termination import Termination

class Broken(VaultPickerScreen):
    def on_key(self):
        {fault}

    def fail(self):
        raise ZeroDivisionError("by a test")

    async def fail_soon(self):
        self.fail()

    async def fail_and_leave(self):
        self.call_later(self.exit)
        self.fail()

with Termination() as termination:
    sys.exit(Broken([]).run_until_ended(termination))
"""
FAULTS = {
    "a handler": "self.fail()",
    "a worker": "self.run_worker(self.fail_soon())",
    "a worker, and the user leaves": "self.run_worker(self.fail_and_leave())",
    "a thread": "self.run_worker(self.fail, thread=True)",
    "a timer": "self.set_timer(0.01, self.fail)",
    "a task that nobody waits for": "asyncio.create_task(self.fail_soon())",
    "a callback": "asyncio.get_running_loop().call_soon(self.fail)",
    "what reads the terminal": "self._driver.process_message = lambda message: self.fail()",
}


@pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in FAULTS.items()])
def test_a_fault_of_its_own_is_said_and_is_no_success(
    env: dict[str, str], tmp_path: Path, fault: str
) -> None:
    broken = [sys.executable, "-c", BROKEN.format(fault=fault)]
    with Terminal(broken, columns=120, rows=30, env=env, cwd=tmp_path) as terminal:
        terminal.wait_for("No vault is open")
        terminal.settle()
        terminal.send("x")
        terminal.settle()
        terminal.send("x")
        assert terminal.wait_exit() == 1
        assert terminal.left_behind() == []
        assert "ZeroDivisionError" in told_at_the_end(terminal)
