"""When things were done: a journal of what was seen, and what git remembers from before.

May touch the state folder (never the vault) and may run git, to read. Nothing of it is needed for the first
screen; whoever asks a question about time imports it then. Blocks; meant for worker threads.
"""

from roadtui.vault.history.events import EventSource as EventSource
from roadtui.vault.history.history import History as History
