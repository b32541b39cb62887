"""What calls return and take. Fields are named as in the protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Dict, List, Optional, Union


@dataclass(frozen=True)
class DataRef:
    """A system, an object of a system, or an attribute of an object."""

    system: str
    object: str = ""
    attribute: str = ""


Source = Union[str, DataRef]


@dataclass(frozen=True)
class RowFilter:
    """Which rows a process reads. operator is eq, lt, gt, lte, gte, not, like or in."""

    attribute: DataRef
    operator: str
    values: List[str]


@dataclass(frozen=True)
class Capacity:
    memory: int = 0
    processing: int = 0


@dataclass(frozen=True)
class Counts:
    records: int = 0
    inserts: int = 0
    updates: int = 0
    deletes: int = 0


@dataclass(frozen=True)
class Measures:
    count: Optional[int] = None
    low: Optional[datetime] = None
    high: Optional[datetime] = None


@dataclass(frozen=True)
class ErrorRecord:
    """An error of a run. type is "Process Error" if it is empty."""

    description: str
    type: str = ""
    at: Optional[datetime] = None


@dataclass(frozen=True)
class RunInfo:
    id: int
    process: str
    number: int
    status: str
    actor: str = ""
    name: str = ""
    started_at: Optional[datetime] = None
    ended_at: Optional[datetime] = None
    low: Optional[datetime] = None
    high: Optional[datetime] = None
    counts: Counts = Counts()
    lease_until: Optional[datetime] = None
    lease_expired: bool = False


@dataclass(frozen=True)
class Parent:
    """A process that another one depends on, with its latest run."""

    process: str
    kind: str = ""
    fresh: bool = False
    run_number: int = 0
    status: str = ""
    since: Optional[datetime] = None
    actor: str = ""
    lease_expired: bool = False


@dataclass(frozen=True)
class Location:
    id: int
    path: str
    name: str
    type: str = ""
    file_count: Optional[int] = None
    listed_at: Optional[datetime] = None


@dataclass(frozen=True)
class Extract:
    """A file that one process writes and others read. path is what a program opens."""

    id: int
    name: str
    path: str
    location: Location
    status: str
    process: str = ""
    run_number: int = 0
    file_type: str = ""
    compression: str = ""
    size: Optional[int] = None
    checksum: str = ""
    registered_at: Optional[datetime] = None
    status_changed_at: Optional[datetime] = None
    listed_at: Optional[datetime] = None
    written: Measures = Measures()
    loaded: Measures = Measures()


@dataclass(frozen=True)
class File:
    """A file to register. location is the directory, the bucket's prefix or the URL that it lies in."""

    name: str
    location: str
    location_name: str = ""
    status: str = ""
    file_type: str = ""
    compression: str = ""
    size: Optional[int] = None
    checksum: str = ""


@dataclass(frozen=True)
class Listing:
    location: Location
    at: Optional[datetime] = None
    new: int = 0
    known: int = 0
    changed: int = 0
    skipped: int = 0
    missing: int = 0


@dataclass(frozen=True)
class ListedObject:
    """A file as a program of yours has listed it."""

    name: str
    size: Optional[int] = None
    modified: Optional[datetime] = None
    checksum: str = ""


@dataclass(frozen=True)
class RunError:
    id: int
    run_id: int
    process: str
    run_number: int
    type: str
    description: str
    at: Optional[datetime] = None


@dataclass(frozen=True)
class Change:
    """A change of the status of a run, an extract or a process."""

    id: int
    at: Optional[datetime] = None
    process: str = ""
    run_id: int = 0
    run_number: int = 0
    extract_id: int = 0
    location: str = ""
    extract: str = ""
    from_status: str = field(default="", metadata={"wire": "from"})
    to_status: str = field(default="", metadata={"wire": "to"})
    actor: str = ""
    reason: str = ""
    from_time: Optional[datetime] = None
    to_time: Optional[datetime] = None


@dataclass(frozen=True)
class Hold:
    since: Optional[datetime] = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Totals:
    """What all runs of a process came to. watermark is the highest high time of its completed runs."""

    watermark: Optional[datetime] = None
    counts: Counts = Counts()


@dataclass(frozen=True)
class ProcessInfo:
    id: int
    name: str
    type: str = ""
    tool: str = ""
    frequency: str = ""
    run_number: int = 0
    status: str = ""
    active: bool = False
    started_at: Optional[datetime] = None
    ended_at: Optional[datetime] = None
    lease_until: Optional[datetime] = None
    lease_expired: bool = False
    hold: Optional[Hold] = None
    failures: int = 0
    totals: Totals = Totals()
    last_completed_at: Optional[datetime] = None
    last_failed_at: Optional[datetime] = None
    last_errored_at: Optional[datetime] = None


@dataclass(frozen=True)
class Process:
    """A process's definition, at the grain at which it was given."""

    name: str
    type: str = ""
    tool: str = ""
    frequency: str = ""
    sources: List[DataRef] = field(default_factory=list)
    targets: List[DataRef] = field(default_factory=list)
    dataset_types: List[str] = field(default_factory=list)
    filters: List[RowFilter] = field(default_factory=list)


@dataclass(frozen=True)
class Attribute:
    name: str
    data_type: str = ""
    length: Optional[int] = None
    decimals: Optional[int] = None
    path: str = ""
    default: Optional[str] = None
    key: bool = False
    filter: bool = False
    partition: bool = False
    pii: bool = False


@dataclass(frozen=True)
class Contact:
    """Who answers for a process or for one of its sources; system is "" for the process's own."""

    name: str
    email: str = ""
    system: str = ""


@dataclass(frozen=True)
class Greeting:
    """What the session or the server said of itself."""

    protocol: int
    version: str = ""
    schema_version: int = 0
    database: str = ""
    actor: str = ""
    max_message: int = 16 << 20
    methods: List[str] = field(default_factory=list)


Params = Dict[str, Any]
Result = Dict[str, Any]
