"""The older implementation's classes, a test for each row of what they had (docs/from-python.md)."""

from __future__ import annotations

import os
import unittest
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, Optional, Tuple, Type

import processtracker as pt
from processtracker import ExtractTracker, LocationTracker, ProcessTracker

from .fixtures import DatabaseCase

NOON = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)


class Older(DatabaseCase):
    """A test with a process's run and an extract of the older classes."""

    def setUp(self) -> None:
        super().setUp()
        self.tracker = self.connect()

    def run_of(self, name: str = "Teams Load", **more: Any) -> ProcessTracker:
        made = ProcessTracker(process_name=name, **more)
        self.addCleanup(made.tracker.close)
        return made

    def extract_of(self, run: ProcessTracker, name: str = "Teams.csv", **more: Any) -> ExtractTracker:
        return ExtractTracker(run, name, location_path=str(self.directory), **more)

    def definition(self, name: str = "Teams Load") -> pt.Process:
        return self.tracker.definition(name)

    def rows(self, table: Dict[str, Callable[[], Tuple[Any, Any]]]) -> None:
        """Each row has a function that gives what there is and what there should be."""
        for row, make in table.items():
            with self.subTest(row):
                self.assertEqual(*make())

    def refused(self, table: Dict[str, Tuple[Callable[[], Any], Type[Exception], str]]) -> None:
        """Each row raises an error, which says what to use instead."""
        for row, (make, error, says) in table.items():
            with self.subTest(row), self.assertRaisesRegex(error, says):
                make()


class TestConstructor(Older):
    def test_what_a_process_is_registered_with(self) -> None:
        def started(name: str, **more: Any) -> pt.Process:
            self.run_of(name, **more)
            return self.definition(name)

        def named(name: str) -> Tuple[str, str]:
            run = self.run_of("1 named", process_type="Load", actor_name="ada", tool_name="Spark")
            return getattr(run, name), getattr(getattr(run, name), f"{name}_name")

        ref = pt.DataRef
        self.rows(
            {
                "1 type and tool": lambda: (
                    [started("1", process_type="Stage Load", tool_name="Spark").type, self.definition("1").tool],
                    ["Stage Load", "Spark"],
                ),
                "1 actor": lambda: (self.run_of("1 actor", actor_name="ada").actor_name, "ada"),
                "1 the type is optional for a process that exists": lambda: (
                    [self.run_of("1").process_type for _ in range(1) if self.ended("1")],
                    ["Stage Load"],
                ),
                "3 one source": lambda: (started("3", sources="Lahman").sources, [ref("Lahman")]),
                "3 several targets": lambda: (started("3b", targets=["A", "B"]).targets, [ref("A"), ref("B")]),
                "3 as the overview names it": lambda: (started("3c", source_name="Lahman").sources, [ref("Lahman")]),
                "3 target_name, too": lambda: (started("3d", target_name="A").targets, [ref("A")]),
                "4 objects": lambda: (
                    started("4", source_objects={"Lahman": ["Teams", "Batting"]}, target_objects={"W": "Teams"}).sources,
                    [ref("Lahman", "Batting"), ref("Lahman", "Teams")],
                ),
                "5 attributes": lambda: (
                    started("5", target_object_attributes={"W": {"Teams": ["teamID", "name"]}}).targets,
                    [ref("W", "Teams", "name"), ref("W", "Teams", "teamID")],
                ),
                "6 the finer grain wins, and what it does not name stays": lambda: (
                    started("6", sources=["Lahman", "Other"], source_objects={"Lahman": ["Teams"]}).sources,
                    [ref("Lahman", "Teams"), ref("Other")],
                ),
                "7 one dataset type": lambda: (started("7", dataset_types="sports").dataset_types, ["sports"]),
                "7 several": lambda: (started("7b", dataset_types=["a", "b"]).dataset_types, ["a", "b"]),
                "8 the frequency": lambda: (started("8", schedule_frequency="daily").frequency, "daily"),
                "8 its default": lambda: (self.run_of("8b").schedule_frequency, "unscheduled"),
            }
        )

    def ended(self, name: str) -> bool:
        self.tracker.call("admin.reap", process=name, force=True, reason="test")
        return True

    def test_what_stops_a_start(self) -> None:
        self.run_of("P", process_run_name="Monday").change_run_status("completed")
        self.run_of("Running")
        self.run_of("Held").change_run_status("on hold")
        self.refused(
            {
                "2 a run's name is completed once": (
                    lambda: self.run_of("P", process_run_name="Monday"),
                    pt.AlreadyDone,
                    "Monday",
                ),
                "9 config_location": (
                    lambda: self.run_of(config_location="~/.process_tracker"),
                    pt.Invalid,
                    "PROCESSTRACKER_DSN",
                ),
                "10 a run without its token": (
                    lambda: ProcessTracker(process_tracking_id=999),
                    pt.Invalid,
                    "token=.*PROCESSTRACKER_RUN",
                ),
                "11 running": (lambda: self.run_of("Running"), pt.AlreadyRunning, "run 1"),
                "11 on hold": (lambda: self.run_of("Held"), pt.OnHold, "hold"),
                "no name": (lambda: ProcessTracker(), pt.Invalid, "process_name is missing"),
            }
        )

    def test_12_only_the_latest_run_of_a_parent_counts(self) -> None:
        self.tracker.add_dependency("Child", "Parent")
        self.run_of("Parent").change_run_status("failed")
        with self.assertRaisesRegex(pt.DependencyBlocked, "Parent"):
            self.run_of("Child")
        self.run_of("Parent").change_run_status("completed")
        self.run_of("Child")  # the old failure blocks nothing

    def test_13_failures_in_a_row_put_a_process_on_hold(self) -> None:
        for _ in range(3):
            self.run_of("P").change_run_status("failed")
        with self.assertRaises(pt.OnHold):
            self.run_of("P")
        self.tracker.release("P", "mended")
        self.run_of("P")

    def test_10_a_run_is_taken_up_again(self) -> None:
        run = self.run_of("P", process_type="Load")
        same = ProcessTracker(process_tracking_id=run.process_tracking_id)
        self.assertEqual((same.process_name, same.process_run_id), ("P", 1))
        other = self.tracker.start("Q")
        handed = ProcessTracker(process_tracking_id=other.id, token=other.token)
        self.addCleanup(handed.tracker.close)
        handed.change_run_status("completed")
        third = self.tracker.start("R")
        self.setenv(PROCESSTRACKER_RUN=f"{third.id}:{third.token}")
        ProcessTracker(process_tracking_id=third.id).change_run_status("completed")
        self.assertEqual([self.only_run(self.tracker, n).status for n in "QR"], ["completed"] * 2)

    def test_14_what_a_run_says_of_itself(self) -> None:
        run = self.run_of(
            process_type="Load", actor_name="ada", tool_name="Spark", sources="Lahman", targets=["W"],
            schedule_frequency="daily", process_run_name="Monday", dataset_types="sports",
        )  # fmt: skip
        self.rows(
            {
                "actor": lambda: ((run.actor, run.actor.actor_name, run.actor_name), ("ada",) * 3),
                "process_type": lambda: ((run.process_type, run.process_type.process_type_name), ("Load", "Load")),
                "process": lambda: ((run.process, run.process.process_name), ("Teams Load",) * 2),
                "sources": lambda: ([s.source_name for s in run.sources], ["Lahman"]),
                "targets": lambda: (run.targets, ["W"]),
                "tool": lambda: (run.tool.tool_name, "Spark"),
                "schedule_frequency": lambda: (run.schedule_frequency.schedule_frequency_name, "daily"),
                "process_run_name": lambda: (run.process_run_name, "Monday"),
                "dataset_types": lambda: (run.dataset_types, ["sports"]),
                "process_tracking_id": lambda: (run.process_tracking_id, run.run.id),
            }
        )
        self.refused(
            {
                "session": (lambda: run.session, AttributeError, "views"),
                "data_store": (lambda: run.data_store, AttributeError, "views"),
                "determine_hold_status": (lambda: run.determine_hold_status(1, 2), AttributeError, "OnHold"),
                "register_process_sources": (lambda: run.register_process_sources(), AttributeError, "constructor"),
                "what never was": (lambda: run.nonsense, AttributeError, "no nonsense"),
                "a column that a name has not": (lambda: run.actor.actor_id, AttributeError, "it has actor_name"),
            }
        )


class TestRun(Older):
    def test_15_a_run_changes_its_status(self) -> None:
        self.tracker.call("registry.add_run_status", status="archived by us", active=False)
        for status in ("completed", "failed", "on hold", "archived by us"):
            for end in (None, NOON, NOON.astimezone().replace(tzinfo=None)):
                with self.subTest(status=status, end=end):
                    run = self.run_of(f"{status} {end}")
                    run.change_run_status(status, end_date=end)
                    info = self.tracker.run_info(run.run.id)
                    self.assertEqual(info.status, status)
                    if end:  # a time without a zone is local time
                        self.assertEqual(info.ended_at, NOON)

    def test_16_errors(self) -> None:
        run = self.run_of()
        run.raise_run_error("Data Error", "no teams")
        run.raise_run_error("File Error")
        recorded = [(e.type, e.description) for e in self.tracker.errors(run_id=run.run.id, order="oldest first")]
        self.assertEqual(recorded, [("Data Error", "no teams"), ("File Error", "Unspecified error.")])
        with self.assertRaises(pt.Error):
            run.raise_run_error("Sad Error")  # a type that there is not
        with self.assertRaisesRegex(pt.Error, "Data Error: empty"):
            run.raise_run_error("Data Error", "empty", fail_run=True)
        self.assertEqual(self.tracker.run_info(run.run.id).status, "failed")
        late = self.run_of("Late")
        with self.assertRaises(pt.Error):
            late.raise_run_error("Data Error", "empty", fail_run=True, end_date=NOON)
        self.assertEqual(self.tracker.run_info(late.run.id).ended_at, NOON)

    def test_17_dates_keep_the_lowest_low_and_the_highest_high(self) -> None:
        run = self.run_of()
        run.set_process_run_low_high_dates(NOON, NOON + timedelta(hours=2))
        run.set_process_run_low_high_dates(NOON - timedelta(hours=1), NOON + timedelta(hours=1))
        run.set_process_run_low_high_dates(low_date=NOON)
        info = self.tracker.run_info(run.run.id)
        self.assertEqual((info.low, info.high), (NOON - timedelta(hours=1), NOON + timedelta(hours=2)))

    def test_18_counts_and_their_sum_over_all_runs(self) -> None:
        for n in (10, 20):
            run = self.run_of()
            run.set_process_run_record_count(1)
            run.set_process_run_record_count(n)
            run.set_process_run_record_count(n // 2, "insert")
            run.set_process_run_record_count(3, processing_type="update")
            run.set_process_run_record_count(2, "delete")
            run.change_run_status("completed")
        self.assertEqual(self.tracker.run_info(run.run.id).counts, pt.Counts(20, 10, 3, 2))
        self.assertEqual(self.tracker.totals("Teams Load").counts, pt.Counts(30, 15, 6, 4))
        with self.assertRaisesRegex(pt.Invalid, "insert, update or delete"):
            run.set_process_run_record_count(1, "upsert")

    def test_29_30_the_latest_run_and_the_statuses(self) -> None:
        self.run_of(process_run_name="Monday").change_run_status("completed")
        run = self.run_of()
        latest = run.get_latest_tracking_record()
        self.assertEqual(
            (latest.process_run_id, latest.process_tracking_id, latest.process_status_name, latest.is_latest_run),
            (2, run.process_tracking_id, "running", True),
        )
        self.assertLessEqual({"running", "completed", "failed", "on hold"}, set(run.get_process_status_types()))

    def test_a_program_that_ends_without_a_status_has_failed(self) -> None:
        self.program("""
            from processtracker import ProcessTracker
            ProcessTracker("Forgetful")
        """).communicate(timeout=60)
        self.run_of("Forgetful")  # it does not run for ever
        self.assertEqual({r.status for r in self.tracker.runs(process="Forgetful")}, {"failed", "running"})


class TestFinders(Older):
    def setUp(self) -> None:
        super().setUp()
        self.writer = self.run_of("Extract", source_objects={"Lahman": ["Teams"]}, dataset_types="sports")
        for name in ("Teams_2018.csv", "Teams_2019.csv", "Batting.csv"):
            self.extract_of(self.writer, name, location_name="Databank", status="ready")
        self.extract_of(self.writer, "New.csv")

    def test_finders_give_extracts(self) -> None:
        def names(found: Any) -> Any:
            self.assertTrue(all(isinstance(e, ExtractTracker) for e in found))
            return [e.filename for e in found]

        run, here = self.run_of(), str(self.directory)
        ready = ["Teams_2018.csv", "Teams_2019.csv", "Batting.csv"]
        self.rows(
            {
                "19 by a part of the name": lambda: (names(run.find_extracts_by_filename("Teams_")), ready[:2]),
                "19 by a status": lambda: (names(run.find_extracts_by_filename("New", status="initializing")), ["New.csv"]),
                "19 a part has no wildcards": lambda: (names(run.find_extracts_by_filename("%")), []),
                "20 by a location's name": lambda: (names(run.find_extracts_by_location("Databank")), ready),
                "20 by its path": lambda: (names(run.find_extracts_by_location(location_path=here)), ready),
                "21 by a process": lambda: (names(run.find_extracts_by_process("Extract")), ready),
                "21 of any status": lambda: (names(run.find_extracts_by_process("Extract", None)), [*ready, "New.csv"]),
            }
        )
        with self.assertRaisesRegex(pt.Invalid, "give one"):
            run.find_extracts_by_location()

    def test_22_a_directory_is_registered(self) -> None:
        (self.directory / "in").mkdir()
        (self.directory / "in" / "a.csv").write_text("x")
        run = self.run_of()
        run.register_extracts_by_location(str(self.directory / "in"), "Inbox")
        self.assertEqual([e.filename for e in run.find_extracts_by_location("Inbox")], ["a.csv"])

    def test_23_several_extracts_change_at_once_or_not_at_all(self) -> None:
        run = self.run_of()
        found = run.find_extracts_by_location("Databank")
        ProcessTracker.bulk_change_extract_status(found, "loading")
        ProcessTracker.bulk_change_extract_status([], "loaded")
        self.assertEqual({e.status for e in found}, {"loading"})
        self.assertEqual(len(list(self.tracker.extracts(status="loading"))), 3)
        child, parent = self.extract_of(run, "child"), self.extract_of(run, "parent")
        child.add_dependency("parent", parent)
        with self.assertRaises(pt.DependencyBlocked):
            run.bulk_change_extract_status([found[0], child], "loading")
        ProcessTracker.bulk_change_extract_status([child, parent], "loading")  # both at once

    def test_24_contacts(self) -> None:
        self.tracker.call("registry.add_process_contact", process="Extract", contact={"name": "Ada", "email": "a@example.com"})
        self.tracker.call("registry.add_system_contact", system="Lahman", contact={"name": "Desk"})
        expected = [
            {"contact_name": "Ada", "contact_email": "a@example.com", "contact_type": "process"},
            {"contact_name": "Desk", "contact_email": "", "contact_type": "source"},
        ]
        process_id = next(self.tracker.processes(name="Extract")).id
        for given in (None, "Extract", process_id):
            with self.subTest(given):
                self.assertEqual(self.writer.find_process_contacts(given), expected)
        with self.assertRaisesRegex(pt.Invalid, "give its name"):
            self.writer.find_process_contacts(999)

    def test_25_26_27_attributes_and_filters(self) -> None:
        for system in ("Lahman", "W"):
            self.tracker.describe_attributes(
                system, "Teams", [pt.Attribute("teamID", key=True), pt.Attribute("name"), pt.Attribute("year", partition=True)]
            )
        attribute = pt.DataRef("Lahman", "Teams", "year")
        self.tracker.call("registry.describe_system", system={"name": "W", "type": "Database"})
        self.tracker.call(
            "registry.register",
            process={
                "name": "Teams Load",
                "filters": [pt.RowFilter(attribute, "gte", ["1990"]), pt.RowFilter(attribute, "not", ["draft"])],
            },
        )
        run = self.run_of(source_objects={"Lahman": "Teams"}, target_object_attributes={"W": {"Teams": ["teamID"]}})
        sources = run.find_process_source_attributes()
        self.assertCountEqual([a["source_object_attribute_name"] for a in sources], ["name", "teamID", "year"])
        self.assertEqual(
            run.find_process_target_attributes(),
            [
                {
                    "target_name": "W", "target_type": "Database", "target_object_name": "Teams",
                    "target_object_attribute_name": "teamID", "is_key": True, "is_filter": False, "is_partition": False,
                }
            ],
        )  # fmt: skip
        filters = [
            (f["filter_type_code"], f["filter_value_numeric"], f["filter_value_string"]) for f in run.find_process_filters()
        ]
        self.assertEqual(filters, [("gte", 1990, None), ("not", None, "draft")])

    def test_28_processes_of_a_frequency(self) -> None:
        self.run_of("Daily", schedule_frequency="daily")
        (found,) = self.writer.find_process_by_schedule_frequency("daily")
        self.assertEqual((found, found.process_name), (next(self.tracker.processes(name="Daily")).id, "Daily"))


class TestExtract(Older):
    def setUp(self) -> None:
        super().setUp()
        self.load = self.run_of(sources="Lahman", dataset_types=["sports"])

    def stored(self, extract: ExtractTracker) -> pt.Extract:
        (stored,) = self.tracker.extracts(id=extract.extract_id)
        return stored

    def test_what_an_extract_is_registered_with(self) -> None:
        def made(name: str, **more: Any) -> pt.Extract:
            return self.stored(self.extract_of(self.load, name, **more))

        def size(given: Any) -> Optional[int]:
            return made(f"size {given}", file_size=given).size

        location = LocationTracker("/elsewhere", "Elsewhere")
        self.rows(
            {
                "31 the status": lambda: (made("31").status, "initializing"),
                "31 another status": lambda: (made("31b", status="ready").status, "ready"),
                "31 a location": lambda: (ExtractTracker(self.load, "31c", location).full_filename, "/elsewhere/31c"),
                "31 one that exists": lambda: (made("31").id, made("31").id),
                "31 one that exists, with a status": lambda: (made("31", status="ready").status, "ready"),
                "31 the same name elsewhere": lambda: (
                    ExtractTracker(self.load, "31", location).extract_id != made("31").id,
                    True,
                ),
                "32 the type by the ending": lambda: (made("32.csv").file_type, "csv"),
                "32 the type that is given": lambda: (made("32", filetype="parquet").file_type, "parquet"),
                "33 the compression by the ending": lambda: (made("33.csv.gz").compression, "gzip"),
                "33 the compression that is given": lambda: (made("33", compression_type="zip").compression, "zip"),
                "36 bytes": lambda: (size(2048), 2048),
                "36 digits behind the point count": lambda: (size("2.5 KB"), 2560),
                "36 gigabytes": lambda: (size("2.2GB"), round(2.2 * (1 << 30))),
            }
        )
        self.refused(
            {
                "31 nothing": (lambda: ExtractTracker(self.load), pt.Invalid, "filename and location_path"),
                "35 an id that there is not": (lambda: ExtractTracker(self.load, extract_id=999), pt.NotFound, "999"),
                "36 no size": (lambda: self.extract_of(self.load, "x", file_size="large"), pt.Invalid, "2.2GB"),
            }
        )

    def test_35_an_extract_is_taken_up_again(self) -> None:
        extract = self.extract_of(self.load)
        again = ExtractTracker(self.load, extract_id=extract.extract_id)
        self.assertEqual((again.filename, again.full_filename), ("Teams.csv", extract.full_filename))

    def test_37_38_an_extract_loads_after_its_parents(self) -> None:
        extract = self.extract_of(self.load)
        parent, child = self.extract_of(self.load, "parent"), self.extract_of(self.load, "child")
        extract.add_dependency("parent", parent)
        extract.add_dependency("child", child)
        for blocked in (extract, child):
            with self.assertRaises(pt.DependencyBlocked):
                blocked.change_extract_status("loading")
        for e in (parent, extract, child):
            e.change_extract_status("loading")
            e.change_extract_status("loaded")
        self.assertEqual(self.stored(child).status, "loaded")
        with self.assertRaisesRegex(pt.Invalid, "parent or child"):
            extract.add_dependency("sibling", child)

    def test_40_41_what_was_written_and_loaded(self) -> None:
        extract = self.extract_of(self.load)
        extract.set_extract_record_count(7)
        extract.set_extract_record_count(9, "write")
        extract.set_extract_low_high_dates(NOON, NOON + timedelta(hours=1))
        extract.set_extract_low_high_dates(NOON, None, audit_type="write")
        stored = self.stored(extract)
        self.assertEqual(stored.loaded, pt.Measures(7, NOON, NOON + timedelta(hours=1)))
        self.assertEqual(stored.written, pt.Measures(9, NOON))
        with self.assertRaisesRegex(pt.Invalid, "load or write"):
            extract.set_extract_record_count(1, "read")

    def test_42_to_45_what_an_extract_says_of_itself(self) -> None:
        extract = self.extract_of(self.load, location_name="Databank")
        full = os.path.join(self.directory, "Teams.csv")
        self.rows(
            {
                "42 full_filename": lambda: (extract.full_filename, full),
                "42 full_filepath": lambda: (extract.full_filepath(), full),
                "42 get_full_filename": lambda: (extract.get_full_filename("/x"), "/x/Teams.csv"),
                "43 dataset types": lambda: (extract.get_dataset_types(), ["sports"]),
                "44 sources": lambda: (extract.sources, ["Lahman"]),
                "44 source objects": lambda: (extract.source_objects, {}),
                "location": lambda: ((extract.location.location_name, extract.location_name), ("Databank",) * 2),
                "statuses": lambda: ("archived" in extract.get_extract_status_types(), True),
                "filetype": lambda: (extract.filetype, "csv"),
            }
        )
        self.refused(
            {
                "34 the delimiter of a file type": (lambda: extract.delimiter_char, AttributeError, "no delimiter_char"),
                "39 the dependency's type": (lambda: extract.dependency_type_id, AttributeError, "no dependency_type_id"),
                "extract_dependency_check": (
                    lambda: extract.extract_dependency_check(),
                    AttributeError,
                    "DependencyBlocked",
                ),
                "session": (lambda: extract.session, AttributeError, "tracker"),
                "file_size_splitter": (lambda: extract.file_size_splitter("2.2GB"), AttributeError, "bytes"),
                "register_extract_sources": (lambda: extract.register_extract_sources(), AttributeError, "process"),
            }
        )

    def test_locations(self) -> None:
        cases = [
            ("s3://bucket/in", None, "s3", "bucket"),
            ("/data/s3-copies", None, "local", None),  # an s3 in a path is no S3
            ("/Data/In", "Inbox", "local", None),
        ]
        for path, name, kind, bucket in cases:
            with self.subTest(path):
                made = LocationTracker(path, name)
                self.assertEqual((made.location_path, made.location_type, made.location_bucket_name), (path, kind, bucket))
                self.assertTrue(made.location_name)
        made.register_file_count(12)
        self.assertEqual(self.tracker.call("registry.location", path="/Data/In")["location"]["file_count"], 12)
        self.assertEqual((made.derive_location_name(), made.derive_location_type()), ("Inbox", "local"))
        self.refused(
            {
                "data_store": (lambda: LocationTracker("/x", data_store=object()), pt.Invalid, "PROCESSTRACKER_DSN"),
                "session": (lambda: made.session, AttributeError, "no session"),
            }
        )


class TestOverview(DatabaseCase):
    """The job of the overview page without its Spark: tests/spark has it whole."""

    def test_the_job_of_the_overview_page_runs_as_it_stands(self) -> None:
        for run in (1, 2):
            with self.subTest(run=run):
                program = self.program("""
                    from processtracker import ExtractTracker, ProcessTracker

                    process_run = ProcessTracker(process_name='Lahman Teams Load'
                                                         , process_type='Stage Load'
                                                         , actor_name='New ProcessTracker User'
                                                         , tool_name='Spark'
                                                         , source_name='Lahman Baseball Dataset')
                    extract = ExtractTracker(process_run=process_run
                                                  , filename='Teams.csv'
                                                  , location_name='Lahman Baseball Databank 2018'
                                                  , location_path='~/baseballdatabank-master_2018-03-28/core/')
                    extract.change_extract_status('loading')
                    extract.change_extract_status('loaded')
                    process_run.change_run_status('completed')
                """)
                _, said = program.communicate(timeout=60)
                self.assertEqual((program.returncode, said), (0, ""))
        tracker = self.connect()
        self.assertEqual([r.status for r in tracker.runs(process="Lahman Teams Load")], ["completed"] * 2)
        (extract,) = tracker.extracts()
        home = os.path.expanduser("~")
        self.assertEqual(extract.path, f"{home}/baseballdatabank-master_2018-03-28/core/Teams.csv")
        self.assertEqual((extract.status, extract.location.name), ("loaded", "Lahman Baseball Databank 2018"))


if __name__ == "__main__":
    unittest.main()
