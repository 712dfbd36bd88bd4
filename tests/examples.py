"""How many examples each property is tried with: few and always the same, unless somebody looks for more."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

ASKED_FOR = os.environ.get("ROADTUI_EXAMPLES", "")
"""How many examples to look for faults with, other ones in each run: ``ROADTUI_EXAMPLES=500 make test``."""
EXAMPLES = int(ASKED_FOR or 25)
"""What the suite has time for."""


def register_profile() -> None:
    """Make this what each property is tried with that says nothing else. None fails because it takes long."""
    settings.register_profile(
        "roadtui",
        max_examples=EXAMPLES,
        derandomize=not ASKED_FOR,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    settings.load_profile("roadtui")


def many() -> settings:
    """For properties that keep the bytes of notes: twice as many examples."""
    return settings(max_examples=2 * EXAMPLES)
