"""The tracker: connecting, starting runs, and reading what is known."""

from __future__ import annotations

import os
import weakref
from datetime import datetime
from types import TracebackType
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    NoReturn,
    Optional,
    Type,
    TypeVar,
    Union,
)

from . import _wire
from ._binary import find_binary
from ._block import RunBlock, decorator
from ._carrier import Carrier, log
from ._errors import Invalid
from ._http import Http
from ._run import Run
from ._session import Session
from ._start import StartOptions, start_params
from ._types import (
    Attribute,
    Change,
    Contact,
    Extract,
    Greeting,
    Params,
    Process,
    ProcessInfo,
    Result,
    RunError,
    RunInfo,
    Source,
    Totals,
)  # fmt: skip

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec, Unpack

    P = ParamSpec("P")

T = TypeVar("T")
R = TypeVar("R")
Sources = Union[Source, Iterable[Source], None]
Names = Union[str, Iterable[str], None]


def connect(
    target: Optional[str] = None,
    *,
    actor: str = "",
    lease: Optional[_wire.Duration] = None,
    no_lease: bool = False,
    heartbeat_interval: Optional[_wire.Duration] = None,
    max_failures: Optional[int] = None,
    token: Optional[str] = None,
    binary: Optional[str] = None,
    start_timeout: float = 60.0,
) -> Tracker:
    """Connect to a tracker.

    target is a DSN, for which a processtracker program is started, or the http(s) URL of a processtracker server, with its
    bearer token. Without one, PROCESSTRACKER_URL (with PROCESSTRACKER_TOKEN) or PROCESSTRACKER_DSN names it, else it is the
    tool's default file.
    """
    if target is None and os.environ.get("PROCESSTRACKER_URL"):
        if os.environ.get("PROCESSTRACKER_DSN"):
            raise Invalid("PROCESSTRACKER_URL and PROCESSTRACKER_DSN are both set; unset one, or name the tracker in connect()")
        target = os.environ["PROCESSTRACKER_URL"]
    if target is not None and not target.strip():
        raise Invalid("the tracker's DSN or URL is empty; leave it out to take the environment's")
    config: Params = _wire.to_wire(
        {"actor": actor or None, "lease": lease, "no_lease": no_lease or None, "heartbeat_interval": heartbeat_interval,
         "max_failures": max_failures}
    )  # fmt: skip
    carrier: Carrier
    if target is not None and target.lower().startswith(("http://", "https://")):
        carrier = Http(target, token or os.environ.get("PROCESSTRACKER_TOKEN"), config, start_timeout)
    else:
        carrier = Session(find_binary(binary), target, config, start_timeout)
    log.debug("connected to processtracker %s", carrier.greeting.version)
    return Tracker(carrier)


class Tracker:
    """A connection to a tracker. Safe to use from many threads; connect anew in forked processes."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        # Whoever forgets to close it, and refers to it no more, has given its runs up.
        self._finalizer = weakref.finalize(self, carrier.abandon)
        self._finalizer.atexit = False

    def __reduce__(self) -> NoReturn:
        raise TypeError("a tracker cannot be sent to another process, such as a Spark executor; connect there")

    @property
    def greeting(self) -> Greeting:
        """The versions of the other side, and what it can do."""
        return self._carrier.greeting

    def call(self, method: str, **params: Any) -> Result:
        """Call any method of the protocol, such as call("registry.set_cluster", cluster={...})."""
        return self._carrier.call(method, _wire.to_wire(params))

    @property
    def closed(self) -> bool:
        return not self._finalizer.alive

    def close(self) -> None:
        """End the connection. Runs that are still active end when their leases do; another program may resume them."""
        if self._finalizer.detach():
            self._carrier.close()

    def __enter__(self) -> Tracker:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], where: Optional[TracebackType]
    ) -> None:
        if error is None:
            self.close()
        elif self._finalizer.detach():
            self._carrier.close(goodbye=False)  # fails what is still active

    # Runs.

    def start(self, process: str, **options: Unpack[StartOptions]) -> Run:
        """Start a run, and return it. You have to end it; run() does that by itself."""
        return self._start(start_params(process, options))

    def _start(self, params: Params) -> Run:
        answer = self._carrier.call("tracker.start", params, abandoned=self._abandon)
        run = Run(self._carrier, answer, self)
        log.info("started run %d of %r", run.number, run.process)
        return run

    def _abandon(self, started: Result) -> None:
        """Fail a run whose start was broken off: nobody has it."""
        error = {"description": "the program gave up waiting for the start"}
        self._carrier.post("run.fail", {"run_id": started["run_id"], "errors": [error]})

    def run(self, process: str, **options: Unpack[StartOptions]) -> RunBlock:
        """A run for a with statement: it starts at its beginning, and completes or fails at its end."""
        params = start_params(process, options)
        return RunBlock(lambda: self._start(params))

    def process(
        self, process: str, **options: Unpack[StartOptions]
    ) -> Callable[[Callable[Concatenate[Run, P], R]], Callable[P, R]]:
        """A decorator: each call of the function is a run, which is its first argument."""
        params = start_params(process, options)
        return decorator(lambda: RunBlock(lambda: self._start(params)))

    def resume(self, run_id: Optional[int] = None, token: Optional[str] = None) -> Run:
        """Take up a run that another program started: by its id and token, or the one that PROCESSTRACKER_RUN hands over."""
        if run_id is None and token is None:
            handle, _, token = os.environ.get("PROCESSTRACKER_RUN", "").strip().partition(":")
            if not handle.isdigit() or not token:
                raise Invalid(
                    "PROCESSTRACKER_RUN has no run; set it to what `processtracker start` prints, start this program with "
                    "`processtracker exec --share-run`, or give run_id and token"
                )
            run_id = int(handle)
        if run_id is None or not token:
            raise Invalid("run_id and token are given together; both are attributes of the run")
        params = {"run_id": run_id, "token": token}
        held = _Token(token)
        return Run(self._carrier, self._carrier.call("tracker.resume", params, held=held), self)  # type: ignore[arg-type]

    # Reading.

    def run_info(self, run_id: int) -> RunInfo:
        return _wire.from_wire(RunInfo, self.call("tracker.run", run_id=run_id)["run"])

    def runs(
        self,
        *,
        process: str = "",
        status: str = "",
        active: bool = False,
        since: Optional[datetime] = None,
        until: Optional[datetime] = None,
        order: str = "",
        limit: Optional[int] = None,
    ) -> Iterator[RunInfo]:
        given = {"process": process, "status": status, "active": active, "since": since, "until": until, "order": order}
        return self._pages("tracker.runs", "runs", RunInfo, given, limit)

    def errors(
        self,
        *,
        run_id: int = 0,
        process: str = "",
        since: Optional[datetime] = None,
        until: Optional[datetime] = None,
        order: str = "",
        limit: Optional[int] = None,
    ) -> Iterator[RunError]:
        given = {"run_id": run_id, "process": process, "since": since, "until": until, "order": order}
        return self._pages("tracker.errors", "errors", RunError, given, limit)

    def history(
        self,
        *,
        process: str = "",
        run_id: int = 0,
        extract_id: int = 0,
        since: Optional[datetime] = None,
        until: Optional[datetime] = None,
        order: str = "",
        limit: Optional[int] = None,
    ) -> Iterator[Change]:
        given = {
            "process": process,
            "run_id": run_id,
            "extract_id": extract_id,
            "since": since,
            "until": until,
            "order": order,
        }
        return self._pages("tracker.history", "changes", Change, given, limit)

    def extracts(
        self,
        *,
        id: int = 0,
        name: str = "",
        name_contains: str = "",
        glob: str = "",
        location: str = "",
        location_name: str = "",
        process: str = "",
        dataset_type: str = "",
        run_id: int = 0,
        status: str = "",
        order: str = "",
        limit: Optional[int] = None,
    ) -> Iterator[Extract]:
        given = {
            "id": id, "name": name, "name_contains": name_contains, "name_glob": glob, "location": location,
            "location_name": location_name, "process": process, "dataset_type": dataset_type, "run_id": run_id,
            "status": status, "order": order,
        }  # fmt: skip
        return self._pages("tracker.extracts", "extracts", Extract, given, limit)

    def processes(
        self,
        *,
        name: str = "",
        type: str = "",
        tool: str = "",
        frequency: str = "",
        source: str = "",
        target: str = "",
        status: str = "",
        on_hold: Optional[bool] = None,
        limit: Optional[int] = None,
    ) -> Iterator[ProcessInfo]:
        given = {
            "name": name, "type": type, "tool": tool, "frequency": frequency, "source": source, "target": target,
            "status": status, "on_hold": on_hold,
        }  # fmt: skip
        return self._pages("registry.processes", "processes", ProcessInfo, given, limit)

    def _pages(self, method: str, items: str, cls: Type[T], given: Dict[str, Any], limit: Optional[int]) -> Iterator[T]:
        after, left = "", limit
        while left is None or left > 0:
            page = self.call(method, after=after, limit=min(left, 1000) if left is not None else 0, **given)
            for item in page[items]:
                yield _wire.from_wire(cls, item)
            after = page.get("next") or ""
            if not after:
                return
            if left is not None:
                left -= len(page[items])

    # The registry, and operating.

    def definition(self, process: str) -> Process:
        return _wire.from_wire(Process, self.call("registry.definition", process=process)["process"])

    def totals(self, process: str) -> Totals:
        """The sums of a process's runs, and its watermark."""
        return _wire.from_wire(Totals, self.call("registry.totals", process=process)["totals"])

    def describe_attributes(self, system: str, object: str, attributes: Iterable[Attribute]) -> None:
        self.call("registry.describe_attributes", system=system, object=object, attributes=list(attributes))

    def attributes(self, system: str, object: str) -> List[Attribute]:
        answer = self.call("registry.attributes", system=system, object=object)
        return [_wire.from_wire(Attribute, a) for a in answer["attributes"]]

    def contacts(self, process: str) -> List[Contact]:
        answer = self.call("registry.contacts", process=process)
        return [_wire.from_wire(Contact, c) for c in answer["contacts"]]

    def add_dependency(self, child: str, parent: str, *, kind: str = "", freshness: str = "") -> None:
        """Make child wait for parent. kind is normal, hard or soft; freshness is fresh or any age."""
        self.call("registry.add_dependency", child=child, parent=parent, kind=kind, freshness=freshness)

    def lookup_names(self, lookup: str) -> List[str]:
        """The names of a lookup, such as "run status"."""
        return [n["name"] for n in self.call("registry.lookup_names", lookup=lookup)["names"]]

    def hold(self, process: str, reason: str) -> None:
        self.call("admin.hold", process=process, reason=reason)

    def release(self, process: str, reason: str) -> None:
        self.call("admin.release", process=process, reason=reason)

    def set_watermark(self, process: str, at: datetime, reason: str) -> None:
        self.call("admin.set_watermark", process=process, at=at, reason=reason)


class _Token:
    """What the header of a call needs of a run that is not held yet."""

    def __init__(self, token: str) -> None:
        self.token = token


def process(
    process: str, *, target: Optional[str] = None, **options: Unpack[StartOptions]
) -> Callable[[Callable[Concatenate[Run, P], R]], Callable[P, R]]:
    """A decorator as Tracker.process, which connects at each call: nothing happens when a module is imported."""
    params = start_params(process, options)

    def block() -> RunBlock:
        tracker = connect(target)

        def start() -> Run:
            try:
                return tracker._start(params)
            except BaseException as e:
                tracker.__exit__(type(e), e, None)
                raise

        def after(error: Optional[BaseException]) -> None:
            tracker.__exit__(type(error) if error else None, error, None)

        return RunBlock(start, after)

    return decorator(block)
