"""Asking git, to read only: no shell, no pager, and no program that a repository's own files name."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO, Final

from roadtui.core.errors import RoadtuiError

_SAFE = (
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.quotePath=false"),
    *("-c", "core.sshCommand=false"),
    *("-c", "core.gitProxy="),
    *("-c", "core.askPass="),
    *("-c", "credential.helper="),
    *("-c", "diff.external="),
    *("-c", "log.showSignature=false"),
    *("-c", "log.mailmap=false"),
    *("-c", "log.showRoot=true"),
    *("-c", "log.follow=false"),
    *("-c", "protocol.allow=never"),
)
"""Before each command. The last one keeps a partial clone from fetching what it lacks."""

LOG_OPTIONS = (
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-show-signature",
    "--no-notes",
    "--no-indent-heuristic",
    "--encoding=UTF-8",
    "-O/dev/null",
)
"""For each `git log`, whatever the user's config says."""


ANSWER_SECONDS: Final = 5.0
"""How long git may take for what it answers at once unless it hangs, as on a disk that does not answer."""

_NO_REPOSITORY = "not a git repository (or any"
"""Of what git says where there is none; the words without the bracket are about one that is broken."""
_NO_COMMIT = "does not have any commits yet"


class GitError(RoadtuiError):
    """Git could not do what was asked; the sentence passes on what it said."""

    def __init__(self, sentence: str, said: str = "") -> None:
        """`said`: git's own words; empty where it was silent or could not be run."""
        super().__init__(sentence)
        self.said = said


class NoRepositoryError(GitError):
    """There is no git, or the vault is in no repository."""


class Git:
    """The repository around a vault."""

    def __init__(self, vault: Path) -> None:
        """Find it.

        Raises:
            NoRepositoryError: there is no git, or the vault is in no repository.
            GitError: anything else that keeps git from answering.
        """
        self._vault = vault
        program = shutil.which("git")
        if program is None or Path(program).resolve().is_relative_to(vault.resolve()):
            raise NoRepositoryError("Git is not installed, or not on the PATH.")
        self._program = program
        try:
            self.ask("rev-parse", "--show-toplevel", patience=ANSWER_SECONDS)
        except GitError as error:
            if _NO_REPOSITORY not in error.said or _has_git_folder(vault):
                raise
            raise NoRepositoryError(f"{vault} is in no git repository.") from error

    @property
    def head(self) -> str | None:
        """The commit that is checked out; None before the first.

        Raises:
            GitError: git could not be asked.
        """
        try:
            return self.words("log", "-1", "--format=%H", patience=ANSWER_SECONDS).strip()
        except GitError as error:
            if _NO_COMMIT in error.said:
                return None
            raise

    def ask(self, *arguments: str, patience: float | None = None) -> bytes:
        """What a command writes.

        Args:
            arguments: The command.
            patience: Seconds after which it is ended; None for never.

        Raises:
            GitError: it failed, or took too long.
        """
        with self.stream(*arguments, patience=patience) as out:
            return out.read()

    def words(self, *arguments: str, patience: float | None = None) -> str:
        """What a command writes that gives object names and dates; see `ask`.

        Raises:
            GitError: it failed, took too long, or wrote something else.
        """
        try:
            return self.ask(*arguments, patience=patience).decode("ascii")
        except UnicodeDecodeError as error:
            raise GitError("Git could not be asked: its answer is not text.") from error

    @contextmanager
    def stream(
        self, *arguments: str, lines: Sequence[str] = (), patience: float | None = None
    ) -> Iterator[IO[bytes]]:
        """Run a command; its output. Leaving by an exception ends it.

        Args:
            arguments: The command.
            lines: Its input.
            patience: Seconds after which it is ended; None for never.

        Raises:
            GitError: it failed, or took too long.
        """
        with ExitStack() as files:
            try:
                told, asked = files.enter_context(TemporaryFile()), files.enter_context(TemporaryFile())
                asked.writelines(f"{line}\n".encode("ascii") for line in lines)
                asked.seek(0)
                process = subprocess.Popen(
                    [self._program, "-C", str(self._vault), *_SAFE, *arguments],
                    stdin=asked,
                    stdout=subprocess.PIPE,
                    stderr=told,
                    env=_environment(),
                    start_new_session=True,
                )
            except OSError as error:
                raise GitError(f"Git could not be run ({error.strerror}).") from error
            out = process.stdout
            assert out is not None, "it was asked for"
            is_complete = False
            is_overdue = files.enter_context(_ended_after(patience, process))
            try:
                yield out
                is_complete = True
            finally:
                if not is_complete:
                    _end(process)
                out.close()
                process.wait()
            if is_overdue.is_set():
                raise GitError(f"Git did not answer within {patience:.0f} seconds.")
            if process.returncode:
                told.seek(0)
                words = told.read(4_000).decode("utf-8", "replace").strip()
                raise GitError(
                    f"Git could not be asked: {words or f'it ended with {process.returncode}'}", words
                )


@contextmanager
def _ended_after(seconds: float | None, process: subprocess.Popen[bytes]) -> Iterator[Event]:
    """End `process` if the block takes longer than that; the event is set when it was."""
    is_overdue = Event()

    def end() -> None:
        is_overdue.set()
        _end(process)

    timer = Timer(seconds or 0.0, end)
    if seconds is not None:
        timer.start()
    try:
        yield is_overdue
    finally:
        timer.cancel()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and the programs that it has started, which may hold its output open."""
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _has_git_folder(vault: Path) -> bool:
    """Whether there is a repository around the vault, which git then takes for none because it is broken."""
    return any(os.path.lexists(folder / ".git") for folder in (vault, *vault.parents))


def _environment() -> dict[str, str]:
    """Ours without what points git elsewhere or has it run programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
