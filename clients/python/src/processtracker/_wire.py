"""How values travel: times, durations and dataclasses to JSON and back."""

from __future__ import annotations

import dataclasses
import functools
import json
from datetime import date, datetime, timedelta, timezone
from typing import Any, Dict, List, Mapping, Type, TypeVar, Union, get_args, get_origin, get_type_hints

from ._errors import Invalid, MessageTooLarge, ProtocolError

T = TypeVar("T")
Duration = Union[int, float, timedelta]


def to_wire(value: Any, field: str = "") -> Any:
    """What JSON has of a value. None is left out of objects, as the protocol means the same by both."""
    if isinstance(value, datetime):
        return time_to_wire(value, field)
    if isinstance(value, date):
        raise Invalid(f"{field or 'time'} is the date {value}; give a datetime with a time zone")
    if isinstance(value, timedelta):
        return value.total_seconds()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {f.metadata.get("wire", f.name): getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {k: to_wire(v, str(k)) for k, v in value.items() if v is not None}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_wire(v, field) for v in value]
    return value


def time_to_wire(value: datetime, field: str = "") -> str:
    if value.tzinfo is None or value.utcoffset() is None:
        raise Invalid(
            f"{field or 'time'} is {value.isoformat()}, which has no time zone; "
            "add one, such as datetime.now(timezone.utc) or value.astimezone()"
        )
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def time_from_wire(text: str) -> datetime:
    """A time of the protocol, which is UTC with at most six digits of a second."""
    for layout in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            return datetime.strptime(text, layout).replace(tzinfo=timezone.utc)
        except ValueError:
            continue
    raise ProtocolError(f"an answer has the time {text!r}, which cannot be read")


def from_wire(cls: Type[T], value: Mapping[str, Any]) -> T:
    """An object of a dataclass. Unknown fields are ignored, missing ones have their defaults."""
    if not isinstance(value, Mapping):
        raise ProtocolError(f"an answer has {value!r} where {cls.__name__} is expected")
    given: Dict[str, Any] = {}
    for name, wire, hint in _fields(cls):  # type: ignore[arg-type]
        if wire in value:
            given[name] = _decode(hint, value[wire])
    try:
        return cls(**given)
    except TypeError as e:
        raise ProtocolError(f"an answer lacks a field of {cls.__name__}: {e}") from e


@functools.cache
def _fields(cls: Type[Any]) -> List[Any]:
    hints = get_type_hints(cls)
    return [(f.name, f.metadata.get("wire", f.name), hints[f.name]) for f in dataclasses.fields(cls)]


def _decode(hint: Any, value: Any) -> Any:
    if get_origin(hint) is Union:  # Optional
        if value is None:
            return None
        hint = next(a for a in get_args(hint) if a is not type(None))
    if get_origin(hint) is list:
        (item,) = get_args(hint)
        return [_decode(item, v) for v in value or []]
    if hint is datetime:
        return time_from_wire(value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_wire(hint, value)
    return value


def encode(message: Mapping[str, Any], limit: int) -> bytes:
    """A message as a line. What is no JSON, or no UTF-8, is refused here and never sent."""
    try:
        line = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError as e:
        raise Invalid(f"a text is no valid Unicode: {e.object[e.start : e.end]!r} at position {e.start}") from None
    except (TypeError, ValueError, RecursionError) as e:
        raise Invalid(f"an argument cannot be sent as JSON: {e}") from None
    if len(line) > limit:
        raise MessageTooLarge(
            f"the message has {len(line)} bytes and the tracker takes {limit}; send it in parts",
            details={"limit": limit},
        )
    return line


def decode(line: bytes, whose: str) -> Dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise ProtocolError(
            f"{whose} sent {shortened(line)}, which is no message of the protocol; is that the processtracker program?"
        )
    return message


def shortened(line: bytes, most: int = 80) -> str:
    return repr(line if len(line) <= most else line[:most] + b"...")


# An error's description is cut in the middle beyond this. The run has to be failed in any case.
MAX_DESCRIPTION = 1 << 20


def description(text: str) -> str:
    """A text that can be sent and stored, whatever is in it."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
    if len(text) > MAX_DESCRIPTION:
        half = MAX_DESCRIPTION // 2
        text = f"{text[:half]}\n... {len(text) - 2 * half} characters are left out here ...\n{text[-half:]}"
    return text
