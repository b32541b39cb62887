"""HTTP: a processtracker server. Whoever speaks to one renews the leases of its runs; a thread here does."""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
import urllib.error
import urllib.request
import uuid
from typing import Any, Callable, Dict, Optional

from . import _wire
from ._carrier import Carrier, Held, log
from ._errors import Closed, ConnectionFailed, Error, Forked, Incompatible, Invalid, LeaseLost, ProtocolError, error_from
from ._types import Greeting, Params, Result
from ._version import CLIENT, PROTOCOLS, __version__

_MAX_ANSWER = 64 << 20
_TRIES = 4

# What changes nothing needs no key against being done twice.
_READS = frozenset(
    [
        "session.hello",
        "tracker.run",
        "tracker.runs",
        "tracker.errors",
        "tracker.history",
        "tracker.refusals",
        "tracker.extracts",
        "tracker.soft_dependencies",
        "tracker.resume",
        "run.heartbeat",
        "registry.definition",
        "registry.processes",
        "registry.totals",
        "registry.systems",
        "registry.objects",
        "registry.attributes",
        "registry.contacts",
        "registry.dependencies",
        "registry.location",
        "registry.lookup_names",
    ]
)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirected POST would become a GET, and the token would go to whoever was named."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Http(Carrier):
    lists_directories = False

    def __init__(self, url: str, token: Optional[str], config: Params, start_timeout: float, timeout: float = 60.0) -> None:
        if config:
            raise Invalid(
                f"{', '.join(config)} cannot be set over HTTP: the actor is the token's, and the server has settings of its own; "
                "give lease to each start instead"
            )
        self._pid = os.getpid()
        self._url = url.rstrip("/")
        self._token = token
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_NoRedirects)
        self._lock = threading.Lock()
        self._held: Dict[int, Held] = {}
        self._proved: Dict[int, float] = {}
        self._closed = threading.Event()
        self._beating: Optional[threading.Thread] = None
        self.greeting = Greeting(protocol=PROTOCOLS[0])
        try:
            hello = self._try("session.hello", {"protocols": PROTOCOLS, "client": CLIENT}, None, None, start_timeout)
        except Incompatible as e:
            raise Incompatible(
                f"the server at {self._url} speaks protocols {e.details.get('protocols')}; this package, {__version__}, speaks "
                f"{PROTOCOLS}: upgrade the older of the two",
                details=e.details,
            ) from e
        self.greeting = _wire.from_wire(Greeting, hello)

    def call(
        self,
        method: str,
        params: Params,
        held: Optional[Held] = None,
        abandoned: Optional[Callable[[Result], None]] = None,
    ) -> Result:
        if os.getpid() != self._pid:
            raise Forked(
                f"the tracker was connected in process {self._pid}, and this is its fork {os.getpid()}; connect anew in here"
            )
        if self._closed.is_set():
            raise Closed("the tracker was closed; connect anew")
        key = None if method in _READS else str(uuid.uuid4())
        wait = 0.2
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._try(method, params, held, key, self._timeout)
            except Error as e:
                again = e.details.get("retry_after")
                unreachable = isinstance(e, ConnectionFailed) and not isinstance(e, (ProtocolError, Incompatible))
                if tries_left == 0 or not (unreachable or again is not None):
                    raise
                log.warning("%s failed and is tried again: %s", method, e)
                if self._closed.wait(min(max(wait, float(again or 0)), 10.0)):
                    raise
                wait *= 3
        raise AssertionError("unreachable")

    def post(self, method: str, params: Params) -> None:
        self.call(method, params)

    def _try(self, method: str, params: Params, held: Optional[Held], key: Optional[str], timeout: float) -> Result:
        if method == "tracker.resume":
            params = {"run_id": params["run_id"]}  # its token is in the header
        body = _wire.encode(params, self.greeting.max_message)
        request = urllib.request.Request(f"{self._url}/v1/{method}", data=body, method="POST")
        request.add_header("Content-Type", "application/json")
        request.add_header("Accept", "application/json, application/problem+json")
        request.add_header("User-Agent", CLIENT)
        if self._token:
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        if held is not None:
            request.add_unredirected_header("ProcessTracker-Run-Token", held.token)
        if key is not None:
            request.add_header("Idempotency-Key", key)
        try:
            with self._opener.open(request, timeout=timeout) as answer:
                return _wire.decode(self._body(answer), self._url)
        except urllib.error.HTTPError as e:
            with e:
                raise self._problem(e) from None
        except (OSError, http.client.HTTPException) as e:
            reason = getattr(e, "reason", e)
            raise ConnectionFailed(f"{self._url} cannot be reached: {reason}") from e

    def _body(self, answer: Any) -> bytes:
        body: bytes = answer.read(_MAX_ANSWER + 1)
        if len(body) > _MAX_ANSWER:
            raise ProtocolError(f"{self._url} sent an answer of more than {_MAX_ANSWER} bytes")
        return body

    def _problem(self, answer: urllib.error.HTTPError) -> Error:
        try:
            problem = json.loads(self._body(answer))
            error = error_from(int(problem["code"]), str(problem["detail"]), problem["name"], problem.get("details") or {})
        except (ValueError, KeyError, TypeError, OSError, http.client.HTTPException):
            error = ProtocolError(
                f"{self._url} answered {answer.code} {answer.reason}, and is perhaps no processtracker server",
                code=answer.code,
            )
        if answer.code in (502, 503, 504):
            error.details["retry_after"] = answer.headers.get("Retry-After") or "1"
        return error

    # Leases.

    def hold(self, held: Held) -> None:
        with self._lock:
            self._held[held.run_id] = held
            self._proved[held.run_id] = time.monotonic()
            if self._beating is None and held.lease > 0:
                self._beating = threading.Thread(target=self._beat, name="processtracker-heartbeat", daemon=True)
                self._beating.start()

    def let_go(self, held: Held) -> None:
        with self._lock:
            self._held.pop(held.run_id, None)
            self._proved.pop(held.run_id, None)

    def _beat(self) -> None:
        while not self._closed.wait(self._every()):
            with self._lock:
                runs = [held for held in self._held.values() if held.lease > 0]
            for held in runs:
                self._renew(held)

    def _every(self) -> float:
        with self._lock:
            return min((held.lease for held in self._held.values() if held.lease > 0), default=3.0) / 3

    def _renew(self, held: Held) -> None:
        try:
            self._try("run.heartbeat", {"run_id": held.run_id}, held, None, max(held.lease / 3, 1.0))
            with self._lock:
                if held.run_id in self._proved:
                    self._proved[held.run_id] = time.monotonic()
        except LeaseLost as e:
            held.lose(e)
            self.let_go(held)
        except Error as e:
            log.warning("the lease of run %d could not be renewed: %s", held.run_id, e)
            with self._lock:
                proved = self._proved.get(held.run_id)
            if proved is not None and time.monotonic() - proved > held.lease:
                held.lose(LeaseLost(f"the server was out of reach for as long as a lease: {e}"))
                self.let_go(held)

    def close(self, goodbye: bool = True) -> None:
        self._closed.set()

    def abandon(self) -> None:
        self._closed.set()
