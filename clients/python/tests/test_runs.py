"""Runs on a real tracker: how they start, end and are lost."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import unittest
from datetime import datetime, timedelta

import processtracker as pt

from .fixtures import NOON, SOURCE, DatabaseCase, binary


class TestEnds(DatabaseCase):
    def test_a_block_that_ends_completes_its_run(self) -> None:
        tracker = self.connect()
        with tracker.run("Teams Load", type="Load", tool="Spark", sources=["Lahman"]) as run:
            run.counts(inserts=3)
            run.extend_range(NOON, NOON + timedelta(hours=1))
        info = self.only_run(tracker, "Teams Load")
        self.assertEqual((info.status, info.counts, info.high), ("completed", pt.Counts(inserts=3), NOON + timedelta(hours=1)))
        self.assertEqual(tracker.totals("Teams Load").watermark, NOON + timedelta(hours=1))
        self.assertEqual(tracker.definition("Teams Load").sources, [pt.DataRef("Lahman")])

    def test_an_exception_fails_the_run_with_its_traceback(self) -> None:
        tracker = self.connect()
        for error in (ValueError("no such team"), KeyboardInterrupt(), SystemExit(3), SystemExit(), GeneratorExit()):
            with self.subTest(repr(error)):
                with self.assertRaises(type(error)), tracker.run(f"P {error!r}") as run:
                    raise error
                self.assertEqual(tracker.run_info(run.id).status, "failed")
                (description,) = self.errors_of(tracker, run.id)
                self.assertIn("Traceback", description)
                self.assertIn(type(error).__name__, description)
                self.assertIn("test_runs.py", description)

    def test_an_end_of_your_own_is_left_alone(self) -> None:
        tracker = self.connect()
        with tracker.run("Completed") as run:
            run.complete(ended_at=NOON, note="early")
        self.assertEqual(tracker.run_info(run.id).ended_at, NOON)
        with tracker.run("Failed") as run:
            run.fail("no file today")
        self.assertEqual(self.errors_of(tracker, run.id), ["no file today"])
        with tracker.run("Held") as run:
            run.hold("ask the vendor")
        with self.assertRaisesRegex(pt.OnHold, "ask the vendor") as caught:
            tracker.start("Held")
        self.assertEqual(caught.exception.details["hold"]["reason"], "ask the vendor")
        with self.assertRaises(SystemExit), tracker.run("Exits") as run:
            run.complete()
            sys.exit(0)
        self.assertEqual(tracker.run_info(run.id).status, "completed")

    def test_a_status_of_your_own_completes_only_if_it_is_active(self) -> None:
        tracker = self.connect()
        tracker.call("registry.add_run_status", status="validating", active=True)
        tracker.call("registry.add_run_status", status="skipped", active=False)
        for status, end in (("validating", "completed"), ("skipped", "skipped")):
            with self.subTest(status):
                with tracker.run(status) as run:
                    run.set_status(status)
                self.assertEqual(tracker.run_info(run.id).status, end)

    def test_an_exception_of_100_mb_fails_the_run(self) -> None:
        tracker = self.connect()
        with self.assertRaises(ValueError), tracker.run("P") as run:
            raise ValueError("x" * 100_000_000 + "\x00\udc80 the end")
        (description,) = self.errors_of(tracker, run.id)
        self.assertIn("characters are left out here", description)
        self.assertTrue(description.endswith("the end"))

    def test_a_message_of_100_mb_is_refused_and_the_session_goes_on(self) -> None:
        tracker = self.connect()
        run = tracker.start("P")
        with self.assertRaisesRegex(pt.MessageTooLarge, "16777216") as caught:
            run.complete(note="x" * 100_000_000)
        self.assertEqual(caught.exception.details["limit"], 16 << 20)
        run.complete()

    def test_what_is_no_json_is_refused_and_the_session_goes_on(self) -> None:
        tracker = self.connect()
        run = tracker.start("P")
        for bad in ("\udc80", object(), float("nan"), datetime(2026, 11, 29), NOON.date()):
            with self.subTest(repr(bad)), self.assertRaises(pt.Invalid):
                tracker.call("run.complete", run_id=run.id, note=bad)
        run.complete()

    def test_runs_that_a_program_leaves_behind_fail_at_once(self) -> None:
        program = self.program("""
            import processtracker as pt
            tracker = pt.connect()
            tracker.start("Left")
        """)
        program.communicate(timeout=60)
        tracker = self.connect()
        with tracker.run("Left"):
            pass
        failed = next(tracker.runs(process="Left", order="oldest first"))
        self.assertEqual(failed.status, "failed")
        self.assertIn("without calling session.goodbye", self.errors_of(tracker, failed.id)[0])

    def test_a_tracker_that_is_closed_leaves_its_runs_to_others(self) -> None:
        tracker = self.connect()
        run = tracker.start("P")
        with self.assertLogs("processtracker", "WARNING"):
            tracker.close()
        with self.assertRaises(pt.Closed):
            run.complete()
        other = self.connect()
        with other.resume(run.id, run.token) as resumed:
            self.assertEqual(resumed.number, 1)
        self.assertEqual(other.run_info(run.id).status, "completed")

    def test_a_tracker_that_an_exception_closes_fails_its_runs(self) -> None:
        with self.assertRaises(ZeroDivisionError), pt.connect(self.dsn) as tracker:
            run = tracker.start("P")
            print(1 // 0)
        self.assertEqual(self.connect().run_info(run.id).status, "failed")


class TestForgotten(DatabaseCase):
    def test_a_run_keeps_its_tracker(self) -> None:
        run = pt.connect().start("P")
        gc.collect()
        run.complete()
        with pt.connect().run("P") as run:
            gc.collect()
        self.assertEqual({r.status for r in self.connect().runs()}, {"completed"})

    def test_a_tracker_that_nobody_refers_to_gives_its_runs_up(self) -> None:
        run = pt.connect().start("P")
        session = run._carrier
        del run
        gc.collect()
        session._child.wait()  # type: ignore[attr-defined]
        with self.connect().run("P"):
            pass


class TestRefusals(DatabaseCase):
    def test_each_refusal_has_its_class_and_details(self) -> None:
        tracker = self.connect()
        run = tracker.start("P", name="2026-11-29")
        with self.assertRaises(pt.AlreadyRunning) as running:
            tracker.start("P")
        self.assertEqual(running.exception.details["run"]["number"], 1)
        self.assertIsInstance(running.exception, pt.Refused)
        run.complete()
        with self.assertRaises(pt.AlreadyDone) as done:
            tracker.start("P", name="2026-11-29")
        self.assertEqual(done.exception.details["run"]["id"], run.id)

        parent = tracker.start("Parent")
        with self.assertRaises(pt.DependencyBlocked) as blocked:
            tracker.start("Child", depends_on="Parent")
        self.assertEqual(blocked.exception.details["parents"][0]["process"], "Parent")
        parent.complete()

        tracker.hold("P", "repairs")
        with self.assertRaises(pt.OnHold):
            tracker.start("P")
        tracker.release("P", "done")

        tracker.call("registry.set_cluster", cluster={"name": "small", "max_memory": 8})
        tracker.call("registry.join_cluster", process="P", cluster="small")
        with self.assertRaises(pt.NoCapacity) as full:
            tracker.start("P", needs=pt.Capacity(memory=9))
        self.assertEqual(full.exception.details["clusters"][0]["name"], "small")

    def test_a_second_end_of_another_kind_is_refused(self) -> None:
        tracker = self.connect()
        run = tracker.start("P")
        run.complete()
        run.complete()  # a retry is harmless
        with self.assertRaises(pt.AlreadyEnded):
            run.fail("too late")

    def test_a_block_that_does_not_start_does_not_run(self) -> None:
        tracker = self.connect()
        tracker.start("P")
        with self.assertRaises(pt.AlreadyRunning), tracker.run("P"):
            self.fail("the block has run")

    def test_options_that_there_are_not_are_named(self) -> None:
        tracker = self.connect()
        with self.assertRaisesRegex(TypeError, "no option sorces; it has type, tool"):
            tracker.run("P", sorces=["Lahman"])  # type: ignore[call-arg]
        with self.assertRaises(pt.Mismatch):
            tracker.start("P", type="Load").complete()
            tracker.start("P", type="Extract")
        with self.assertRaises(pt.Invalid):
            tracker.start("")
        with self.assertRaises(pt.NotFound):
            tracker.definition("nobody")

    def test_no_database_and_one_that_is_not_set_up_are_told_apart(self) -> None:
        with self.assertRaisesRegex(pt.NotSetUp, "setup"):
            pt.connect(f"sqlite:{self.directory}/none.db")
        with self.assertRaisesRegex(pt.Error, "DSN"):
            pt.connect("oracle:thing")


class TestLoss(DatabaseCase):
    def test_a_driver_that_was_frozen_finds_its_run_lost(self) -> None:
        tracker, other = self.connect(), self.connect()
        run = tracker.start("P")
        session = tracker._carrier._child.pid  # type: ignore[attr-defined]
        os.kill(session, signal.SIGSTOP)  # longer than its lease, as it is for an operator
        self.addCleanup(os.kill, session, signal.SIGCONT)
        try:
            other.call("admin.reap", process="P", force=True, reason="frozen")
            self.assertFalse(run.lost.is_set())
        finally:
            os.kill(session, signal.SIGCONT)
        with self.assertRaises(pt.LeaseLost) as caught:
            run.counts(records=1)
        self.assertEqual(caught.exception.details["process"], "P")
        with self.assertRaises(pt.LeaseLost):
            run.complete()
        self.assertEqual(self.only_run(other, "P").status, "failed")

    def test_a_lost_run_is_noticed_without_a_call(self) -> None:
        tracker, other = self.connect(lease=1, heartbeat_interval=0.1), self.connect()
        with self.assertLogs("processtracker", "ERROR") as logged, self.assertRaises(pt.LeaseLost), tracker.run("P") as run:
            run.check()
            other.call("admin.reap", process="P", force=True, reason="gone")
            self.assertTrue(run.lost.wait(30))
            run.check()
        self.assertEqual(len(logged.records), 1)

    def test_two_sessions_on_one_token_end_the_run_once(self) -> None:
        one, two = self.connect(), self.connect()
        run = one.start("P")
        again = two.resume(run.id, run.token)
        again.add_counts(inserts=1)
        run.add_counts(inserts=1)
        again.complete()
        with self.assertRaises(pt.AlreadyEnded):
            run.fail("who was that?")
        self.assertEqual(self.only_run(one, "P").counts.inserts, 2)

    def test_a_wrong_token_is_refused(self) -> None:
        run = self.connect().start("P")
        with self.assertRaises(pt.NotOwner):
            self.connect().resume(run.id, "x" * len(run.token))

    def test_a_run_is_handed_over_by_the_environment(self) -> None:
        tracker = self.connect()
        with self.assertRaisesRegex(pt.Invalid, "exec --share-run"):
            tracker.resume()
        with self.assertRaisesRegex(pt.Invalid, "together"):
            tracker.resume(7)
        self.setenv(PYTHONPATH=SOURCE)
        job = "import processtracker as pt; t = pt.connect(); t.resume().counts(inserts=3); t.close()"
        done = subprocess.run([binary(), "exec", "--process", "P", "--share-run", "--", sys.executable, "-c", job], check=False)
        self.assertEqual(done.returncode, 0)
        run = self.only_run(tracker, "P")
        self.assertEqual((run.status, run.counts.inserts), ("completed", 3))

    def test_a_detached_run_is_left_to_another_program(self) -> None:
        tracker = self.connect()
        with tracker.run("P") as run:
            run.detach()
        self.assertEqual(tracker.run_info(run.id).status, "running")
        self.connect().resume(run.id, run.token).complete()


if __name__ == "__main__":
    unittest.main()
