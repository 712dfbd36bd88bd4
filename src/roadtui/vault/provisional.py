"""When to believe that a note lost text. Pure: the time comes in as an argument.

A program that saves by truncating and writing leaves a note empty or cut short for a moment, and where the
file system grants no leases a reader can meet it then. What such a read is missing must not vanish from the
screen or the journal, so it is believed only once it has stayed the same for a while.
"""

from __future__ import annotations

from dataclasses import dataclass

STAYS_SECONDS = 1.0
"""How long a shrunk note has to stay as it is before it is believed."""

PATIENCE_SECONDS = 5.0
"""After so long in doubt a note is believed although it keeps changing: it is in use, not half written."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much one read of a note found."""

    size: int
    """In bytes."""
    tasks: int
    digest: int = 0
    """Anything that differs when the bytes do, such as their `hash`."""

    def lacks_some_of(self, known: Extent) -> bool:
        """Whether this read found less than `known`, in bytes or in tasks."""
        return self.size < known.size or self.tasks < known.tasks


@dataclass(frozen=True, slots=True)
class Doubt:
    """A read that is not believed yet. Show what was known before, and read the note again at `look_at`."""

    extent: Extent
    look_at: float
    """When this read, if it is still the same, may be believed; in the seconds of the caller's clock."""
    until: float
    """When doubt ends whatever is read then."""


_NOTHING_READ = Extent(-1, -1)


def doubt(known: Extent | None, read: Extent, earlier: Doubt | None, now: float) -> Doubt | None:
    """The doubt that a read leaves; None to accept it.

    `known` is what was last accepted (None for a note that is new), `earlier` the doubt that the read before
    left, `now` a time in seconds of any clock that never steps back.
    """
    if known is None or not read.lacks_some_of(known):
        return None
    if earlier is None:
        return Doubt(read, now + STAYS_SECONDS, now + PATIENCE_SECONDS)
    if now >= earlier.until:
        return None
    if read != earlier.extent:
        return Doubt(read, min(now + STAYS_SECONDS, earlier.until), earlier.until)
    return None if now >= earlier.look_at else earlier


def wait(earlier: Doubt | None, now: float) -> Doubt | None:
    """The doubt about a note that cannot be read just now: look again soon; None where that took too long."""
    if earlier is None:
        return Doubt(_NOTHING_READ, now + STAYS_SECONDS, now + PATIENCE_SECONDS)
    if now >= earlier.until:
        return None
    return Doubt(_NOTHING_READ, min(now + STAYS_SECONDS, earlier.until), earlier.until)
