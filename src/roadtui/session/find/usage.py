"""How much the user has used what the palette lists: the more, and the more recently, the higher it ranks."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path

from roadtui.settings_file import read_plain_file, write_plain_file

_HALF_LIFE_DAYS = 14
"""After so many days a use counts half."""
_MOST_KEYS = 300
"""More keys than this are not saved; the least used are dropped."""


class UsageLog:
    """Uses by key, in a file. A convenience: where it cannot be read or written, nothing is known."""

    def __init__(self, file: Path | None) -> None:
        """Read nothing yet; `file` is None where nothing is saved."""
        self._file = file
        self._uses: dict[str, tuple[float, int]] | None = None
        """The weight of the uses of a key, and the ordinal of the day that it was computed on."""

    def weight(self, key: str, today: date) -> float:
        """How much `key` is used: each use counts 1, and less as it gets older. Reads the file at first."""
        count, day = self._known().get(key, (0.0, 0))
        return count * _share_left(today.toordinal() - day)

    def add(self, key: str, today: date) -> None:
        """Count a use of `key`, and save it."""
        uses = self._known()
        uses[key] = self.weight(key, today) + 1.0, today.toordinal()
        if self._file is None:
            return
        if len(uses) > _MOST_KEYS:
            kept = sorted(uses, key=lambda each: self.weight(each, today))[-_MOST_KEYS:]
            self._uses = uses = {each: uses[each] for each in uses if each in set(kept)}
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_plain_file(self._file, json.dumps({"uses": uses}))

    def _known(self) -> dict[str, tuple[float, int]]:
        if self._uses is None:
            self._uses = self._read()
        return self._uses

    def _read(self) -> dict[str, tuple[float, int]]:
        if self._file is None:
            return {}
        try:
            found = json.loads(read_plain_file(self._file))
        except (OSError, ValueError, RecursionError):
            return {}
        uses = found.get("uses") if isinstance(found, dict) else None
        pairs = uses.items() if isinstance(uses, dict) else ()
        return {
            key: (float(value[0]), int(value[1]))
            for key, value in pairs
            if isinstance(value, list)
            and len(value) == 2
            and all(isinstance(one, int | float) for one in value)
        }


def _share_left(days: int) -> float:
    return float(0.5 ** (max(0, days) / _HALF_LIFE_DAYS))
