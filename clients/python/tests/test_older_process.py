"""ProcessTracker of the older implementation, a test for each row of what they had (docs/from-python.md)."""

from __future__ import annotations

import os
import unittest
from datetime import timedelta
from typing import Any, Tuple

import processtracker as pt
from processtracker import ProcessTracker

from .fixtures import NOON, DatabaseCase
from .older import Older


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
