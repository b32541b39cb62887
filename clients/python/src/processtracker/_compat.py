"""ProcessTracker as the older Python implementation had it, over this one's rules. docs/from-python.md has what differs."""

from __future__ import annotations

import os
import threading
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Dict, Iterable, List, Optional, Tuple, Union

from ._carrier import log
from ._compat_values import Attributes, Named, Names, Objects, ProcessId, gone, listed, moment, number, refs, systems
from ._errors import Error, Invalid
from ._run import Run
from ._start import StartOptions
from ._tracker import Tracker, connect
from ._types import Counts, DataRef, ErrorRecord, Listing

_lock = threading.Lock()
_trackers: Dict[Tuple[Any, ...], Tracker] = {}


def shared_tracker(actor: str = "") -> Tracker:
    """The connection of all objects of an actor. It is open until the program ends, and then fails what is still running."""
    url = os.environ.get("PROCESSTRACKER_URL")
    if url and actor:
        log.warning("the actor %r is not used: over HTTP it is the token's", actor)
        actor = ""
    key = (*_here(), actor)
    with _lock:
        if key not in _trackers or _trackers[key].closed:
            _trackers[key] = connect(actor=actor)
        return _trackers[key]


def any_tracker() -> Tracker:
    """A connection for what no actor is asked for."""
    with _lock:
        for key, tracker in _trackers.items():
            if key[:-1] == _here() and not tracker.closed:
                return tracker
    return shared_tracker()


def _here() -> Tuple[Any, ...]:
    """What a connection is for: this process, and the tracker that the environment names."""
    return os.getpid(), os.environ.get("PROCESSTRACKER_URL"), os.environ.get("PROCESSTRACKER_DSN")


_SQL = "there is no SQLAlchemy session; read the views that docs/views.md lists, or use .tracker"
_INSTEAD = {
    "session": _SQL,
    "data_store": _SQL,
    "config": "set PROCESSTRACKER_DSN",
    "determine_hold_status": "a start checks that by itself, and raises OnHold",
    "determine_process_sources": "use .tracker.definition(name).sources",
    "determine_process_targets": "use .tracker.definition(name).targets",
    "register_new_process_run": "make a ProcessTracker for each run",
    "register_process_sources": "give sources, source_objects or source_object_attributes to the constructor",
    "register_process_targets": "give targets, target_objects or target_object_attributes to the constructor",
    "register_process_dataset_types": "give dataset_types to the constructor",
    "record_count_manager": "use set_process_run_record_count; totals are the sums over all runs",
    "create_extract_tracker_objects": "finders return ExtractTracker objects",
}


class ProcessTracker:
    """Registers a process, and starts a run of it. `run` is the run, `tracker` the connection, for all that is newer."""

    process_status_running = "running"
    process_status_complete = "completed"
    process_status_failed = "failed"
    process_status_hold = "on hold"

    def __init__(
        self,
        process_name: Optional[str] = None,
        process_run_name: Optional[str] = None,
        process_type: Optional[str] = None,
        actor_name: Optional[str] = None,
        tool_name: Optional[str] = None,
        sources: Names = None,
        targets: Names = None,
        source_objects: Objects = None,
        target_objects: Objects = None,
        source_object_attributes: Attributes = None,
        target_object_attributes: Attributes = None,
        config_location: Optional[str] = None,
        dataset_types: Names = None,
        schedule_frequency: Optional[str] = None,
        process_tracking_id: Optional[int] = None,
        *,
        source_name: Names = None,
        target_name: Names = None,
        token: Optional[str] = None,
    ) -> None:
        if config_location is not None:
            raise Invalid(
                "config_location is not read; name the database in PROCESSTRACKER_DSN, such as postgres://user@host/database, "
                "and its password in a password file or PROCESSTRACKER_PASSWORD_COMMAND"
            )
        self.tracker = shared_tracker(actor_name or "")
        self._counts = Counts()
        if process_tracking_id is not None:
            self.run = self._resumed(process_tracking_id, token)
        elif process_name is None:
            raise Invalid("process_name is missing; give it, or process_tracking_id and token of a run to take up again")
        else:
            options: StartOptions = {
                "type": process_type or "",
                "tool": tool_name or "",
                "frequency": schedule_frequency or "",
                "name": process_run_name or "",
                "dataset_types": listed(dataset_types),
                "sources": refs([*listed(sources), *listed(source_name)], source_objects, source_object_attributes),
                "targets": refs([*listed(targets), *listed(target_name)], target_objects, target_object_attributes),
            }
            self.run = self.tracker.start(process_name, **options)
            _runs[_here(), self.run.id] = self.run
        self._describe()

    def _resumed(self, run_id: int, token: Optional[str]) -> Run:
        ours = _runs.get((_here(), run_id))
        if ours is not None:
            return ours
        if token is not None:
            return self.tracker.resume(run_id, token)
        if not os.environ.get("PROCESSTRACKER_RUN", "").strip().startswith(f"{run_id}:"):
            raise Invalid(
                f"process_tracking_id is {run_id}, and its token is missing; give token= with the run's .run.token, or "
                "PROCESSTRACKER_RUN as `processtracker start` prints it: who has no token cannot write to a run"
            )
        return self.tracker.resume()

    def _describe(self) -> None:
        run, definition = self.run, self.tracker.definition(self.run.process)
        info = self.tracker.run_info(run.id)
        self.process_tracking_id = run.id
        self.process_run_id = run.number
        self.process_name = run.process
        self.process_run_name = info.name or None
        self.process = Named(run.process, "process_name")
        self.process_type = Named(definition.type, "process_type_name")
        self.actor = Named(info.actor, "actor_name")
        self.actor_name = info.actor
        self.tool = Named(definition.tool, "tool_name")
        self.tool_name = definition.tool
        self.schedule_frequency = Named(definition.frequency or "unscheduled", "schedule_frequency_name")
        self.dataset_types = list(definition.dataset_types)
        self.sources = systems(definition.sources)
        self.targets = systems(definition.targets)
        self._definition = definition

    def __getattr__(self, name: str) -> Any:
        gone("ProcessTracker", name, _INSTEAD)

    # The run.

    def change_run_status(self, new_status: str, end_date: Optional[datetime] = None) -> None:
        end = moment(end_date)
        if new_status == "completed":
            self.run.complete(ended_at=end)
        elif new_status == "on hold":
            self.run.hold("put on hold by its program", ended_at=end)
        elif new_status == "failed" and end is None:
            self.run.fail()
        else:
            self.run.set_status(new_status, ended_at=end)

    def raise_run_error(
        self,
        error_type_name: str,
        error_description: Optional[str] = None,
        fail_run: bool = False,
        end_date: Optional[datetime] = None,
    ) -> None:
        """Record an error. With fail_run, the run fails, and the error is raised."""
        record = ErrorRecord(error_description or "Unspecified error.", error_type_name, moment(end_date))
        if not fail_run:
            self.run.record_errors(record)
            return
        if end_date is None:
            self.run.fail(record)
        else:
            self.run.record_errors(record)
            self.run.set_status("failed", ended_at=moment(end_date))
        raise Error(f"{record.type}: {record.description}", name="run_failed", details={"process": self.process_name})

    def set_process_run_low_high_dates(self, low_date: Optional[datetime] = None, high_date: Optional[datetime] = None) -> None:
        self.run.extend_range(moment(low_date), moment(high_date))

    def set_process_run_record_count(self, num_records: int, processing_type: Optional[str] = None) -> None:
        """Set the run's count of records, or with processing_type that of inserts, updates or deletes."""
        field = {None: "records", "insert": "inserts", "update": "updates", "delete": "deletes"}.get(processing_type)
        if field is None:
            raise Invalid(f"processing_type is {processing_type!r}; give insert, update or delete, or leave it out")
        given = {**self._counts.__dict__, field: num_records}
        self.run.counts(**given)
        self._counts = Counts(**given)

    def get_latest_tracking_record(self) -> Any:
        """The latest run of the process, by the names of the older tables' columns."""
        info = next(self.tracker.runs(process=self.process_name, order="newest first", limit=1))
        return SimpleNamespace(
            process_tracking_id=info.id,
            process_run_id=info.number,
            process_status_name=info.status,
            process_run_name=info.name or None,
            process_run_low_date_time=info.low,
            process_run_high_date_time=info.high,
            process_run_start_date_time=info.started_at,
            process_run_end_date_time=info.ended_at,
            process_run_record_count=info.counts.records,
            process_run_insert_count=info.counts.inserts,
            process_run_update_count=info.counts.updates,
            actor_name=info.actor,
            is_latest_run=True,
        )

    def get_process_status_types(self) -> Dict[str, str]:
        """The statuses of runs. Statuses are their names: where there was an id, there is the name again."""
        return {name: name for name in self.tracker.lookup_names("run status")}

    # Extracts.

    def find_extracts_by_filename(self, filename: str, status: Optional[str] = "ready") -> List[Any]:
        """Extracts whose name has filename in it."""
        return self._found(name_contains=filename, status=status or "")

    def find_extracts_by_location(
        self, location_name: Optional[str] = None, location_path: Optional[str] = None, status: Optional[str] = "ready"
    ) -> List[Any]:
        if not location_name and not location_path:
            raise Invalid("location_name and location_path are both missing; give one")
        return self._found(location_name=location_name or "", location=location_path or "", status=status or "")

    def find_extracts_by_process(self, extract_process_name: str, status: Optional[str] = "ready") -> List[Any]:
        return self._found(process=extract_process_name, status=status or "")

    def _found(self, **given: str) -> List[Any]:
        from ._compat_extract import ExtractTracker

        return [ExtractTracker.of(self, extract) for extract in self.tracker.extracts(**given)]  # type: ignore[arg-type]

    def register_extracts_by_location(self, location_path: str, location_name: Optional[str] = None) -> Listing:
        """Register what is new in a directory as ready."""
        if location_name:
            self.tracker.call("registry.register_location", path=location_path, name=location_name)
        return self.run.list_location(location_path)

    @staticmethod
    def bulk_change_extract_status(extracts: Iterable[Any], extract_status: str) -> None:
        """Move extracts to a status, all or none of them."""
        those = list(extracts)
        if those:
            those[0].change_extract_status(extract_status, extracts=those)

    # The registry.

    def find_process_contacts(self, process: Union[int, str, None] = None) -> List[Dict[str, str]]:
        """Contacts of a process, by its id or name (this one's if there is none), and of its sources."""
        return [
            {
                "contact_name": contact.name,
                "contact_email": contact.email,
                "contact_type": "source" if contact.system else "process",
            }
            for contact in self.tracker.contacts(self._process_name(process))
        ]

    def _process_name(self, process: Union[int, str, None]) -> str:
        if process is None:
            return self.process_name
        if isinstance(process, str):
            return str(process)
        for info in self.tracker.processes():
            if info.id == process:
                return info.name
        raise Invalid(f"there is no process with the id {process}; give its name")

    def find_process_source_attributes(self) -> List[Dict[str, Any]]:
        return self._attributes(self._definition.sources, "source")

    def find_process_target_attributes(self) -> List[Dict[str, Any]]:
        return self._attributes(self._definition.targets, "target")

    def _attributes(self, given: List[DataRef], kind: str) -> List[Dict[str, Any]]:
        """The attributes that the process names, and those of the objects that it names whole."""
        types = {s["name"]: s["type"] for s in self.tracker.call("registry.systems")["systems"]}
        found = []
        for system, object_ in dict.fromkeys((r.system, r.object) for r in given if r.object):
            wanted = {r.attribute for r in given if (r.system, r.object) == (system, object_)}
            for attribute in self.tracker.attributes(system, object_):
                if "" in wanted or attribute.name in wanted:
                    found.append(
                        {
                            f"{kind}_name": system,
                            f"{kind}_type": types.get(system, ""),
                            f"{kind}_object_name": object_,
                            f"{kind}_object_attribute_name": attribute.name,
                            "is_key": attribute.key,
                            "is_filter": attribute.filter,
                            "is_partition": attribute.partition,
                        }
                    )
        return found

    def find_process_filters(self) -> List[Dict[str, Any]]:
        """The filters of the process, one entry for each value."""
        return [
            {
                "source_name": f.attribute.system,
                "source_object_name": f.attribute.object,
                "source_object_attribute_name": f.attribute.attribute,
                "filter_type_code": f.operator,
                "filter_value_numeric": number(value),
                "filter_value_string": None if number(value) is not None else value,
            }
            for f in self._definition.filters
            for value in f.values
        ]

    def find_process_by_schedule_frequency(self, frequency: str = "daily") -> List[ProcessId]:
        """The ids of the processes of a frequency. Each id has a process_name."""
        found = []
        for info in self.tracker.processes(frequency=frequency):
            found.append(ProcessId(info.id))
            found[-1].process_name = info.name
        return found


# Runs that this program has started: it may take them up again without a token.
_runs: Dict[Tuple[Any, ...], Run] = {}
