"""Saved views: queries with a name. Some are built in, some in the config, some in the program's own file.

That file stands beside the config, so that whoever synchronizes their settings has the views too. It is read
anew before each change, and written whole or not at all. A file that cannot be read stays as it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from roadtui.core.errors import RoadtuiError
from roadtui.core.query.query import read_query
from roadtui.core.query.syntax import QueryError
from roadtui.settings_file import read_plain_file, write_plain_file

_TABLE = "views"
LONGEST_NAME = 60
"""Characters of the name of a view."""


class ViewError(RoadtuiError):
    """A view cannot be saved, or the file of the saved views cannot be read; the sentence says why."""


class ViewOrigin(Enum):
    """Where a view is defined."""

    BUILT_IN = "built in"
    CONFIG = "config"
    OWN = "own"
    """In the program's own file, by the user's wish."""
    NOTE = "note"
    """A tasks block of the open note."""


class SavedView(NamedTuple):
    """A query with a name."""

    name: str
    query: str
    origin: ViewOrigin
    problem: str = ""
    """Why the query cannot be understood; empty for one that can."""
    unmapped: tuple[str, ...] = ()
    """Instructions of a tasks block that are not part of the query, as they have no counterpart."""


_BUILT_IN = {
    "Doing": "is:doing",
    "Blocked": "is:blocked",
    "Overdue": "is:overdue sort:due",
    "Done this week": "done:this-week sort:-done",
    "Stuck": "is:stuck",
    "This week": "is:open scheduled:<=+6d sort:scheduled",
}


class SavedViews:
    """The views of one user. Of views with the same name, the config's comes first, then the user's own."""

    def __init__(self, configured: Mapping[str, str], file: Path | None) -> None:
        """Make the built-in views and those that are `configured` known.

        Args:
            configured: The queries in the config, by name.
            file: The program's own file; None where nothing can be saved.
        """
        self._configured = configured
        self._file = file
        self._own: dict[str, str] = {}

    def load(self) -> None:
        """Read the program's own file. Blocks.

        Raises:
            ViewError: the file cannot be read; the views of the last reading stay.
        """
        self._own = _views_in(self._read())

    def is_up_to_date(self) -> bool:
        """Whether the program's own file still holds what was read from it. Blocks."""
        try:
            return _views_in(self._read()) == self._own
        except ViewError:
            return False

    def views(self, today: date) -> list[SavedView]:
        """All views in the order of their digits: the built-in ones, the config's, the user's own.

        `today`: the day by which their queries are read.
        """
        origins = (
            (_BUILT_IN, ViewOrigin.BUILT_IN),
            (self._configured, ViewOrigin.CONFIG),
            (self._own, ViewOrigin.OWN),
        )
        found: dict[str, SavedView] = {}
        for queries, origin in origins:
            for name, query in queries.items():
                known = found.get(name.casefold())
                if known is None or known.origin is ViewOrigin.BUILT_IN:
                    found[name.casefold()] = SavedView(name, query, origin, query_problem(query, today))
        return list(found.values())

    def own_query(self, name: str) -> str | None:
        """The query that the user has saved as `name`; None where there is none."""
        own = _key_of(self._own, name)
        return self._own[own] if own is not None else None

    def own_name(self, query: str) -> str | None:
        """The name of the view that the user has saved with `query`; None where there is none."""
        wanted = query.split()
        return next((name for name, saved in self._own.items() if saved.split() == wanted), None)

    def save(self, name: str, query: str, today: date) -> None:
        """Save `query` as the view `name`, in place of one of the user's own with this name. Blocks.

        Raises:
            ViewError: the name or the query is not possible, or the file cannot be written.
        """
        name = " ".join(name.split())
        complaint = name_problem(name) or self._taken(name) or query_problem(query, today)
        if complaint:
            raise ViewError(complaint)
        if not query.strip():
            raise ViewError("There is nothing to save: the query is empty.")

        def put(own: dict[str, Any]) -> None:
            own.pop(_key_of(own, name) or name, None)
            own[name] = query.strip()

        self._change(put)

    def remove(self, name: str) -> None:
        """Remove the user's own view `name`, if there is one. Blocks.

        Raises:
            ViewError: the file cannot be written.
        """

        def drop(own: dict[str, Any]) -> None:
            own.pop(_key_of(own, name) or name, None)

        self._change(drop)

    def _taken(self, name: str) -> str:
        configured = _key_of(self._configured, name)
        return f"The view “{configured}” is in the config: it can be changed there." if configured else ""

    def _change(self, change: Any) -> None:
        values = self._read()
        own = values.setdefault(_TABLE, {})
        change(own)
        self._write(values)
        self._own = _views_in(values)

    def _read(self) -> dict[str, Any]:
        """All that is in the file; empty where there is none. Raises ViewError where it cannot be read."""
        import tomllib  # After the first screen.

        if self._file is None:
            return {}
        try:
            values = tomllib.loads(read_plain_file(self._file).decode("utf-8-sig"))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise ViewError(f"{self._file} can't be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise ViewError(f"{self._file} is not UTF-8. It stays as it is; repair or remove it.") from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ViewError(
                f"{self._file} is not valid TOML: {error}. It stays as it is; repair or remove it."
            ) from error
        table = values.get(_TABLE, {})
        if not isinstance(table, dict) or not all(isinstance(query, str) for query in table.values()):
            raise ViewError(
                f'{self._file} must hold a table [views] of strings, such as "Late" = "is:overdue". '
                "It stays as it is; repair or remove it."
            )
        return values

    def _write(self, values: dict[str, Any]) -> None:
        import tomli_w  # With the first view that is saved.

        if self._file is None:
            raise ViewError("Views can't be saved here: there is no folder for settings.")
        try:
            # A link stays a link: settings are often kept elsewhere, under version control.
            write_plain_file(Path(os.path.realpath(self._file)), tomli_w.dumps(values))
        except (OSError, UnicodeEncodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it has characters without a meaning"
            raise ViewError(f"{self._file} can't be written: {reason}.") from error


def name_problem(name: str) -> str:
    """Why `name` cannot be the name of a view; empty if it can."""
    name = name.strip()
    if not name:
        return "A view needs a name."
    if len(name) > LONGEST_NAME:
        return f"The name of a view has at most {LONGEST_NAME} characters."
    return "" if name.isprintable() else "The name has characters that cannot be shown."


def _views_in(values: Mapping[str, Any]) -> dict[str, str]:
    return dict(values.get(_TABLE, {}))


def _key_of(queries: Mapping[str, Any], name: str) -> str | None:
    """The name among `queries` that differs from `name` in case at most."""
    return next((known for known in queries if known.casefold() == name.strip().casefold()), None)


def query_problem(query: str, today: date) -> str:
    """Why `query` cannot be understood on the day `today`; empty if it can."""
    try:
        read_query(query, today)
    except QueryError as error:
        return str(error)
    return ""


def wrong_views(views: Sequence[SavedView]) -> list[str]:
    """A sentence for each view that is not one of the built-in ones and cannot be understood."""
    places = {ViewOrigin.CONFIG: "[views] of the config", ViewOrigin.OWN: "views.toml"}
    return [
        f"The view “{view.name}” in {places[view.origin]} is wrong: {view.problem}"
        for view in views
        if view.problem and view.origin in places
    ]
