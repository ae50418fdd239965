"""How fast a service of an account is asked: a token bucket that grows until it is told to slow down, and halves then.

AWS publishes few of its limits, and changes them by account; so they are found out, as TCP finds out how much a network
bears: faster with every answer, half as fast at every complaint, and from then on more carefully.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

FIRST = 20.0
FASTEST = 100.0
SLOWEST = 0.2
_GROWTH = 0.5  # requests a second more for each answer, as long as nobody has complained
_PATIENCE = 1.0  # seconds in which further complaints are about the same burst


@dataclass(slots=True)
class Bucket:
    """Tokens for requests, refilled at `rate` a second; `burst` of them are there at first."""

    clock: Callable[[], float]
    rate: float = FIRST
    burst: float = FIRST
    _tokens: float = field(init=False)
    _at: float = field(init=False)
    _shrunk: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._tokens = self.burst
        self._at = self.clock()

    def reserve(self) -> float:
        """Take a token, and return how many seconds to wait before it may be used."""
        with self._lock:
            now = self.clock()
            self._tokens = min(self.burst, self._tokens + (now - self._at) * self.rate)
            self._at = now
            self._tokens -= 1
            return max(0.0, -self._tokens / self.rate)

    def shrink(self) -> None:
        """Ask half as fast from now on."""
        with self._lock:
            now = self.clock()
            if now - self._shrunk < _PATIENCE:
                return
            self._shrunk = now
            self.rate = max(SLOWEST, self.rate / 2)
            self.burst = max(1.0, self.burst / 2)
            self._tokens = min(self._tokens, 0.0)

    def recover(self) -> None:
        """Ask a little faster again."""
        with self._lock:
            more = _GROWTH if self._shrunk == float("-inf") else _GROWTH / max(self.rate, 1.0)
            self.rate = min(FASTEST, self.rate + more)
            self.burst = min(FASTEST, self.burst + more)
