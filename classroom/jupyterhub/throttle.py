"""What slows down guessing."""

import math
import time

FREE = {"name": 5, "address": 30}
WAIT, MEMORY = 60, 600  # seconds


class Throttle:
    """After some wrong passwords, allow one try a minute; forget them after ten minutes.

    Counted by name, so that nobody guesses one person's password, and by address, so that nobody
    tries one password on all names. A class may come from one address: there more are free.
    """

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._tries = {}  # (kind, value) -> when, of those not known to be right

    def begin(self, **who: str) -> int:
        """Return the seconds to wait; if there are none, count a try until it `succeeded`."""
        now = self._clock()
        kept = {
            key: [at for at in tries if now - at < MEMORY] for key, tries in self._tries.items()
        }
        self._tries = {key: tries for key, tries in kept.items() if tries}
        mine = [(kind, self._tries.setdefault((kind, value), [])) for kind, value in who.items()]
        closed = [tries[-1] + WAIT - now for kind, tries in mine if len(tries) >= FREE[kind]]
        wait = max(0, *map(math.ceil, closed)) if closed else 0
        if not wait:
            for _, tries in mine:
                tries.append(now)
        return wait

    def succeeded(self, name: str, address: str) -> None:
        """Forget a name's tries, and one of its address."""
        self._tries.pop(("name", name), None)
        self._tries.get(("address", address), [None]).pop()
