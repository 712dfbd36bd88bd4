"""A roadmap built from nothing with the keyboard alone, checked to the byte, and all of it taken back."""

from __future__ import annotations

from pathlib import Path

from benchmarks.terminal import Terminal
from tests.e2e.conftest import Start

AND_ANOTHER, CLEAR, ENTER, ALL, REDO = "\x1b[B", "\x15", "\r", "\x00", "\x12"

Notes = dict[str, str]


def pasted(text: str) -> str:
    """What a terminal sends when `text` is pasted."""
    return f"\x1b[200~{text}\x1b[201~"


class Session:
    """Somebody at the keyboard, who types ahead, and the files of the vault beside."""

    def __init__(self, terminal: Terminal, vault: Path) -> None:
        self._terminal = terminal
        self._vault = vault
        self.states: list[Notes] = [{}]
        """The notes before anything, and after each step that can be taken back."""

    def notes(self) -> Notes:
        return {path.name: path.read_bytes().decode() for path in self._vault.glob("*.md")}

    def press(self, keys: str) -> None:
        self._terminal.send(keys)
        self._terminal.settle(0.1)

    def reach(self, wanted: Notes) -> None:
        self._terminal.wait_until(lambda: self.notes() == wanted)

    def do(self, keys: str, **changed: str) -> None:
        """Type `keys` at once, and see the notes `changed` to what is given and no other note touched."""
        self._terminal.send(keys)
        wanted = self.states[-1] | {f"{name}.md": text for name, text in changed.items()}
        self.reach(wanted)
        self.states.append(wanted)
        self._terminal.settle(0.08)

    def sed(self, keys: str, *pairs: tuple[str, str], note: str = "Inbox") -> None:
        """The same, where the note changes in one place or a few."""
        text = self.states[-1][f"{note}.md"]
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        self.do(keys, **{note: text})


HARDWARE = "- [ ] Build a lab\n- [ ] Buy disks\n- [ ] Read\n\n## Hardware\n"
SERVER = HARDWARE + "- [ ] Server\n\t- [ ] Case\n\t- [ ] Fans\n"
SOFTWARE = SERVER + "\n## Software\n- [ ] Linux\n  - [ ] Partitions\n  - [ ] SSH\n- [ ] Backups\n"


def test_roadmap_is_built_with_the_keyboard_alone_and_taken_back(start: Start, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    terminal = start("--today", "2026-11-22", vault, columns=140, rows=40)
    terminal.wait_for("Press c to write the first")
    terminal.wait_for("live")
    user = Session(terminal, vault)

    # From nothing to a note with two sections.
    user.do(f"cBuild a lab{ENTER}", Inbox="- [ ] Build a lab\n")
    terminal.wait_for("○ Build a lab")
    user.do(f"cRead{ENTER}", Inbox="- [ ] Build a lab\n- [ ] Read\n")
    user.do(f"aBuy disks{ENTER}", Inbox="- [ ] Build a lab\n- [ ] Buy disks\n- [ ] Read\n")
    user.do(f"HHardware{ENTER}", Inbox=HARDWARE)
    user.do(f"aServer{ENTER}", Inbox=HARDWARE + "- [ ] Server\n")
    user.do(f"ACase{AND_ANOTHER}", Inbox=HARDWARE + "- [ ] Server\n\t- [ ] Case\n")
    user.do(f"Fans{ENTER}", Inbox=SERVER)
    user.do(f"HSoftware{ENTER}", Inbox=SERVER + "\n## Software\n")
    lines = pasted("Linux\n  Partitions\n  SSH\nBackups\n")
    user.do(f"a{lines}{ENTER}", Inbox=SOFTWARE)

    # Words.
    user.sed(f"e on the server{ENTER}", ("] Linux\n", "] Linux on the server\n"))
    user.sed(f"G|{CLEAR}Backup | Restore{ENTER}", ("- [ ] Backups\n", "- [ ] Backup\n- [ ] Restore\n"))
    user.sed(f"[e 2{ENTER}", ("## Software", "## Software 2"))

    # Days and the like.
    lab = "Build a lab"
    user.sed(f"gDfri{ENTER}", ("a lab", f"a lab {(due := '📅 2026-11-27')}"))
    user.sed(f"Stom{ENTER}", (f"{lab} 📅", f"{lab} ⏳ 2026-11-23 📅"))
    user.sed(f"W+0{ENTER}", (f"{lab} ⏳", f"{lab} 🛫 2026-11-22 ⏳"))
    user.sed("p1", (f"{lab} 🛫", f"{lab} 🔺 🛫"))
    user.sed(f"tlab home{ENTER}", (f"{lab} 🔺", f"{lab} #lab #home 🔺"))
    user.sed(f"Revery week{ENTER}", ("🔺 🛫", "🔺 🔁 every week 🛫"))
    user.sed("p0", (" 🔺", ""))
    user.press("jbrestore\r")
    terminal.wait_until(lambda: "⛔" in user.notes()["Inbox.md"])
    waits = user.notes()["Inbox.md"]
    id = waits.partition("⛔ ")[2][:6]
    before = user.states[-1]["Inbox.md"]
    wanted = before.replace("Buy disks", f"Buy disks ⛔ {id}").replace("Restore", f"Restore 🆔 {id}")
    assert waits == wanted
    user.states.append(user.states[-1] | {"Inbox.md": waits})

    # Places.
    user.sed("gjj>", ("\n- [ ] Read", "\n\t- [ ] Read"))
    user.sed("<", ("\n\t- [ ] Read", "\n- [ ] Read"))
    disks = f"- [ ] Buy disks ⛔ {id}\n"
    user.sed("K", (f"{disks}- [ ] Read\n", f"- [ ] Read\n{disks}"))
    user.sed("J", (f"- [ ] Read\n{disks}", f"{disks}- [ ] Read\n"))
    user.sed(
        f"rsoftware{ENTER}", ("- [ ] Read\n", ""), (f"Restore 🆔 {id}\n", f"Restore 🆔 {id}\n- [ ] Read\n")
    )
    (vault / "Later.md").write_bytes(b"# Later")
    user.states[-1] |= {"Later.md": "# Later"}
    terminal.settle(0.6)
    text = user.states[-1]["Inbox.md"].removesuffix("- [ ] Read\n")
    user.do(f"Grlater{ENTER}", Inbox=text, Later="# Later\n- [ ] Read")

    # Statuses.
    user.sed("gmms/", ("- [ ] Build", "- [/] Build"), ("- [ ] Buy", "- [/] Buy"))
    terminal.send("\x1b")
    terminal.settle(0.3)
    user.sed("kx", ("- [/] Buy", "- [-] Buy"))
    below = [(f"[ ] {words}", f"[x] {words}") for words in ("Linux", "Partitions", "SSH")]
    user.sed(f"]]j{ALL}", *below)
    user.sed("j ", ("[x] Partitions", "[ ] Partitions"))

    # What goes: a task at once, more of them when that is meant.
    user.sed("Gd", (f"- [ ] Restore 🆔 {id}\n", ""))
    user.press("[jd")
    terminal.wait_for("and the 2 tasks")
    user.sed("y", ("- [x] Linux on the server\n  - [ ] Partitions\n  - [x] SSH\n", ""))
    user.press("[d")
    terminal.wait_for("below it: 3")
    user.do(
        "y",
        Inbox=f"- [/] {lab} #lab #home 🔁 every week 🛫 2026-11-22 ⏳ 2026-11-23 {due}\n"
        f"{disks.replace('[ ]', '[-]')}\n## Software 2\n- [ ] Backup\n",
    )

    # And back. A note that another program made stays, and one that was made here goes.
    kept = {"Later.md": "# Later"}
    for state in reversed(user.states[:-1]):
        terminal.send("u")
        user.reach(kept | state)
    for state in user.states[1:]:
        terminal.send(REDO)
        user.reach(kept | state)
    assert "Traceback" not in terminal.output.decode(errors="replace")
