"""The notes that the benchmarks open, made anew on each machine."""

from pathlib import Path

FIRST_TASK = "Topic 1.1"
"""A text of the seed-like note that the first screen must show."""

_STEPS_OF_SECTIONS = (
    (2, 3, 3, 2, 3),
    (3, 3, 3, 3, 3),
    (2, 2, 3, 3, 2, 2, 3),
    (3, 3, 3, 3, 2),
    (0, 0, 0, 0, 0),
)
"""For each section, how many steps each of its topics has."""


def seed_like() -> str:
    """A roadmap of the size that people keep: 86 boxes, 64 of them leaves, in five sections."""
    lines = ["[[Other Roadmap]], [[A third one]]", ""]
    for section, topics in enumerate(_STEPS_OF_SECTIONS, 1):
        lines += ["", f"## {section}. 📚 Section {section}"]
        for topic, steps in enumerate(topics, 1):
            lines.append(f"- [ ] Topic {section}.{topic}  ")
            lines += [f"  - [ ] Step {section}.{topic}.{step} (of {steps})  " for step in range(1, steps + 1)]
    return "\n".join(lines) + "\n"


def write_vault(folder: Path) -> Path:
    """Make a vault of one seed-like note in ``folder``; the note."""
    (folder / ".obsidian").mkdir(parents=True)
    note = folder / "Roadmap.md"
    note.write_text(seed_like(), encoding="utf-8")
    return note
