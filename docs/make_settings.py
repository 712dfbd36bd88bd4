"""Writes what docs/settings.md says of each setting, from the table in `roadtui.settings`."""

from __future__ import annotations

import re
from pathlib import Path

from roadtui.settings import SETTINGS, Setting

DOCUMENT = Path(__file__).parent / "settings.md"


def main() -> None:
    """Write it."""
    DOCUMENT.write_text(filled_in(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


def filled_in(text: str) -> str:
    """`text` with the settings as they are now."""
    head = ["| setting | means | is | default | a change is seen |", "|---|---|---|---|---|"]
    table = "\n".join([*head, *map(_row, SETTINGS)])
    return re.sub(
        "<!-- settings -->.*?<!-- /settings -->",
        lambda _: f"<!-- settings -->\n{table}\n<!-- /settings -->",
        text,
        flags=re.DOTALL,
    )


def _row(setting: Setting) -> str:
    meaning = f"{setting.meaning}. {setting.details}".rstrip() if setting.details else f"{setting.meaning}."
    seen = (setting.seen or "at once") if setting.kind.is_own else "at the next start"
    rule = setting.kind.rule or "a table of the config"
    return f"| `{setting.name}` | {meaning} | {rule} | {setting.shown(setting.default)} | {seen} |"


if __name__ == "__main__":
    main()
