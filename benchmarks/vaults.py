"""Make vaults to measure on: realistic roadmaps, the same for the same seed on every machine."""

from __future__ import annotations

import random
from pathlib import Path

_TEXT = (
    "learn build explore master review linear algebra probability gradient descent attention transformer "
    "pipeline feature model evaluation deploy monitor data versioning note paper chapter exercise project "
    "draft outline measure compare refactor release writing history theory practice vector matrix sampling "
    "the of and for with into from about über naïve Größe"
)
_WORDS = _TEXT.split()

_TITLES = ("Foundations", "Advanced modeling", "Engineering", "Reading list", "Projects", "Open questions")

_ITEMS_PER_BYTE = 69_000 / 10_000_000
"""Of the vault that the parser's budget is stated for."""


def make_vault(folder: Path, notes: int, bytes: int, seed: int) -> list[Path]:
    """Write `notes` notes of about `bytes` bytes in all below `folder`; their paths."""
    draw = random.Random(seed)
    paths: list[Path] = []
    for number in range(notes):
        path = folder / f"area {number % 20:02}" / f"roadmap {number:05}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make_note(draw, bytes // notes, notes), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def make_note(draw: random.Random, size: int, notes: int = 1) -> str:
    """One roadmap of about `size` bytes that may link to `notes` others."""
    lines: list[str] = []
    if draw.random() < 0.3:
        lines += ["---", f"tags: [{draw.choice(_WORDS)}]", "aliases:", f"  - {_words(draw, 2)}", "---", ""]
    lines += [f"# {_words(draw, 3).title()}", ""]
    items = round(size * _ITEMS_PER_BYTE)
    sections = max(1, items // 12)
    used = sum(map(_size, lines))
    for section in range(sections):
        share = items // sections + (section < items % sections)
        part = _section(draw, section, share, notes)
        lines += part
        used += sum(map(_size, part))
        while used < size * (section + 1) // sections:
            paragraph = [
                _words(draw, draw.randint(8, 18)).capitalize() + "." for _ in range(draw.randint(1, 4))
            ]
            lines += [*paragraph, ""]
            used += sum(map(_size, paragraph)) + 1
    return "\n".join(lines) + "\n"


def _section(draw: random.Random, number: int, items: int, notes: int) -> list[str]:
    lines = [f"## {number + 1}. {draw.choice(_TITLES)}", ""]
    if draw.random() < 0.3:
        lines += [f"See [[roadmap {draw.randrange(notes):05}]] and [the list](roadmap%2000000.md).", ""]
    depth = 0
    for _ in range(items):
        depth = draw.randint(0, min(depth + 1, 3))
        box = f"[{draw.choice('   xx/-')}] " if draw.random() < 0.9 else ""
        lines.append(f"{'  ' * depth}- {box}{_words(draw, draw.randint(3, 9))}{_fields(draw)}")
    lines.append("")
    if draw.random() < 0.1:
        lines += ["```python", "def f(x):", "    return x", "- [ ] no task", "```", ""]
    if draw.random() < 0.1:
        lines += ["> [!note] Remember", f"> {_words(draw, 9)}", f"> - [ ] {_words(draw, 4)}", ""]
    return lines


def _fields(draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.1:
        return f" 📅 2026-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
    if kind < 0.15:
        return " ⏫ ✅ 2026-01-15"
    if kind < 0.2:
        return f" #{draw.choice(_WORDS)}"
    return ""


def _words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(_WORDS, k=count))


def _size(line: str) -> int:
    return len(line.encode()) + 1
