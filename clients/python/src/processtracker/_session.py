"""The session: a processtracker program of its own, which is spoken to over pipes."""

from __future__ import annotations

import atexit
import collections
import contextlib
import os
import queue
import subprocess
import threading
import weakref
from typing import IO, Any, Callable, Deque, Dict, List, Optional, Tuple

from . import _wire
from ._carrier import Carrier, Held, log
from ._errors import Closed, ConnectionFailed, Error, Forked, Incompatible, ProtocolError, SessionEnded, error_from
from ._types import Greeting, Params, Result
from ._version import CLIENT, PROTOCOLS, __version__

# What is longer than this is no answer.
_MAX_ANSWER = 64 << 20
# A session that was told to end gets this long before it is killed.
_PATIENCE = 10.0


class _Pending:
    """A call that waits for its answer."""

    def __init__(self, abandoned: Optional[Callable[[Result], None]]) -> None:
        self.abandoned = abandoned
        self.given_up = False
        self.result: Optional[Result] = None
        self.error: Optional[Error] = None
        self.answered = threading.Event()


class Session(Carrier):
    def __init__(self, binary: str, dsn: Optional[str], config: Params, start_timeout: float) -> None:
        environment = dict(os.environ)
        if dsn:
            environment["PROCESSTRACKER_DSN"] = dsn  # not an argument: others can read those
        self._pid = os.getpid()
        self._binary = binary
        self._lock = threading.RLock()  # a collection of garbage may abandon the session at any line
        self._last_id = 0
        self._pending: Dict[int, _Pending] = {}
        self._held: Dict[int, Held] = {}
        self._broken: Optional[Error] = None
        self._closing = False
        self._answered_once = False
        self._said: Deque[str] = collections.deque(maxlen=20)
        self._to_send: queue.SimpleQueue[Optional[bytes]] = queue.SimpleQueue()
        self.greeting = Greeting(protocol=PROTOCOLS[0])
        try:
            # In a session of its own, neither Ctrl-C nor the death of the driver's process group ends it before it has
            # failed the driver's runs.
            self._child = subprocess.Popen(
                [binary, "session"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,
            )
        except OSError as e:
            raise ConnectionFailed(f"cannot run {binary}: {e}") from e
        _sessions.add(self)
        # The reader waits for the last words when it has seen the end, so what hears those is started first.
        self._listener = threading.Thread(target=self._read_log, name="processtracker-log", daemon=True)
        self._threads = [
            self._listener,
            threading.Thread(target=self._send, name="processtracker-send", daemon=True),
            threading.Thread(target=self._read, name="processtracker-read", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        try:
            self._greet(config, start_timeout)
        except BaseException:
            self.close(goodbye=False)
            raise

    def _greet(self, config: Params, timeout: float) -> None:
        hello = {"protocols": PROTOCOLS, "client": CLIENT, **config}
        try:
            answer = self._wait(self._begin("session.hello", hello, None), timeout)
        except Incompatible as e:
            speaks = e.details.get("protocols")
            if speaks is None:
                raise
            raise Incompatible(
                f"{self._binary} is version {e.details.get('version', 'unknown')} and speaks protocols {speaks}; this package, "
                f"{__version__}, speaks {PROTOCOLS}: upgrade the older of the two",
                details=e.details,
            ) from e
        self.greeting = _wire.from_wire(Greeting, answer)
        if self.greeting.protocol not in PROTOCOLS:
            raise Incompatible(
                f"{self._binary} answered in protocol {self.greeting.protocol}; this package, {__version__}, speaks {PROTOCOLS}: "
                "upgrade it with: pip install --upgrade processtracker-go",
            )

    def call(
        self,
        method: str,
        params: Params,
        held: Optional[Held] = None,
        abandoned: Optional[Callable[[Result], None]] = None,
    ) -> Result:
        return self._wait(self._begin(method, params, abandoned), None)

    def post(self, method: str, params: Params) -> None:
        self._begin(method, params, None)[1].given_up = True

    def _begin(self, method: str, params: Params, abandoned: Optional[Callable[[Result], None]]) -> Tuple[int, _Pending]:
        if os.getpid() != self._pid:
            raise Forked(
                f"the tracker was connected in process {self._pid}, and this is its fork {os.getpid()}; connect anew in here, or let "
                'multiprocessing start processes with the method "spawn"'
            )
        pending = _Pending(abandoned)
        with self._lock:
            if self._broken is not None:
                raise _again(self._broken)
            if self._closing:
                raise Closed("the tracker was closed; connect anew")
            self._last_id += 1
            number = self._last_id
            # The id comes first: it can be read even if the rest is too long.
            message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            line = _wire.encode(message, self.greeting.max_message)
            self._pending[number] = pending
            self._to_send.put(line + b"\n")
        return number, pending

    def _wait(self, begun: Tuple[int, _Pending], timeout: Optional[float]) -> Result:
        number, pending = begun
        try:
            answered = pending.answered.wait(timeout)
        except BaseException:  # Ctrl-C: the call goes on, and its answer still counts
            self._give_up(number, pending)
            raise
        if not answered:
            self._give_up(number, pending)
            raise ConnectionFailed(f"{self._binary} session gave no answer within {timeout:g} seconds{self._last_words()}")
        if pending.error is not None:
            raise pending.error
        return pending.result or {}

    def _give_up(self, number: int, pending: _Pending) -> None:
        with self._lock:
            pending.given_up = True
            late = pending.result
        if late is not None and pending.abandoned:
            pending.abandoned(late)

    # Threads. Only they touch the pipes, so that a signal never leaves half a line in one.

    def _send(self) -> None:
        pipe = self._pipe(self._child.stdin)
        try:
            for line in iter(self._to_send.get, None):
                pipe.write(line)
                pipe.flush()
        except (OSError, ValueError):
            pass  # the reader will see the end, and says why
        with contextlib.suppress(OSError, ValueError):
            pipe.close()

    def _read(self) -> None:
        pipe = self._pipe(self._child.stdout)
        why: Optional[Error] = None
        try:
            while True:
                line = pipe.readline(_MAX_ANSWER + 1)
                if not line:
                    break
                if len(line) > _MAX_ANSWER:
                    raise ProtocolError(f"{self._binary} sent a line of more than {_MAX_ANSWER} bytes: {_wire.shortened(line)}")
                self._take(_wire.decode(line, self._binary))
        except Error as e:
            why = e
        except Exception as e:  # a message that is none
            why = ProtocolError(f"{self._binary} sent what is no message of the protocol: {e!r}")
        self._end(why)

    def _read_log(self) -> None:
        pipe = self._pipe(self._child.stderr)
        for line in iter(lambda: pipe.readline(1 << 16), b""):
            text = line.decode("utf-8", "replace").rstrip()
            self._said.append(text)
            log.getChild("session").warning("%s", text)  # it says nothing that matters less

    @staticmethod
    def _pipe(pipe: Optional[IO[bytes]]) -> IO[bytes]:
        assert pipe is not None
        return pipe

    def _take(self, message: Dict[str, Any]) -> None:
        number = message.get("id")
        if number is None and message.get("method") == "run.lease_lost":
            params = message["params"]
            with self._lock:
                held = self._held.get(params["run_id"])
            if held:
                held.lose(_error(params["error"]))
            return
        if number is None and "method" in message:
            return  # a notification of a newer session
        if number is None:
            raise ProtocolError(f"{self._binary} could not read a message: {message.get('error')}")
        result, error = message.get("result"), message.get("error")
        if not isinstance(number, int) or not 0 < number <= self._last_id or isinstance(result, dict) == isinstance(error, dict):
            raise ProtocolError(
                f"{self._binary} sent an answer that belongs to no call: {_wire.shortened(repr(message).encode())}"
            )
        self._answered_once = True
        with self._lock:
            pending = self._pending.pop(number, None)
            if pending is None:
                return
            pending.result = result
            pending.error = _error(error) if isinstance(error, dict) else None
            abandoned = pending.abandoned if pending.given_up and result is not None else None
            pending.answered.set()
        if abandoned and result is not None:
            abandoned(result)

    def _end(self, why: Optional[Error]) -> None:
        """Tell everybody who waits that no answer will come. The session, whose input is closed, fails its runs."""
        self._to_send.put(None)
        # A session that goes on writing must not be blocked by it, or it could not fail its runs.
        impatient = threading.Timer(_PATIENCE, self._child.kill)
        impatient.start()
        with contextlib.suppress(OSError, ValueError):
            while self._pipe(self._child.stdout).read(1 << 16):
                pass
        code = self._child.wait()
        impatient.cancel()
        self._listener.join(1)
        if why is None:
            why = self._ended(code)
        with self._lock:
            self._broken = why
            waiting, held = list(self._pending.values()), list(self._held.values())
            self._pending.clear()
            self._held.clear()
        for pending in waiting:
            pending.error = _again(why)
            pending.answered.set()
        for run in held:
            if not self._closing:
                run.lose(_again(why))

    def _ended(self, code: Optional[int]) -> Error:
        if self._closing:
            return Closed("the tracker was closed; connect anew")
        if code == 2 and not self._answered_once:
            return Incompatible(
                f"{self._binary} has no session command, so it is too old for this package{self._last_words()}; upgrade it with: "
                "go install github.com/processtracker/processtracker-go/cmd/processtracker@latest"
            )
        if not self._answered_once:
            return SessionEnded(
                f"{self._binary} ended with exit code {code} and no answer{self._last_words()}; is that the processtracker program?",
                details={"exit_code": code},
            )
        how = f"was killed by signal {-code}" if code is not None and code < 0 else f"ended with exit code {code}"
        return SessionEnded(f"the session {how}{self._last_words()}; connect anew", details={"exit_code": code})

    def _last_words(self) -> str:
        said: List[str] = [line for line in self._said if line]
        return f" ({said[-1]})" if said else ""

    # Runs, and the end.

    def hold(self, held: Held) -> None:
        with self._lock:
            self._held[held.run_id] = held

    def let_go(self, held: Held) -> None:
        with self._lock:
            self._held.pop(held.run_id, None)

    @property
    def closed(self) -> bool:
        return self._child.returncode is not None

    def close(self, goodbye: bool = True) -> None:
        if os.getpid() != self._pid:
            return
        if goodbye and self._broken is None and not self._closing:
            with contextlib.suppress(Error):
                left = self._wait(self._begin("session.goodbye", {}, None), _PATIENCE).get("left")
                if left:
                    log.warning("runs %s are still active, and end when their leases do", left)
        with self._lock:
            self._closing = True
        self._to_send.put(None)
        try:
            self._child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            log.warning("the session did not end within %g seconds, and is killed", _PATIENCE)
            self._child.kill()
            self._child.wait()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(_PATIENCE)
        for pipe in (self._child.stdout, self._child.stderr):
            self._pipe(pipe).close()

    def abandon(self) -> None:
        with self._lock:
            self._closing = True
        self._to_send.put(None)

    def _forked(self) -> None:
        """In a forked process, point the pipes elsewhere: as long as one has them open, the session sees no end of input."""
        nowhere = os.open(os.devnull, os.O_RDWR)
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(nowhere, self._pipe(pipe).fileno(), inheritable=False)
        os.close(nowhere)


def _error(given: Dict[str, Any]) -> Error:
    data = given.get("data") or {}
    code = given.get("code", 0)
    return error_from(
        code, str(given.get("message", "")), data.get("name") or _NAMES.get(code, "error"), data.get("details") or {}
    )


_NAMES = {
    -32700: "parse_error",
    -32600: "invalid_request",
    -32601: "method_not_found",
    -32602: "invalid",
    -32603: "internal",
}


def _again(error: Error) -> Error:
    """The same error for another caller, with a traceback of its own."""
    return type(error)(str(error), name=error.name, code=error.code, details=error.details)


_sessions: weakref.WeakSet[Session] = weakref.WeakSet()


def _after_fork() -> None:
    for session in list(_sessions):
        session._forked()


def _at_exit() -> None:
    """Wait until the sessions that a program has left behind have failed its runs: its next start may come at once."""
    for session in list(_sessions):
        if not session.closed:
            session.close(goodbye=False)


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
