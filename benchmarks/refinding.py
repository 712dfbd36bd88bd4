"""How often a task is found again, refused or mistaken for another, after random edits of its note.

Run with `python -m benchmarks.refinding`. A note is a list of lines that each know who they are; a few edits
as other programs make them (insert, delete, move, paste, indent, tick, reword) give its next state. Then one
task gets another mark in the new text. A wrong line is the worst that can happen: the user would not notice.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import groupby

from roadtui.core.edits.edit import Edit, apply_edit
from roadtui.core.edits.locate import Anchor
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash, parse
from roadtui.core.tasks.status import StatusRegistry

TRIALS = 20_000
SEEDS = (1, 2, 3, 4, 5)
SHARES_OF_COPIES = {"few copies": 0.05, "many copies": 0.4}
GOALS = {"few copies": "wrong ≤ 0.02 %", "many copies": "wrong ≤ 0.11 %"}

_WORDS = ("read", "write", "draft", "review", "vectors", "chapter", "exercise", "plan", "test", "notes")
_MOST_EDITS = 4
_CROSSED_OUT = "!"
"""A mark that no other edit gives, so that there is always something to do."""
_ANY_DAY = date(2026, 1, 1)


class Outcome(Enum):
    """What came of looking for one task."""

    FOUND = "found"
    WRONG = "wrong line"
    REFUSED = "refused"
    """It is still there, and was not told apart from others for certain."""
    GONE = "gone, and refused"
    """It was deleted or reworded: there is nothing to find."""


@dataclass(eq=False, slots=True)
class Line:
    """One line; whatever its text becomes, the object is the line."""

    depth: int
    """Levels of nesting; -1 for a heading."""
    text: str
    status_symbol: str = " "
    is_reworded: bool = False
    copied_from: Line | None = None
    """The line that it was pasted from."""

    def __str__(self) -> str:
        return (
            f"{'  ' * self.depth}- [{self.status_symbol}] {self.text}"
            if self.depth >= 0
            else f"## {self.text}"
        )


Lines = list[Line]


def run(trials: int, share_of_copies: float, seed: int) -> Counter[Outcome]:
    """Count what comes of `trials` searches; the same for the same seed."""
    draw = random.Random(seed)
    return Counter(_trial(draw, share_of_copies) for _ in range(trials))


def _trial(draw: random.Random, share_of_copies: float) -> Outcome:
    lines = _note(draw, share_of_copies)
    seen = _text(lines)
    wanted = draw.choice([line for line in lines if line.depth >= 0])
    before = parse(seen)
    task = next(task for task in before.tasks if task.line == lines.index(wanted))
    for _ in range(draw.randint(1, _MOST_EDITS)):
        draw.choice(_EDITS)(draw, lines, share_of_copies)
    now = _text(lines)
    right = _heirs(wanted, [lines[task.line] for task in parse(now).tasks])
    cross_out = SetStatus((task.status_symbol,), (_CROSSED_OUT,), _ANY_DAY, None, StatusRegistry())
    try:
        applied = apply_edit(
            Edit("", "", (Anchor(before, content_hash(seen.encode()), task),), cross_out), now.encode()
        )
    except RefusedError:
        return Outcome.REFUSED if right else Outcome.GONE
    return Outcome.FOUND if lines[applied.line] in right else Outcome.WRONG


def _heirs(wanted: Line, tasks: Lines) -> Lines:
    """Those of `tasks` that are right to find: the line itself; where it is gone, what was pasted from it.

    Copying a line to another place and deleting it is one way of moving it. A line that is moved too far
    right is no task any more, and so is gone.
    """
    heirs = [wanted]
    if wanted not in tasks or wanted.is_reworded:
        heirs = [line for line in tasks if line.copied_from is wanted and not line.is_reworded]
    return [line for heir in heirs for line in _twins(tasks, heir)]


def _twins(tasks: Lines, line: Line) -> Lines:
    """`line` and its equals directly above and below it, which nobody can tell from it."""
    runs = (list(run) for _, run in groupby(tasks, key=str))
    return next(run for run in runs if line in run)


def _text(lines: Lines) -> str:
    return "".join(f"{line}\n" for line in lines)


def _note(draw: random.Random, share_of_copies: float) -> Lines:
    lines: Lines = []
    for section in range(draw.randint(1, 4)):
        lines.append(Line(-1, f"Part {section}"))
        depth = 0
        for _ in range(draw.randint(3, 12)):
            lines.append(Line(depth, _words(draw, lines, share_of_copies), draw.choice("   x/")))
            depth = draw.randint(0, min(depth + 1, 3))
    return lines


def _words(draw: random.Random, lines: Lines, share_of_copies: float) -> str:
    used = [line.text for line in lines if line.depth >= 0]
    if used and draw.random() < share_of_copies:
        return draw.choice(used)
    return f"{' '.join(draw.choices(_WORDS, k=2))} {draw.randrange(10_000)}"


def _insert(draw: random.Random, lines: Lines, share_of_copies: float) -> None:
    at = draw.randint(1, len(lines))
    depth = draw.randint(0, max(0, min(lines[at - 1].depth + 1, 3)))
    lines.insert(at, Line(depth, _words(draw, lines, share_of_copies)))


def _delete(draw: random.Random, lines: Lines, _: float) -> None:
    start, end = _block(draw, lines)
    del lines[start:end]


def _move(draw: random.Random, lines: Lines, _: float) -> None:
    start, end = _block(draw, lines)
    block = lines[start:end]
    del lines[start:end]
    at = draw.randint(1, len(lines))
    lines[at:at] = block


def _paste(draw: random.Random, lines: Lines, _: float) -> None:
    start, end = _block(draw, lines)
    at = draw.randint(1, len(lines))
    lines[at:at] = [
        Line(line.depth, line.text, line.status_symbol, copied_from=line) for line in lines[start:end]
    ]


def _swap(draw: random.Random, lines: Lines, _: float) -> None:
    if len(lines) > 2:
        at = draw.randint(1, len(lines) - 2)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]


def _indent(draw: random.Random, lines: Lines, _: float) -> None:
    start, end = _block(draw, lines)
    by = draw.choice((-1, 1))
    for line in lines[start:end]:
        line.depth = min(3, max(0, line.depth + by)) if line.depth >= 0 else -1


def _tick(draw: random.Random, lines: Lines, _: float) -> None:
    draw.choice(lines).status_symbol = draw.choice(" x/-")


def _reword(draw: random.Random, lines: Lines, share_of_copies: float) -> None:
    line = draw.choice(lines)
    words = _words(draw, lines, share_of_copies)
    if line.depth >= 0 and words != line.text:
        line.text = words
        line.is_reworded = True


def _rename_heading(draw: random.Random, lines: Lines, _: float) -> None:
    draw.choice([line for line in lines if line.depth < 0]).text = f"Part {draw.randrange(6)}"


def _block(draw: random.Random, lines: Lines) -> tuple[int, int]:
    """A line, with what is nested below it every other time; never the first heading."""
    start = draw.randrange(1, len(lines)) if len(lines) > 1 else 1
    end = min(start + 1, len(lines))
    if draw.random() < 0.5 and start < len(lines) and lines[start].depth >= 0:
        while end < len(lines) and lines[end].depth > lines[start].depth:
            end += 1
    return start, end


_EDITS: tuple[Callable[[random.Random, Lines, float], None], ...] = (
    _insert,
    _delete,
    _move,
    _paste,
    _swap,
    _indent,
    _tick,
    _reword,
    _rename_heading,
)


def main() -> None:
    """Print the shares, and how far they differ from seed to seed."""
    print(
        f"\nFinding a task again after 1 to {_MOST_EDITS} edits of others, {TRIALS:,} trials with each of"
        f" {len(SEEDS)} seeds"
    )
    for name, share in SHARES_OF_COPIES.items():
        each = [run(TRIALS, share, seed) for seed in SEEDS]
        counts = sum(each, Counter[Outcome]())
        shares = "   ".join(f"{one.value} {counts[one] / counts.total():.3%}" for one in Outcome)
        wrong = ", ".join(f"{one[Outcome.WRONG] / TRIALS:.3%}" for one in each)
        print(f"  {name:12} {shares}   goal: {GOALS[name]}\n{'':15}wrong by seed: {wrong}", flush=True)


if __name__ == "__main__":
    main()
