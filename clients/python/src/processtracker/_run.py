"""A run, as whoever started or resumed it holds it."""

from __future__ import annotations

import threading
import traceback
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Iterable, List, NoReturn, Optional, Sequence, Type, Union

from . import _wire
from ._carrier import Carrier, Held, log
from ._errors import Error, LeaseLost
from ._types import ErrorRecord, Extract, File, ListedObject, Listing, Measures, Parent, Result

Extracts = Union[Extract, Iterable[Extract]]


class Run:
    """An active run. As a context manager it completes the run, or fails it if an exception leaves the block."""

    def __init__(self, carrier: Carrier, started: Result, owner: object = None) -> None:
        self._owner = owner  # the tracker, whose connection is closed when nobody refers to it
        self._carrier = carrier
        self.id: int = started["run_id"]
        self.token: str = started["token"]
        self.process: str = started["process"]
        self.number: int = started["number"]
        self.lease: float = started.get("lease") or 0.0
        self.started_at = _optional_time(started.get("started_at"))
        self.low = _optional_time(started.get("low"))
        self.high = _optional_time(started.get("high"))
        self.soft_dependencies: List[Parent] = [_wire.from_wire(Parent, p) for p in started.get("soft_dependencies") or []]
        self._held = Held(self.id, self.token, self.lease)
        self._ended: Optional[bool] = False  # None: a status of the user's own was set, which may be active or ended
        carrier.hold(self._held)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} cannot be sent to another process, such as a Spark executor: it belongs to this one. Send back what there is "
            "to record, or send run.id and run.token, for tracker.resume(id, token) there"
        )

    def __repr__(self) -> str:
        return f"<run {self.number} of {self.process!r}, id {self.id}>"

    # Whether it is still ours.

    @property
    def lost(self) -> threading.Event:
        """Set as soon as the run is known to be taken from this program, or its connection to be gone."""
        return self._held.lost

    def check(self) -> None:
        """Raise LeaseLost, or what else ended the connection, if the run is lost. It costs nothing: call it in loops."""
        if self._held.lost.is_set():
            cause = self._held.cause or LeaseLost(f"run {self.number} of {self.process!r} is lost")
            raise type(cause)(str(cause), name=cause.name, code=cause.code, details=cause.details)

    def heartbeat(self) -> Optional[datetime]:
        """Ask whether the run is still ours, and until when its lease lasts."""
        return _optional_time(self._call("run.heartbeat").get("lease_until"))

    def extend_lease(self, length: _wire.Duration) -> None:
        """Make the lease last this long from now on, once."""
        self._call("run.extend_lease", length=length)

    def detach(self) -> None:
        """Leave the run active to another program, which resumes it with id and token."""
        self._call("run.detach")
        self._end(True)

    # How it ends.

    def complete(self, *, ended_at: Optional[datetime] = None, note: str = "") -> None:
        self._call("run.complete", ended_at=ended_at, note=note)
        self._end(True)
        log.info("completed run %d of %r", self.number, self.process)

    def fail(self, *errors: Union[str, BaseException, ErrorRecord]) -> None:
        """Fail the run, with errors: texts, exceptions or ErrorRecords."""
        self._call("run.fail", errors=[_record(e) for e in errors])
        self._end(True)
        log.info("failed run %d of %r", self.number, self.process)

    def hold(self, reason: str, *, ended_at: Optional[datetime] = None, note: str = "") -> None:
        """End the run, and put its process on hold until an operator releases it."""
        self._call("run.hold", reason=reason, ended_at=ended_at, note=note)
        self._end(True)

    def set_status(self, status: str, *, ended_at: Optional[datetime] = None, note: str = "") -> None:
        """Give the run a status of your own, or a built-in one."""
        self._call("run.set_status", status=status, ended_at=ended_at, note=note)
        self._end(True if status in ("completed", "failed", "on hold") else None)

    # What it did.

    def record_error(self, error: Union[str, BaseException], *, type: str = "", at: Optional[datetime] = None) -> None:
        """Record an error without failing the run."""
        record = _record(error)
        self.record_errors(ErrorRecord(record.description, type or record.type, at))

    def record_errors(self, *errors: Union[str, BaseException, ErrorRecord]) -> None:
        self._call("run.record_errors", errors=[_record(e) for e in errors])

    def counts(self, records: int = 0, inserts: int = 0, updates: int = 0, deletes: int = 0) -> None:
        """Set the run's counts, all four."""
        self._call("run.set_counts", records=records, inserts=inserts, updates=updates, deletes=deletes)

    def add_counts(self, records: int = 0, inserts: int = 0, updates: int = 0, deletes: int = 0) -> None:
        self._call("run.add_counts", records=records, inserts=inserts, updates=updates, deletes=deletes)

    def extend_range(self, low: Optional[datetime] = None, high: Optional[datetime] = None) -> None:
        """Say which time the run's data is from. It keeps the lowest low and the highest high."""
        self._call("run.extend_range", low=low, high=high)

    # Extracts.

    def register(self, name: str, location: str, **more: Any) -> Extract:
        """Register a file; more are the other fields of File. One that exists is returned as it is."""
        return self.register_extracts([File(name, location, **more)])[0]

    def register_extracts(self, files: Sequence[File]) -> List[Extract]:
        return _extracts(self._call("run.register_extracts", files=files))

    def update_extract(
        self,
        extract: Extract,
        *,
        file_type: Optional[str] = None,
        compression: Optional[str] = None,
        size: Optional[int] = None,
        checksum: Optional[str] = None,
    ) -> None:
        """Change what is known of a file. What is left out stays as the extract that you give has it."""
        change = {
            "id": extract.id,
            "file_type": extract.file_type if file_type is None else file_type,
            "compression": extract.compression if compression is None else compression,
            "size": extract.size if size is None else size,
            "checksum": extract.checksum if checksum is None else checksum,
        }
        self._call("run.update_extracts", extracts=[change])

    def claim(
        self,
        limit: int,
        *,
        process: str = "",
        glob: str = "",
        name_contains: str = "",
        location: str = "",
        location_name: str = "",
        from_status: str = "",
        on_failure: str = "",
    ) -> List[Extract]:
        """Take up to limit extracts that are ready, the oldest first, and move them to loading.

        No two runs get the same one. Those that the run has not finished with when it fails go back to ready, or to
        on_failure.
        """
        return _extracts(
            self._call(
                "run.claim", limit=limit, process=process, name_glob=glob, name_contains=name_contains, location=location,
                location_name=location_name, on_failure=on_failure, **{"from": from_status},
            )
        )  # fmt: skip

    def loaded(
        self,
        extracts: Extracts,
        *,
        count: Optional[int] = None,
        low: Optional[datetime] = None,
        high: Optional[datetime] = None,
    ) -> None:
        """Record what was loaded from an extract, and move it to loaded."""
        self._finish(extracts, "loaded", "loaded", Measures(count, low, high))

    def written(
        self,
        extracts: Extracts,
        *,
        count: Optional[int] = None,
        low: Optional[datetime] = None,
        high: Optional[datetime] = None,
    ) -> None:
        """Record what was written to an extract, and move it to ready, for others to claim."""
        self._finish(extracts, "ready", "written", Measures(count, low, high))

    def _finish(self, extracts: Extracts, status: str, which: str, measures: Measures) -> None:
        those = _listed(extracts)
        if measures != Measures():
            if len(those) != 1:
                raise ValueError(f"count, low and high are of one extract, and {len(those)} were given; call it for each")
            self.record_measures(those[0], **{which: measures})
        self.set_extract_status(status, those)

    def record_measures(self, extract: Extract, *, written: Measures = Measures(), loaded: Measures = Measures()) -> None:
        self._call("run.record_measures", measures=[{"extract_id": extract.id, "written": written, "loaded": loaded}])

    def set_extract_status(self, status: str, extracts: Extracts) -> None:
        """Move extracts to a status, all or none of them."""
        self._call("run.set_extract_status", status=status, extract_ids=[e.id for e in _listed(extracts)])

    def list_location(self, path: str, *, missing_as: str = "", objects: Optional[Iterable[ListedObject]] = None) -> Listing:
        """Register what is new in a directory as ready. objects is what your program has listed, of a bucket say."""
        listed = None if objects is None else list(objects)
        if listed is None and not self._carrier.lists_directories:
            listed = _files_in(path)
        answer = self._call("run.list_location", path=path, missing_as=missing_as, objects=listed)
        return _wire.from_wire(Listing, answer["listing"])

    # As a context manager.

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], where: Optional[TracebackType]
    ) -> None:
        if self._ended:
            return
        if error is not None and self.lost.is_set():
            return  # there is nothing to fail any more, and it has been logged
        if error is None:
            if self._ended is None and self._info_ended():
                return
            self.complete()
            return
        try:
            self.fail(error)
        except Error as e:  # the caller's exception says more
            log.error("the failure of run %d of %r could not be recorded: %s", self.number, self.process, e)

    def _info_ended(self) -> bool:
        return self._carrier.call("tracker.run", {"run_id": self.id})["run"]["ended_at"] is not None

    def _end(self, ended: Optional[bool]) -> None:
        self._ended = ended
        if ended:
            self._carrier.let_go(self._held)

    def _call(self, method: str, **params: Any) -> Result:
        return self._carrier.call(method, _wire.to_wire({"run_id": self.id, **params}), self._held)


def _record(error: Union[str, BaseException, ErrorRecord]) -> ErrorRecord:
    if isinstance(error, ErrorRecord):
        return ErrorRecord(_wire.description(error.description), error.type, error.at)
    if isinstance(error, BaseException):
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip()
        if isinstance(error, SystemExit):
            text += "\nthe program exited within the run; call complete() first if the run's work is done"
        return ErrorRecord(_wire.description(text))
    return ErrorRecord(_wire.description(error))


def _listed(extracts: Extracts) -> List[Extract]:
    return [extracts] if isinstance(extracts, Extract) else list(extracts)


def _files_in(path: str) -> List[ListedObject]:
    """The files of a directory of this machine, below it too, as the protocol has them."""
    if "://" in path:
        raise ValueError(f"{path} is not a directory; give the files that your program has listed there as objects")
    top = Path(path).expanduser()
    found = []
    for file in top.rglob("*"):
        if file.is_file():
            about = file.stat()
            modified = datetime.fromtimestamp(about.st_mtime, timezone.utc)
            found.append(ListedObject(file.relative_to(top).as_posix(), about.st_size, modified))
    if not found and not top.is_dir():
        raise NotADirectoryError(f"{path} is not a directory")
    return found


def _extracts(answer: Result) -> List[Extract]:
    return [_wire.from_wire(Extract, e) for e in answer["extracts"]]


def _optional_time(text: Optional[str]) -> Optional[datetime]:
    return None if text is None else _wire.time_from_wire(text)
