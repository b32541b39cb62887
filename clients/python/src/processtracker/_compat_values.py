"""Values that the older implementation's classes take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Iterable, List, Mapping, NoReturn, Optional, Union

from ._types import DataRef

Names = Union[str, Iterable[str], None]
Objects = Optional[Mapping[str, Union[str, Iterable[str]]]]
Attributes = Optional[Mapping[str, Mapping[str, Union[str, Iterable[str]]]]]


class Named(str):
    """A name, which the older implementation kept in a row: actor.actor_name, process.process_name."""

    def __new__(cls, name: str, column: str = "name", **more: Any) -> Named:
        named = super().__new__(cls, name)
        named.__dict__.update(more)
        named.__dict__[column] = name
        return named

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{str(self)!r} has no {name}; it has {', '.join(self.__dict__)}")


class ProcessId(int):
    """A process's id, with its name."""

    process_name: str


def gone(cls: str, name: str, instead: Mapping[str, str]) -> NoReturn:
    """Say what to use instead of an attribute that is not there."""
    raise AttributeError(f"{cls} has no {name}" + (f"; {instead[name]}" if name in instead else ""))


def listed(names: Names) -> List[str]:
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def refs(names: Iterable[str], objects: Objects, attributes: Attributes) -> List[DataRef]:
    """Systems, objects and attributes at the grain given. What is named in detail is not named as a whole, too."""
    fine = [
        DataRef(system, object_, attribute)
        for system, of_system in (attributes or {}).items()
        for object_, names_ in of_system.items()
        for attribute in listed(names_)
    ]
    known = {(r.system, r.object) for r in fine}
    fine += [
        DataRef(system, object_)
        for system, names_ in (objects or {}).items()
        for object_ in listed(names_)
        if (system, object_) not in known
    ]
    systems_ = {r.system for r in fine}
    return fine + [DataRef(name) for name in names if name not in systems_]


def systems(given: Iterable[DataRef]) -> List[Named]:
    return [Named(name, "source_name") for name in dict.fromkeys(r.system for r in given)]


def moment(time: Optional[datetime]) -> Optional[datetime]:
    """A time without a zone is this machine's local time, as it was in the older implementation."""
    return time.astimezone() if time is not None and time.tzinfo is None else time


def number(text: str) -> Union[int, float, None]:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return None
