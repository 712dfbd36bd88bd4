"""Runs git commands that only read, without a shell, a pager, or any program named in the repository."""

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
"""Options before each command. The last one keeps a partial clone from fetching missing objects."""

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
"""Options of each `git log`, which override the user's config."""


ANSWER_SECONDS: Final = 5.0
"""The time limit of commands that normally take no time: git may hang, as on a disk that does not respond."""

_NO_REPOSITORY = "not a git repository (or any"
"""Part of git's message outside a repository; without the bracket, it is about a broken repository."""
_NO_COMMIT = "does not have any commits yet"


class GitError(RoadtuiError):
    """A git command failed; the sentence includes git's message."""

    def __init__(self, sentence: str, stderr: str = "") -> None:
        """`stderr` is git's own message; empty where it wrote none or could not be run."""
        super().__init__(sentence)
        self.stderr = stderr


class NoRepositoryError(GitError):
    """Git is not installed, or the vault is not in a repository."""


class Git:
    """The repository around a vault."""

    def __init__(self, vault: Path, timeout: float = ANSWER_SECONDS) -> None:
        """Find git and the repository.

        Args:
            vault: The folder.
            timeout: Seconds after which git is killed, if it does not answer.

        Raises:
            NoRepositoryError: git is not installed, or the vault is not in a repository.
            GitError: git failed for another reason.
        """
        self._vault = vault
        program = shutil.which("git")
        if program is None or Path(program).resolve().is_relative_to(vault.resolve()):
            raise NoRepositoryError("Git is not installed, or not on the PATH.")
        self._program = program
        try:
            self.ask("rev-parse", "--show-toplevel", timeout=timeout)
        except GitError as error:
            if _NO_REPOSITORY not in error.stderr or _has_git_folder(vault):
                raise
            raise NoRepositoryError(f"{vault} is not in a git repository.") from error

    @property
    def head(self) -> str | None:
        """The commit that is checked out; None before the first commit.

        Raises:
            GitError: git failed.
        """
        try:
            return self.ask_text("log", "-1", "--format=%H", timeout=ANSWER_SECONDS).strip()
        except GitError as error:
            if _NO_COMMIT in error.stderr:
                return None
            raise

    def ask(self, *arguments: str, timeout: float | None = None) -> bytes:
        """The output of a command.

        Args:
            arguments: The command.
            timeout: Seconds after which the command is killed; None for never.

        Raises:
            GitError: the command failed, or took too long.
        """
        with self.stream(*arguments, timeout=timeout) as out:
            return out.read()

    def ask_text(self, *arguments: str, timeout: float | None = None) -> str:
        """The output of a command that writes object names and dates; see `ask`.

        Raises:
            GitError: the command failed, took too long, or wrote something other than ASCII.
        """
        try:
            return self.ask(*arguments, timeout=timeout).decode("ascii")
        except UnicodeDecodeError as error:
            raise GitError("Git failed: its output is not text.") from error

    @contextmanager
    def stream(
        self, *arguments: str, lines: Sequence[str] = (), timeout: float | None = None
    ) -> Iterator[IO[bytes]]:
        """Run a command, and give its output as a stream. An exception in the block kills the command.

        Args:
            arguments: The command.
            lines: The lines of its input.
            timeout: Seconds after which the command is killed; None for never.

        Raises:
            GitError: the command failed, or took too long.
        """
        with ExitStack() as files:
            try:
                error_file, input_file = (
                    files.enter_context(TemporaryFile()),
                    files.enter_context(TemporaryFile()),
                )
                input_file.writelines(f"{line}\n".encode("ascii") for line in lines)
                input_file.seek(0)
                process = subprocess.Popen(
                    [self._program, "-C", str(self._vault), *_SAFE, *arguments],
                    stdin=input_file,
                    stdout=subprocess.PIPE,
                    stderr=error_file,
                    env=_environment(),
                    start_new_session=True,
                )
            except OSError as error:
                raise GitError(f"Git could not be run ({error.strerror}).") from error
            out = process.stdout
            assert out is not None, "stdout is a pipe"
            is_complete = False
            is_overdue = files.enter_context(_ended_after(timeout, process))
            try:
                yield out
                is_complete = True
            finally:
                if not is_complete:
                    _kill(process)
                out.close()
                process.wait()
            if is_overdue.is_set():
                raise GitError(f"Git did not answer within {timeout:g} seconds.")
            if process.returncode:
                error_file.seek(0)
                message = error_file.read(4_000).decode("utf-8", "replace").strip()
                raise GitError(f"Git failed: {message or f'it ended with {process.returncode}'}", message)


@contextmanager
def _ended_after(seconds: float | None, process: subprocess.Popen[bytes]) -> Iterator[Event]:
    """Kill `process` if the block takes longer than `seconds`; the event is set then."""
    is_overdue = Event()

    def end() -> None:
        is_overdue.set()
        _kill(process)

    timer = Timer(seconds or 0.0, end)
    if seconds is not None:
        timer.start()
    try:
        yield is_overdue
    finally:
        timer.cancel()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill git and the programs that it has started, which may keep its output open."""
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _has_git_folder(vault: Path) -> bool:
    """Whether a repository is around the vault, which git does not recognize because it is broken."""
    return any(os.path.lexists(folder / ".git") for folder in (vault, *vault.parents))


def _environment() -> dict[str, str]:
    """The environment without variables that point git to other files or make it run programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
