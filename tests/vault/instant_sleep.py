"""A file system on which sleeping takes no time."""

from roadtui.vault.file_system import FileSystem


class InstantSleepSystem(FileSystem):
    """Its clocks go on by what was slept."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0
        """Seconds."""

    def now(self) -> float:  # The clock stands still while a busy machine takes its time.
        return self.skipped

    def wall_clock(self) -> float:
        return super().wall_clock() + 100

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds
