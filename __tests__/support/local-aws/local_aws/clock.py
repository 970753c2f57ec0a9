"""
The server's time: the machine's clock plus an offset that a test moves forward.

moto takes its time from `moto.core.utils.utcnow`, which its modules import by name; so ours takes its place before any
service is loaded, and in those few modules that have been.
"""

import sys
import threading
from datetime import datetime, timedelta, timezone

import moto.core.utils


class Clock:
    """Only goes forward, as AWS's does."""

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """UTC without a time zone, as moto keeps its times."""
        return datetime.now(timezone.utc).replace(tzinfo=None) + self._offset

    def now_ms(self) -> int:
        return round(self.now().replace(tzinfo=timezone.utc).timestamp() * 1000)

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError(f"the clock cannot go back by {-seconds} seconds")
        with self._lock:
            self._offset += timedelta(seconds=seconds)

    def set(self, now: datetime) -> None:
        """`now` with a time zone; not before the present."""
        behind = (now.astimezone(timezone.utc).replace(tzinfo=None) - self.now()).total_seconds()
        self.advance(behind)


clock = Clock()


def govern_moto() -> None:
    """Makes moto live in this clock's time."""
    stock = moto.core.utils.utcnow
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.") and getattr(module, "utcnow", None) is stock:
            setattr(module, "utcnow", clock.now)
