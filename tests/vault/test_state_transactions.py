"""Transactions of the program's own databases: all that a block writes, or nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roadtui.vault.state_database import connect, transaction


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "db", 0.0)) as found:
        found.execute("CREATE TABLE t (n INTEGER UNIQUE)")
        yield found


def numbers(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT n FROM t ORDER BY n")]


def test_what_a_block_writes_is_there_for_others_when_it_ends(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    with closing(connect(tmp_path / "db", 0.0)) as other:
        with transaction(connection):
            connection.execute("INSERT INTO t VALUES (1)")
            assert numbers(other) == []
            with pytest.raises(sqlite3.OperationalError, match="locked"), transaction(other):
                pass
        assert numbers(other) == [1]
        with transaction(other):
            other.execute("INSERT INTO t VALUES (2)")
    assert numbers(connection) == [1, 2]


def write_and_fail(connection: sqlite3.Connection, error: type[BaseException] | None) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO t VALUES (1)")
        if error is not None:
            raise error
        connection.execute("INSERT INTO t VALUES (1)")


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, None])
def test_a_block_that_fails_leaves_nothing_and_the_next_one_works(
    connection: sqlite3.Connection, error: type[BaseException] | None
) -> None:
    with pytest.raises(error or sqlite3.IntegrityError):
        write_and_fail(connection, error)
    assert not connection.in_transaction
    assert numbers(connection) == []
    with transaction(connection):
        connection.execute("INSERT INTO t VALUES (3)")
    assert numbers(connection) == [3]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Exception, match="not a plain file"):
        connect(tmp_path / "pipe", 0.0)
