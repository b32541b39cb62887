"""Track data integration processes: one run at a time, leases, claims of files.

    import processtracker as pt

    with pt.connect() as tracker:
        with tracker.run("Teams Load", type="Load", tool="Spark", sources=["Lahman"]) as run:
            for f in run.claim(10, process="Teams Extract", glob="*.csv"):
                n = load(f.path)
                run.loaded(f, count=n)
            run.counts(inserts=n)

ExtractTracker and ProcessTracker are the classes of the older Python implementation.
"""

from ._binary import find_binary
from ._compat import ProcessTracker
from ._compat_extract import ExtractTracker, LocationTracker
from ._errors import (
    AlreadyDone,
    AlreadyEnded,
    AlreadyRunning,
    BinaryNotFound,
    Closed,
    ConnectionFailed,
    DependencyBlocked,
    Error,
    Forked,
    Incompatible,
    Invalid,
    LeaseLost,
    MessageTooLarge,
    Mismatch,
    NoCapacity,
    NotFound,
    NotOwner,
    NotSetUp,
    OnHold,
    ProtocolError,
    Refused,
    SessionEnded,
)
from ._run import Run
from ._start import StartOptions
from ._tracker import Tracker, connect, process
from ._types import (
    Attribute,
    Capacity,
    Change,
    Contact,
    Counts,
    DataRef,
    ErrorRecord,
    Extract,
    File,
    Greeting,
    Hold,
    ListedObject,
    Listing,
    Location,
    Measures,
    Parent,
    Process,
    ProcessInfo,
    RowFilter,
    RunError,
    RunInfo,
    Totals,
)
from ._version import __version__

__all__ = [
    "AlreadyDone",
    "AlreadyEnded",
    "AlreadyRunning",
    "Attribute",
    "BinaryNotFound",
    "Capacity",
    "Change",
    "Closed",
    "ConnectionFailed",
    "Contact",
    "Counts",
    "DataRef",
    "DependencyBlocked",
    "Error",
    "ErrorRecord",
    "Extract",
    "ExtractTracker",
    "File",
    "Forked",
    "Greeting",
    "Hold",
    "Incompatible",
    "Invalid",
    "LeaseLost",
    "ListedObject",
    "Listing",
    "Location",
    "LocationTracker",
    "Measures",
    "MessageTooLarge",
    "Mismatch",
    "NoCapacity",
    "NotFound",
    "NotOwner",
    "NotSetUp",
    "OnHold",
    "Parent",
    "Process",
    "ProcessInfo",
    "ProcessTracker",
    "ProtocolError",
    "Refused",
    "RowFilter",
    "Run",
    "RunError",
    "RunInfo",
    "SessionEnded",
    "StartOptions",
    "Totals",
    "Tracker",
    "__version__",
    "connect",
    "find_binary",
    "process",
]
