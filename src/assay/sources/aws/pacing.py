"""How fast a service of an account is asked: a token bucket that halves when it is told to slow down, and recovers."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

FASTEST = 20.0
SLOWEST = 0.2
_RECOVERY = 0.5  # requests a second more, for each answer
_PATIENCE = 1.0  # seconds in which further complaints are about the same burst


@dataclass(slots=True)
class Bucket:
    """Tokens for requests, refilled at `rate` a second; `burst` of them are there at first."""

    clock: Callable[[], float]
    rate: float = FASTEST
    burst: float = FASTEST
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
            self.rate = min(FASTEST, self.rate + _RECOVERY / max(self.rate, 1.0))
            self.burst = min(FASTEST, self.burst + _RECOVERY / max(self.burst, 1.0))
