"""How fast a vault is parsed, what the result weighs, and that hostile notes cost no more than their length.

Run with `python -m benchmarks.parsing`. Every figure is the median of five runs; reading the same files with
`os.read` in the same run gives the measure to hold the parser against.
"""

from __future__ import annotations

import gc
import os
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from benchmarks.vaults import make_vault
from roadtui.core.markdown import parse

RUNS = 5
NOTES = 2_000
BYTES = 10_000_000

HOSTILE: dict[str, Callable[[], str]] = {
    "500,000 quote marks": lambda: "> " * 500_000,
    "a line of 1 MB": lambda: "- [ ] " + "x" * 1_000_000,
    "1 MB of brackets": lambda: "[" * 500_000 + "](" * 250_000,
    "1 MB of backtick runs": lambda: "[[a]] " + " ".join("`" * (n % 1_000 + 1) for n in range(2_000)),
    "20,000 spaces after #": lambda: "#" + " " * 20_000 + "x",
    "10,000 levels in one line": lambda: "- " * 10_000 + "x\n" + "\n" * 10_000 + "- x\n" * 10_000,
    "10,000 levels of boxes": lambda: "- [ ] " * 10_000 + "x",
    "10,000 levels of tabs": lambda: "-\t[ ] " * 10_000 + "x",
    "1,400 levels in steps": lambda: "\n".join("  " * n + "- [ ] x" for n in range(1_400)),
    "1 MB of setext": lambda: "a\n" * 500_000 + "---",
    "1 MB of unclosed comments": lambda: "a [[ %% <!-- " * 80_000,
    "1 MB of unclosed links": lambda: "[a](b " * 170_000,
    "1 MB of open tags": lambda: "<a " + "b " * 500_000,
    "1 MB of empty lines": lambda: "- " * 100 + "\n" * 1_000_000,
}


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        paths = make_vault(Path(folder), NOTES, BYTES, seed=1)
        contents = [path.read_bytes() for path in paths]
        size = sum(map(len, contents))
        read = _median(lambda: [_read(path) for path in paths])
    texts = [content.decode("utf-8", "surrogateescape") for content in contents]
    items = sum(len(parse(text).items) for text in texts)
    parsed = _median(lambda: [parse(text) for text in texts])
    decoded = _median(lambda: [content.decode("utf-8", "surrogateescape") for content in contents])
    print(f"{len(texts):,} notes, {size / 1e6:.1f} MB, {items:,} items")
    print(f"os.read   {size / read / 1e6:8.0f} MB/s  {read * 1e3:7.1f} ms")
    print(f"decode    {size / decoded / 1e6:8.0f} MB/s  {decoded * 1e3:7.1f} ms")
    print(f"parse     {size / parsed / 1e6:8.1f} MB/s  {parsed * 1e3:7.1f} ms  {parsed / read:.1f}x os.read")
    print(f"memory    {_memory(texts) / 1e6:8.1f} MB for the notes alone")
    for name, make in HOSTILE.items():
        text = make()
        taken = _median(lambda text=text: parse(text))  # type: ignore[misc]
        print(f"{name:28} {len(text) / 1e6:6.2f} MB {taken * 1e3:8.1f} ms")


def _read(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, 1 << 24)
    finally:
        os.close(descriptor)


def _median(work: Callable[[], object]) -> float:
    """Seconds; without the garbage collector, which is the caller's to manage."""
    times: list[float] = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(RUNS):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    finally:
        gc.enable()
    return statistics.median(times)


def _memory(texts: list[str]) -> int:
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    notes = [parse(text) for text in texts]
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert notes
    return after - before


if __name__ == "__main__":
    main()
