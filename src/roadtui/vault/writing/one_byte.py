"""A change of one byte where nothing can keep others out of the note: written in place, and looked at again.

One byte can neither be cut short nor displace what another program has open, and does not touch what others
append. It needs no write-ahead log and no second file.
"""

from __future__ import annotations

from roadtui.vault.file_system import Lease, release_lease
from roadtui.vault.writing.in_place import InPlaceStrategy
from roadtui.vault.writing.note_file import ByteChange, OpenNote
from roadtui.vault.writing.strategy import UnsuitableError


class OneByteStrategy(InPlaceStrategy):
    """In place, for one byte, where there are no leases."""

    def admit(self, target: OpenNote) -> None:
        """Where a read lease can be had, an exchange proves more."""
        try:
            granted = self._system.lease(target.fd, Lease.READ)
        except OSError:
            return
        if granted:
            release_lease(self._system, target.fd)
        raise UnsuitableError("there are leases here")

    def admit_change(self, target: OpenNote, change: ByteChange) -> None:
        """Anything longer can be cut short."""
        if change.can_be_cut_short:
            raise UnsuitableError("more than one byte changes")
