"""A tracker among processes, threads and coroutines."""

from __future__ import annotations

import asyncio
import inspect
import os
import pickle
import select
import threading
import unittest
from typing import List

import processtracker as pt

from .fixtures import DatabaseCase


@unittest.skipUnless(hasattr(os, "fork"), "needs fork")
class TestProcesses(DatabaseCase):
    def test_what_belongs_to_this_process_is_not_pickled(self) -> None:
        tracker = self.connect()
        run = tracker.start("P")
        for bound, says in ((run, "run.id and run.token"), (tracker, "connect there"), ({"run": run}, "Spark executor")):
            with self.subTest(bound), self.assertRaisesRegex(TypeError, says):
                pickle.dumps(bound)
        refusal = pickle.loads(pickle.dumps(pt.AlreadyRunning("no", code=1, details={"process": "P"})))
        self.assertEqual((str(refusal), refusal.name, refusal.details), ("no", "already_running", {"process": "P"}))

    def test_a_fork_is_told_to_connect_anew(self) -> None:
        tracker = self.connect()
        run = tracker.start("P")
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                run.counts(records=1)
            except pt.Forked as e:
                os.write(write, str(e).encode())
            finally:
                os._exit(0)
        os.close(write)
        os.waitpid(child, 0)
        with os.fdopen(read) as told:
            self.assertIn("connect anew", told.read())
        run.complete()

    @unittest.skipUnless(hasattr(os, "pidfd_open"), "needs pidfd_open")
    def test_a_killed_driver_fails_its_run_at_once_though_a_fork_lives(self) -> None:
        program = self.program("""
            import os, sys
            import processtracker as pt
            tracker = pt.connect()
            run = tracker.start("P")
            if os.fork() == 0:
                sys.stdin.read()  # lives for as long as the test wants
                os._exit(0)
            print(tracker._carrier._child.pid, flush=True)
            sys.stdin.read()
        """)
        self.addCleanup(program.communicate)
        assert program.stdout is not None
        session = os.pidfd_open(int(program.stdout.readline()))
        self.addCleanup(os.close, session)
        program.kill()
        select.select([session], [], [])
        tracker = self.connect()
        run = self.only_run(tracker, "P")
        self.assertEqual(run.status, "failed")
        self.assertIn("without calling session.goodbye", self.errors_of(tracker, run.id)[0])
        tracker.start("P").complete()

    def test_ctrl_c_at_the_terminal_fails_the_run_with_its_traceback(self) -> None:
        program = self.program("""
            import os, signal, sys
            import processtracker as pt
            os.setpgid(0, 0)
            with pt.connect() as tracker, tracker.run("P"):
                os.killpg(0, signal.SIGINT)
                sys.stdin.read()
        """)
        _, said = program.communicate(timeout=60)
        self.assertIn("KeyboardInterrupt", said)
        tracker = self.connect()
        run = self.only_run(tracker, "P")
        self.assertIn("KeyboardInterrupt", self.errors_of(tracker, run.id)[0])

    def test_the_decorator_of_the_package_connects_at_each_call(self) -> None:
        @pt.process("P", type="Load")
        def load(run: pt.Run, day: str, *, fails: bool = False) -> str:
            if fails:
                raise ValueError(day)
            run.counts(inserts=1)
            return day

        self.assertEqual(load("Monday"), "Monday")
        with self.assertRaises(ValueError):
            load("Tuesday", fails=True)
        self.assertEqual([r.status for r in self.connect().runs(process="P", order="oldest first")], ["completed", "failed"])


class TestThreads(DatabaseCase):
    def test_many_threads_share_a_run(self) -> None:
        tracker = self.connect()
        failures: List[BaseException] = []

        def work(run: pt.Run) -> None:
            try:
                for _ in range(20):
                    run.add_counts(records=1)
            except BaseException as e:
                failures.append(e)

        with tracker.run("P") as run:
            threads = [threading.Thread(target=work, args=(run,)) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(tracker.totals("P").counts.records, 160)

    def test_a_thread_that_connects_and_ends_leaves_the_session_alive(self) -> None:
        made: List[pt.Tracker] = []
        thread = threading.Thread(target=lambda: made.append(self.connect()))
        thread.start()
        thread.join()
        with made[0].run("P"):
            pass

    def test_of_many_starts_at_once_one_gets_the_run(self) -> None:
        tracker = self.connect()
        outcomes: List[str] = []

        def start() -> None:
            try:
                tracker.start("P")
                outcomes.append("started")
            except pt.AlreadyRunning:
                outcomes.append("refused")

        threads = [threading.Thread(target=start) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(outcomes), ["refused"] * 7 + ["started"])


class TestDecoratorsAndCoroutines(DatabaseCase):
    def test_each_call_of_a_decorated_function_is_a_run(self) -> None:
        tracker = self.connect()

        @tracker.process("P", type="Load")
        def load(run: pt.Run, n: int) -> int:
            run.counts(inserts=n)
            return run.number

        self.assertEqual([load(3), load(4)], [1, 2])
        self.assertEqual(load.__name__, "load")
        self.assertEqual(tracker.totals("P").counts.inserts, 7)

    def test_a_decorated_function_shows_the_parameters_that_a_caller_gives(self) -> None:
        @pt.process("P", depends_on=(name for name in ["Parent"]))
        def load(run: pt.Run, day: str, *, fails: bool = False) -> str:
            return day

        self.assertEqual(list(inspect.signature(load).parameters), ["day", "fails"])
        self.assertEqual([load("a"), load("b")], ["a", "b"])  # both wait for the parent
        self.assertEqual(len(self.connect().call("registry.dependencies", process="P")["parents"]), 1)

    def test_coroutines_are_told_what_to_do(self) -> None:
        tracker = self.connect()

        async def load(run: pt.Run) -> None:
            pass

        async def block() -> None:
            async with tracker.run("P"):
                pass

        def rows(run: pt.Run):  # type: ignore[no-untyped-def]
            yield 1

        with self.assertRaisesRegex(TypeError, "asyncio.to_thread"):
            tracker.process("P")(load)
        with self.assertRaisesRegex(TypeError, "generator"):
            tracker.process("P")(rows)
        with self.assertRaisesRegex(TypeError, "asyncio.to_thread"):
            asyncio.run(block())
        self.assertEqual(list(tracker.runs()), [])

    def test_a_job_in_a_thread_of_a_loop_works(self) -> None:
        tracker = self.connect()

        def load() -> int:
            with tracker.run("P") as run:
                return run.number

        async def main() -> int:
            return await asyncio.get_running_loop().run_in_executor(None, load)

        self.assertEqual(asyncio.run(main()), 1)


if __name__ == "__main__":
    unittest.main()
