"""ExtractTracker and LocationTracker as the older Python implementation had them, over this one's rules."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Dict, Iterable, List, Optional, Union

from . import _wire
from ._compat import ProcessTracker, any_tracker
from ._compat_values import Named, gone, moment, systems
from ._errors import Invalid, NotFound
from ._tracker import Tracker
from ._types import Extract, File, Location, Measures

_INSTEAD = {
    "session": "there is no SQLAlchemy session; use .process_run.tracker",
    "data_store": "there is no SQLAlchemy session; use .process_run.tracker",
    "extract_dependency_check": "change_extract_status('loading') checks that by itself, and raises DependencyBlocked",
    "file_size_splitter": "sizes are in bytes; file_size takes 2048 or '2.2GB'",
    "register_extract_dataset_types": "an extract has the dataset types of the process that registers it",
    "register_extract_sources": "an extract has the sources of the process that registers it",
    "retrieve_extract_process": "use .process_run.tracker.history(extract_id=...)",
    "extract_process": "use .process_run.tracker.history(extract_id=...)",
    "compression_type_id": "use .compression_type",
}


class LocationTracker:
    """A location, which is registered if it is not known."""

    def __init__(self, location_path: str, location_name: Optional[str] = None, data_store: Any = None) -> None:
        if data_store is not None:
            raise Invalid("data_store is not used; name the database in PROCESSTRACKER_DSN")
        self._tracker = any_tracker()
        answer = self._tracker.call("registry.register_location", path=location_path, name=location_name or "")
        self._set(_wire.from_wire(Location, answer["location"]))

    @classmethod
    def of(cls, tracker: Tracker, location: Location) -> LocationTracker:
        """The object for a location that is known."""
        made = cls.__new__(cls)
        made._tracker = tracker
        made._set(location)
        return made

    def _set(self, location: Location) -> None:
        self.location = location
        self.location_path = location.path
        self.location_name = location.name
        self.location_type = Named(location.type, "location_type_name")
        scheme, found, rest = location.path.partition("://")
        self.location_bucket_name = rest.split("/")[0] if found and scheme not in ("http", "https", "file") else None

    def __getattr__(self, name: str) -> Any:
        gone("LocationTracker", name, {"determine_location_bucket_name": "use .location_bucket_name"})

    def derive_location_name(self) -> str:
        return self.location_name

    def derive_location_type(self) -> str:
        return self.location_type

    def register_file_count(self, file_count: int) -> None:
        self._tracker.call("registry.set_file_count", path=self.location_path, files=file_count)


class ExtractTracker:
    """A file, which is registered if it is not known, and what a process's run does to it."""

    extract_status_initializing = "initializing"
    extract_status_ready = "ready"
    extract_status_loading = "loading"
    extract_status_loaded = "loaded"
    extract_status_archived = "archived"
    extract_status_deleted = "deleted"
    extract_status_error = "error"

    def __init__(
        self,
        process_run: ProcessTracker,
        filename: Optional[str] = None,
        location: Optional[LocationTracker] = None,
        location_name: Optional[str] = None,
        location_path: Optional[str] = None,
        status: Optional[str] = None,
        compression_type: Optional[str] = None,
        filetype: Optional[str] = None,
        extract_id: Optional[int] = None,
        file_size: Union[int, str, None] = None,
    ) -> None:
        if extract_id is not None:
            found = next(process_run.tracker.extracts(id=extract_id), None)
            if found is None:
                raise NotFound(f"there is no extract with the id {extract_id}", details={"what": "extract", "name": extract_id})
            self._set(process_run, found)
        else:
            if location is not None:
                location_path, location_name = location.location_path, location.location_name
            if not filename or not location_path:
                raise Invalid("filename and location_path (or location) are both needed, or extract_id")
            file = File(
                name=filename,
                location=location_path,
                location_name=location_name or "",
                status=status or "",
                file_type=filetype or "",
                compression=compression_type or "",
                size=size_in_bytes(file_size),
            )
            self._set(process_run, process_run.run.register_extracts([file])[0])
        if status and self.extract.status != status:
            self.change_extract_status(status)

    @classmethod
    def of(cls, process_run: ProcessTracker, extract: Extract) -> ExtractTracker:
        """The object for an extract that was found."""
        made = cls.__new__(cls)
        made._set(process_run, extract)
        return made

    def _set(self, process_run: ProcessTracker, extract: Extract) -> None:
        self.process_run = process_run
        self.extract = extract
        self.extract_id = extract.id
        self.filename = extract.name
        self.location = LocationTracker.of(process_run.tracker, extract.location)
        self.location_name = extract.location.name
        self.location_path = extract.location.path
        self.full_filename = extract.path
        self.filetype = extract.file_type
        self.compression_type = extract.compression
        self.file_size = extract.size

    def __repr__(self) -> str:
        return f"<ExtractTracker {self.full_filename!r}, {self.status}>"

    def __getattr__(self, name: str) -> Any:
        gone("ExtractTracker", name, _INSTEAD)

    @property
    def status(self) -> str:
        return self.extract.status

    # What is done to it.

    def change_extract_status(self, new_status: str, extracts: Optional[Iterable[ExtractTracker]] = None) -> None:
        """Move this extract, or those given, to a status. To loading, only if their parents are loaded."""
        those = [self] if extracts is None else list(extracts)
        self.process_run.run.set_extract_status(new_status, [e.extract for e in those])
        for e in those:
            e.extract = replace(e.extract, status=new_status)

    def add_dependency(self, dependency_type: str, dependency: ExtractTracker) -> None:
        """dependency is this extract's "parent", which has to be loaded first, or its "child"."""
        if dependency_type not in ("parent", "child"):
            raise Invalid(f"dependency_type is {dependency_type!r}; give parent or child")
        child, parent = (self, dependency) if dependency_type == "parent" else (dependency, self)
        self.process_run.tracker.call("tracker.add_extract_parents", extract_id=child.extract_id, parent_ids=[parent.extract_id])

    def set_extract_low_high_dates(
        self, low_date: Optional[datetime], high_date: Optional[datetime], audit_type: str = "load"
    ) -> None:
        self._measure(audit_type, low=moment(low_date), high=moment(high_date))

    def set_extract_record_count(self, num_records: int, audit_type: str = "load") -> None:
        self._measure(audit_type, count=num_records)

    def _measure(self, audit_type: str, **given: Any) -> None:
        which = {"load": "loaded", "write": "written"}.get(audit_type)
        if which is None:
            raise Invalid(f"audit_type is {audit_type!r}; give load or write")
        measures: Measures = replace(getattr(self.extract, which), **given)
        self.process_run.run.record_measures(self.extract, **{which: measures})
        changed: Dict[str, Any] = {which: measures}
        self.extract = replace(self.extract, **changed)

    # What is known of it.

    def full_filepath(self) -> str:
        return self.full_filename

    def get_full_filename(self, location_path: Optional[str] = None) -> str:
        return self.full_filename if location_path is None else posixpath.join(location_path, self.filename)

    @property
    def sources(self) -> List[Named]:
        """The sources of the process that registered it."""
        return systems(self._definition().sources)

    @property
    def source_objects(self) -> Dict[str, List[str]]:
        objects: Dict[str, List[str]] = {}
        for ref in self._definition().sources:
            if ref.object and ref.object not in objects.setdefault(ref.system, []):
                objects[ref.system].append(ref.object)
        return objects

    @property
    def dataset_types(self) -> List[str]:
        return list(self._definition().dataset_types)

    def get_dataset_types(self) -> List[str]:
        return self.dataset_types

    def _definition(self) -> Any:
        return self.process_run.tracker.definition(self.extract.process or self.process_run.process_name)

    @property
    def extract_status_types(self) -> Dict[str, str]:
        return self.get_extract_status_types()

    def get_extract_status_types(self) -> Dict[str, str]:
        """The statuses of extracts. Statuses are their names: where there was an id, there is the name again."""
        return {name: name for name in self.process_run.tracker.lookup_names("extract status")}


_UNITS = {"": 1, "B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}


def size_in_bytes(size: Union[int, str, None]) -> Optional[int]:
    """A size such as 2048, "2.2GB" or "14 KB", where a KB is 1,024 bytes."""
    if size is None or isinstance(size, int):
        return size
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?B|)\s*", size.upper())
    if not match:
        raise Invalid(f"file_size is {size!r}; give a number of bytes, or one with KB, MB, GB or TB such as 2.2GB")
    return round(float(match[1]) * _UNITS[match[2]])
