"""What carries calls to the tracker: a session's pipes, or HTTP."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import Callable, Optional

from ._errors import Error
from ._types import Greeting, Params, Result

log = logging.getLogger("processtracker")


@dataclass
class Held:
    """A run that this program holds."""

    run_id: int
    token: str
    lease: float
    lost: threading.Event = field(default_factory=threading.Event)
    cause: Optional[Error] = None

    def lose(self, cause: Error) -> None:
        if not self.lost.is_set():
            self.cause = cause
            self.lost.set()
            log.error("run %d is lost: %s", self.run_id, cause)


class Carrier:
    """One connection. Its methods may be called by any thread."""

    greeting: Greeting
    lists_directories = True  # the other side sees this machine's files

    def call(
        self,
        method: str,
        params: Params,
        held: Optional[Held] = None,
        abandoned: Optional[Callable[[Result], None]] = None,
    ) -> Result:
        """Make a call and wait for its answer.

        abandoned gets the answer if the wait was broken off, by Ctrl-C say.
        """
        raise NotImplementedError

    def post(self, method: str, params: Params) -> None:
        """Make a call, and let nobody wait for its answer."""
        raise NotImplementedError

    def hold(self, held: Held) -> None:
        """See to it that the run's loss is noticed."""
        raise NotImplementedError

    def let_go(self, held: Held) -> None:
        raise NotImplementedError

    def close(self, goodbye: bool = True) -> None:
        """End the connection. Without a goodbye, a session fails the runs that it holds."""
        raise NotImplementedError

    def abandon(self) -> None:
        """Close without a goodbye, and without waiting for anything."""
        raise NotImplementedError
