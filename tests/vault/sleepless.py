"""A system on which to sleep takes no time."""

from roadtui.vault.system import System


class SleeplessSystem(System):
    """Its clock goes on by what was slept alone: how busy the machine is makes no difference."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0
        """Seconds."""

    def now(self) -> float:
        return self.skipped

    def wall_clock(self) -> float:
        return super().wall_clock() + 100

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds
