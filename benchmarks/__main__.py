"""``python -m benchmarks [NAME …]`` runs the named programs of this folder, or all of them."""

import sys

from benchmarks import (
    big_vault,
    edits,
    filter_keys,
    find_keys,
    first_screen,
    history_import,
    insights,
    outside_write,
    parsing,
    peers,
    preview,
    refinding,
    saved_frame,
)

PROGRAMS = {
    "big_vault": big_vault.main,
    "edits": edits.main,
    "filter_keys": filter_keys.main,
    "find_keys": find_keys.main,
    "first_screen": first_screen.main,
    "history_import": history_import.main,
    "insights": insights.main,
    "outside_write": outside_write.main,
    "parsing": parsing.main,
    "peers": peers.main,
    "preview": preview.main,
    "refinding": refinding.main,
    "saved_frame": saved_frame.main,
}

_ONLY_WHEN_NAMED = {"edits", "peers", "saved_frame"}
"""They take minutes; `edits` has not run to its end on a slow machine, `peers` installs programs."""


def main(names: list[str]) -> int:
    """Run the programs; 2 if one of ``names`` is not known."""
    unknown = sorted(set(names) - PROGRAMS.keys())
    if unknown:
        print(f"No benchmark named {', '.join(unknown)}. There are: {', '.join(PROGRAMS)}.", file=sys.stderr)
        return 2
    for name in names or [name for name in PROGRAMS if name not in _ONLY_WHEN_NAMED]:
        PROGRAMS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
