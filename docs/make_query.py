"""Writes what docs/query.md says of the terms, from the tables of `roadtui.core.query`."""

from __future__ import annotations

import re
from pathlib import Path

from roadtui.core.query.terms import SORT_KEYS, SPECS, TermSpec, Vocabulary

DOCUMENT = Path(__file__).parent / "query.md"
NO_VAULT = Vocabulary()


def main() -> None:
    """Write it."""
    DOCUMENT.write_text(filled_in(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


def filled_in(text: str) -> str:
    """`text` with the terms and the sort keys as they are now."""
    rows = ["| term | finds | operators | values |", "|---|---|---|---|", *map(_row, SPECS.values())]
    text = _replaced(text, "terms", "\n" + "\n".join(rows) + "\n")
    return _replaced(text, "sort", ", ".join(f"`{key}`" for key in SORT_KEYS))


def _row(spec: TermSpec) -> str:
    operators = "`<` `<=` `>` `>=`" if spec.has_operators else ""
    values = list(spec.values(NO_VAULT))
    if "today" in values:
        listed = "a day or a period"
    else:
        listed = " ".join(f"`{value}`" for value in values) or f"as in `{spec.example}`"
    return f"| `{spec.prefix}` | {spec.help} | {operators} | {listed} |"


def _replaced(text: str, mark: str, content: str) -> str:
    return re.sub(
        f"<!-- {mark} -->.*?<!-- /{mark} -->",
        lambda _: f"<!-- {mark} -->{content}<!-- /{mark} -->",
        text,
        flags=re.DOTALL,
    )


if __name__ == "__main__":
    main()
