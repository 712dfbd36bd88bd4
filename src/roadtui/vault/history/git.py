"""Asking git, to read only: no shell, no pager, and no program that a repository's own files name."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


class GitError(RoadtuiError):
    """Git is not there, or could not do what was asked."""


class Git:
    """The repository around a vault."""

    def __init__(self, vault: Path) -> None:
        """Find it.

        Raises:
            GitError: there is no git, or the vault is in no repository.
        """
        self._vault = vault
        program = shutil.which("git")
        if program is None or Path(program).resolve().is_relative_to(vault.resolve()):
            raise GitError("Git is not installed, or not on the PATH.")
        self._program = program
        try:
            self.ask("rev-parse", "--show-toplevel")
        except GitError as error:
            if "dubious ownership" in str(error):
                raise
            raise GitError(f"{vault} is in no git repository.") from error

    @property
    def head(self) -> str | None:
        """The commit that is checked out; None before the first."""
        try:
            return self.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode("ascii").strip()
        except GitError:
            return None

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
        with TemporaryFile() as told, TemporaryFile() as asked:
            asked.writelines(f"{line}\n".encode("ascii") for line in lines)
            asked.seek(0)
            process = subprocess.Popen(
                [self._program, "-C", str(self._vault), *_SAFE, *arguments],
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=told,
                env=_environment(),
            )
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
                raise GitError(f"Git could not be asked: {words or f'it ended with {process.returncode}'}")


def _environment() -> dict[str, str]:
    """Ours without what points git elsewhere or has it run programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
