"""Errors. Each has a name, which is the protocol's, and details. Decide by class or name, never by message."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Type


class Error(Exception):
    """Base class of all errors that this package raises."""

    name: str = "error"

    def __init__(
        self,
        message: str,
        *,
        name: Optional[str] = None,
        code: int = 0,
        details: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__(message)
        if name:
            self.name = name
        self.code = code
        self.details: Dict[str, Any] = dict(details or {})


class Refused(Error):
    """A start, or a move of an extract to loading, was refused. Nothing has changed."""


class AlreadyRunning(Refused):
    """Another run of the process is active. details: process, run, lease_until."""

    name = "already_running"


class AlreadyDone(Refused):
    """The run of that name is completed. details: run."""

    name = "already_done"


class OnHold(Refused):
    """The process is on hold until an operator releases it. details: process, hold (since, by, reason)."""

    name = "on_hold"


class DependencyBlocked(Refused):
    """A process or an extract that this one depends on is not ready. details: process, parents."""

    name = "dependency"


class NoCapacity(Refused):
    """A cluster of the process has no room for the run. details: process, clusters, needs."""

    name = "no_capacity"


class LeaseLost(Error):
    """The run was taken from this program, and nothing it writes is kept. details: process, number, cause, reason, next."""

    name = "lease_lost"


class AlreadyEnded(Error):
    """The run has ended. details: process, number, status, ended_at."""

    name = "already_ended"


class NotOwner(Error):
    """The token is not the run's, or the session does not hold the run; resume it first."""

    name = "not_owner"


class Invalid(Error, ValueError):
    """An argument cannot be taken. details: field, value, reason, remedy."""

    name = "invalid"


class Mismatch(Error):
    """What is stored differs from what was given. details: what, field, stored, given, remedy."""

    name = "mismatch"


class NotFound(Error, LookupError):
    """There is nothing of that name. details: what, name."""

    name = "not_found"


class NotSetUp(Error):
    """The database has no tracker tables, or those of another version. details: have, want."""

    name = "not_set_up"


class ConnectionFailed(Error):
    """The tracker cannot be reached, or the connection to it has broken."""

    name = "disconnected"


class BinaryNotFound(ConnectionFailed):
    """There is no processtracker program to start a session with."""

    name = "binary_not_found"


class Incompatible(ConnectionFailed):
    """The program or the server is too old or too new for this package."""

    name = "unsupported_protocol"


class ProtocolError(ConnectionFailed):
    """What came over the connection is not the protocol."""

    name = "protocol_error"


class SessionEnded(ConnectionFailed):
    """The session's program has ended."""

    name = "session_ended"


class Forked(ConnectionFailed):
    """The tracker was used in a process that was forked from the one that connected it."""

    name = "forked"


class Closed(Error):
    """The tracker was closed."""

    name = "closed"


class MessageTooLarge(Error, ValueError):
    """A message is larger than the session or the server takes. details: limit."""

    name = "message_too_large"


_CLASSES: Dict[str, Type[Error]] = {
    cls.name: cls
    for cls in (
        AlreadyRunning, AlreadyDone, OnHold, DependencyBlocked, NoCapacity, LeaseLost, AlreadyEnded, NotOwner, Invalid,
        Mismatch, NotFound, NotSetUp, ConnectionFailed, Incompatible, Closed, MessageTooLarge,
    )
}  # fmt: skip
_CLASSES["schema_version"] = _CLASSES["no_database"] = NotSetUp


def error_from(code: int, message: str, name: str, details: Mapping[str, Any]) -> Error:
    """The error for what an answer says. A name that this package does not know is an Error of that name."""
    return _CLASSES.get(name, Error)(message, name=name, code=code, details=details)
