"""A fair queue for SQLite's one writer.

SQLite's own busy wait starves: under load one writer may wait for seconds while others barge past.
Threads of a process hand the turn on in order of arrival; processes queue at a gate file before the
lock file, so that the one who leaves cannot slip in again ahead of one who waits.
"""

import fcntl
import threading
from collections import deque
from pathlib import Path

from radiopharm.store.errors import StorageUnavailable


class Turnstile:
    """One writer at a time, first come first served, among threads and processes of one file."""

    def __init__(self, database: Path) -> None:
        self._threads = _Fifo()
        self._gate = database.with_name(database.name + ".gate")
        self._lock = database.with_name(database.name + ".lock")
        self._held = None

    def enter(self) -> None:
        """Wait for the turn; raises `StorageUnavailable` where no file can be written."""
        self._threads.acquire()
        try:
            with self._gate.open("w") as gate:
                fcntl.flock(gate, fcntl.LOCK_EX)
                held = self._lock.open("w")
                fcntl.flock(held, fcntl.LOCK_EX)
            self._held = held
        except OSError as error:
            self._threads.release()
            raise StorageUnavailable from error
        except BaseException:
            self._threads.release()
            raise

    def leave(self) -> None:
        """Hand the turn on."""
        held, self._held = self._held, None
        if held is not None:
            held.close()
        self._threads.release()


class _Fifo:
    """A lock whose releaser passes ownership to the oldest waiter."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def acquire(self) -> None:
        with self._mutex:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False
