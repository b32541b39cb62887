"""What may be said of a process and its run when it starts."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, TypedDict, Union

from . import _wire
from ._types import Capacity, DataRef, Params, RowFilter, Source

Sources = Union[Source, Iterable[Source], None]
Names = Union[str, Iterable[str], None]


class StartOptions(TypedDict, total=False):
    """What may be said of a process and its run besides the process's name."""

    type: str
    tool: str
    frequency: str
    sources: Sources
    targets: Sources
    dataset_types: Names
    filters: Iterable[RowFilter]
    name: str  # the run's business key, such as the day that it loads: it is completed once
    from_watermark: bool  # set the low of the run's data to the high of the completed ones
    depends_on: Names
    redefine: bool  # change the stored type, tool and frequency to those given
    needs: Capacity
    lease: _wire.Duration
    no_lease: bool
    hold_expired: bool


_PROCESS = ("type", "tool", "frequency", "sources", "targets", "dataset_types", "filters")


def start_params(process: str, options: StartOptions) -> Params:
    """The parameters of a start. What is no option is refused by name."""
    unknown = set(options) - set(StartOptions.__annotations__)
    if unknown:
        raise TypeError(f"a start has no option {', '.join(sorted(unknown))}; it has {', '.join(StartOptions.__annotations__)}")
    if not isinstance(process, str):
        raise TypeError(f"the process's name is {process!r}; give a text")
    given: Dict[str, Any] = dict(options)
    about: Dict[str, Any] = {"name": process, **{k: given.pop(k) for k in _PROCESS if given.get(k) is not None}}
    for key in ("sources", "targets"):
        if key in about:
            about[key] = data_refs(about[key])
    for key, at in (("dataset_types", about), ("depends_on", given)):
        names = at.get(key)
        if names is not None:
            at[key] = [names] if isinstance(names, str) else list(names)
    if "filters" in about:
        about["filters"] = list(about["filters"])
    params: Params = _wire.to_wire({"process": about, **{k: v for k, v in given.items() if k not in _PROCESS}})
    return params


def data_refs(sources: Sources) -> List[DataRef]:
    if sources is None:
        return []
    if isinstance(sources, (str, DataRef)):
        sources = [sources]
    return [DataRef(s) if isinstance(s, str) else s for s in sources]
