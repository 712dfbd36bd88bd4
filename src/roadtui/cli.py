"""The commands: arguments in, the config read once, everything handed on. No command keeps state."""

from __future__ import annotations

import gc

gc.disable()  # Start-up makes objects that stay: looking through them for garbage takes a tenth of its time.

import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from datetime import date  # noqa: E402
from pathlib import Path  # noqa: E402

import click  # noqa: E402

from roadtui import __version__  # noqa: E402
