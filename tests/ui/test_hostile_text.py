"""Text of notes never acts on the terminal, hides nothing and shifts no column."""

from rich.cells import cell_len

from tests.ui.conftest import Start

HOSTILE = [
    "\x1b]52;c;aGk=\x07 clipboard",
    "\x1b[31mred \x9b2J",
    "bidi \u202egnp.exe\u2066 end",
    "markup [bold]loud[/bold] [@click=app.quit]x[/]",
    "zero\u200bwidth\ufeff and \u2060joined",
    "tab\tand \x00nul",
    "bad \udcff byte",
]
WIDE = [
    "漢字かな wide",
    "family 👨‍👩‍👧‍👦 and flag 🇩🇪",
    "gear ⚙️ heart ❤️ vs16",
    "e\u0301 combining",
    "skin 👍🏽 tone",
]


async def test_hostile_text_is_inert_everywhere(start: Start) -> None:
    lines = "".join(f"- [ ] {text} 📅 2026-11-25\n" for text in HOSTILE)
    start.put("Bad \x1b[7m [bold]name.md", "# Head \x1b]0;t\x07 [red]\n" + lines)
    start.put("Good.md", "- [ ] Alpha\n")
    async with start(size=(160, 45)) as user:
        await user.press("shift+tab", "enter", "j", "space")
        await user.is_saved()
        await user.press("u")
        await user.sees("Undone")
        text = user.text()
        assert "clipboard" in text
        assert "[bold]loud[/bold]" in text
        assert not [char for char in text if char != "\n" and not char.isprintable() and char not in "\u200d"]
        assert user.app.is_running


async def test_columns_stay_where_they_are(start: Start) -> None:
    start.put("Wide.md", "# 漢字 ⚙️ head\n" + "".join(f"- [ ] {text} 📅 2026-11-25\n" for text in WIDE))
    async with start("Wide.md", (160, 45)) as user:
        rows = user.lines_of(user.tree)[1 : 1 + len(WIDE)]
        assert len({cell_len(row) for row in rows}) == 1
        assert all(row.endswith("due Wed") for row in rows)
        assert {cell_len(line) <= 160 for line in user.lines()} == {True}


async def test_a_cut_shows(start: Start) -> None:
    start.put("Long.md", "- [ ] " + "word " * 40 + "\n")
    async with start("Long.md", (60, 20)) as user:
        assert user.row("word").endswith("…")
