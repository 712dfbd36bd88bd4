"""Asking git, to read only: no shell, no pager, and no program that a repository's own files name."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

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
            self.ask("rev-parse", "--show-toplevel")
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
            return self.ask("log", "-1", "--format=%H").decode("ascii").strip()
        except GitError as error:
            if _NO_COMMIT in error.said:
                return None
            raise

    def ask(self, *arguments: str) -> bytes:
        """What a command writes.

        Raises:
            GitError: it failed.
        """
        with self.stream(*arguments) as out:
            return out.read()

    @contextmanager
    def stream(self, *arguments: str, lines: Sequence[str] = ()) -> Iterator[IO[bytes]]:
        """Run a command; its output. Leaving by an exception ends it.

        Args:
            arguments: The command.
            lines: Its input.

        Raises:
            GitError: it failed.
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
                )
            except OSError as error:
                raise GitError(f"Git could not be run ({error.strerror}).") from error
            out = process.stdout
            assert out is not None, "it was asked for"
            is_complete = False
            try:
                yield out
                is_complete = True
            finally:
                if not is_complete:
                    process.kill()
                out.close()
                process.wait()
            if process.returncode:
                told.seek(0)
                words = told.read(4_000).decode("utf-8", "replace").strip()
                raise GitError(
                    f"Git could not be asked: {words or f'it ended with {process.returncode}'}", words
                )


def _has_git_folder(vault: Path) -> bool:
    """Whether there is a repository around the vault, which git then takes for none because it is broken."""
    return any(os.path.lexists(folder / ".git") for folder in (vault, *vault.parents))


def _environment() -> dict[str, str]:
    """Ours without what points git elsewhere or has it run programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
