"""What comes of sessions that are too old, too new, dead or mad."""

from __future__ import annotations

import os
import stat
import threading
import unittest
from unittest import mock

import processtracker as pt

from .fixtures import FakeCase

GARBAGE = {
    "a line that is no JSON": r'raw("Segmentation fault\n")',
    "an array": r'raw("[1, 2]\n")',
    "a number": r'raw("17\n")',
    "bytes that are no text": r'sys.stdout.buffer.write(b"\xff\xfe\x00\n"); sys.stdout.buffer.flush()',
    "JSON that is nested 100,000 deep": r'raw("[" * 100000 + "\n")',
    "an answer to no call": r"say(id=99, result={})",
    "an answer with a text as its id": r'say(id="1", result={})',
    "an answer without result and error": r'say(id=call["id"])',
    "an answer with both": r'say(id=call["id"], result={}, error={})',
    "a result that is a list": r'say(id=call["id"], result=[])',
    "an error without an id": r'say(id=None, error=dict(code=-32700, message="no JSON"))',
    "a lease_lost without a run": r'say(method="run.lease_lost", params={})',
    "an error that is a text": r'say(id=call["id"], error="no")',
    "the call itself": r'raw(json.dumps(call) + "\n")',
}


class TestGarbage(FakeCase):
    def test_garbage_ends_the_connection_and_loses_its_runs(self) -> None:
        for what, misbehave in GARBAGE.items():
            with self.subTest(what):
                tracker = self.connect(
                    f"""
                    def answer(call):
                        if call["method"] == "run.heartbeat":
                            {misbehave}
                            return True
                    serve(answer)
                    """
                )
                run = tracker.start("P")
                with self.assertRaises(pt.ProtocolError) as caught:
                    run.heartbeat()
                self.assertIn("processtracker", str(caught.exception))
                self.assertTrue(run.lost.wait(60))
                with self.assertRaises(pt.ProtocolError):
                    run.check()
                with self.assertRaises(pt.ProtocolError):  # later calls do not hang
                    tracker.start("P")
                tracker.close()

    def test_a_line_of_100_mb_ends_the_connection(self) -> None:
        tracker = self.connect(
            """
            def answer(call):
                if call["method"] == "run.heartbeat":
                    raw('{"jsonrpc":"2.0","id":%d,"result":{"x":"' % call["id"])
                    for _ in range(100):
                        raw("x" * 1_000_000)
                    raw('"}}\\n')
                    return True
            serve(answer)
            """
        )
        with self.assertRaisesRegex(pt.ProtocolError, "more than 67108864 bytes"):
            tracker.start("P").heartbeat()

    def test_a_notification_of_a_newer_session_is_ignored(self) -> None:
        tracker = self.connect(
            """
            def answer(call):
                say(method="run.sings", params=dict(run_id=7))
            serve(answer)
            """
        )
        with tracker.run("P"):
            pass
        self.assertIn("run.complete", self.methods_heard())

    def test_fields_that_are_not_known_are_ignored(self) -> None:
        tracker = self.connect(
            """
            HELLO["mood"] = RUN["mood"] = "good"
            serve(lambda call: None)
            """
        )
        self.assertEqual(tracker.start("P").token, "secret")


class TestVersions(FakeCase):
    def test_a_program_without_sessions_is_too_old(self) -> None:
        with self.assertRaisesRegex(pt.Incompatible, 'too old.*unknown command "session".*go install'):
            self.connect("""sys.stderr.write('unknown command "session"\\n'); sys.exit(2)""")

    def test_a_program_that_speaks_newer_protocols_only_names_both_versions(self) -> None:
        with self.assertRaisesRegex(pt.Incompatible, r"version 9\.0 and speaks protocols \[2, 3\].*speaks \[1\]"):
            self.connect(
                """
                serve(lambda call: fail(call, "unsupported_protocol", code=-32002, protocols=[2, 3], version="9.0") or True)
                """
            )

    def test_a_program_that_answers_in_another_protocol_is_refused(self) -> None:
        with self.assertRaisesRegex(pt.Incompatible, "protocol 2.*pip install --upgrade"):
            self.connect("""HELLO["protocol"] = 2; serve(lambda call: None)""")

    def test_a_method_that_an_older_program_lacks_is_named(self) -> None:
        tracker = self.connect(
            """
            def answer(call):
                if call["method"] == "registry.processes":
                    fail(call, "method_not_found", "this version of processtracker has no method registry.processes", code=-32601)
                    return True
            serve(answer)
            """
        )
        with self.assertRaisesRegex(pt.Error, "registry.processes") as caught:
            list(tracker.processes())
        self.assertEqual(caught.exception.name, "method_not_found")


class TestDeath(FakeCase):
    def test_a_session_that_dies_in_a_call_says_how(self) -> None:
        tracker = self.connect(
            """
            def answer(call):
                if call["method"] == "run.heartbeat":
                    sys.stderr.write("panic: out of cheese\\n")
                    sys.stderr.flush()
                    os._exit(3)
            serve(answer)
            """
        )
        run = tracker.start("P")
        with self.assertRaisesRegex(pt.SessionEnded, "exit code 3 .panic: out of cheese") as caught:
            run.heartbeat()
        self.assertEqual(caught.exception.details["exit_code"], 3)
        self.assertTrue(run.lost.wait(60))

    def test_a_killed_session_is_noticed_without_a_call(self) -> None:
        tracker = self.connect("serve(lambda call: None)")
        run = tracker.start("P")
        os.kill(tracker._carrier._child.pid, 9)  # type: ignore[attr-defined]
        self.assertTrue(run.lost.wait(60))
        with self.assertRaisesRegex(pt.SessionEnded, "signal 9"):
            run.check()

    def test_a_session_that_never_greets_is_ended(self) -> None:
        with self.assertRaisesRegex(pt.ConnectionFailed, "no answer within 0.2 seconds"):
            self.connect("serve(lambda call: True)", start_timeout=0.2)

    def test_a_program_that_is_another_is_named(self) -> None:
        with self.assertRaisesRegex(pt.SessionEnded, "bin/true ended with exit code 0 and no answer; is that the processtracker"):
            pt.connect("fake:", binary="true")

    def test_a_program_that_ends_before_it_is_listened_to_is_noticed(self) -> None:
        start = threading.Thread.start

        def begin(thread: threading.Thread) -> None:
            start(thread)
            if thread.name == "processtracker-read":
                thread.join()  # it has seen the end before the next thread starts

        with mock.patch.object(threading.Thread, "start", begin), self.assertRaises(pt.SessionEnded):
            pt.connect("fake:", binary="true", start_timeout=1)

    def test_a_session_that_cannot_open_its_database_says_why(self) -> None:
        with self.assertRaisesRegex(pt.NotSetUp, "run setup") as caught:
            self.connect("""serve(lambda call: fail(call, "not_set_up", "run setup", code=17, have=0, want=2) or True)""")
        self.assertEqual(caught.exception.details["want"], 2)

    def test_an_exception_in_the_block_is_not_hidden_by_a_dead_session(self) -> None:
        tracker = self.connect("""serve(lambda call: os._exit(1) if call["method"] == "run.fail" else None)""")
        with self.assertLogs("processtracker", "ERROR"), self.assertRaises(ZeroDivisionError), tracker.run("P"):
            print(1 // 0)

    def test_a_database_that_is_away_for_a_while_keeps_the_connection(self) -> None:
        tracker = self.connect(
            """
            calls = []
            def answer(call):
                calls.append(call)
                if call["method"] == "run.heartbeat" and len(calls) < 4:
                    fail(call, "disconnected", "the server closed the connection", code=28)
                    return True
                if call["method"] == "run.heartbeat":
                    say(id=call["id"], result=dict(lease_until="2026-11-29T07:50:00.000000Z"))
                    return True
            serve(answer)
            """
        )
        run = tracker.start("P")
        with self.assertRaises(pt.ConnectionFailed):
            run.heartbeat()
        self.assertIsNotNone(run.heartbeat())
        self.assertFalse(run.lost.is_set())


class TestInterrupts(FakeCase):
    def test_ctrl_c_in_a_call_fails_the_run(self) -> None:
        tracker = self.connect(
            """
            def answer(call):
                if call["method"] == "run.heartbeat":
                    os.kill(os.getppid(), signal.SIGINT)
                    return True
            serve(answer)
            """
        )
        with self.assertRaises(KeyboardInterrupt), tracker.run("P") as run:
            run.heartbeat()
        self.assertEqual(self.methods_heard(), ["session.hello", "tracker.start", "run.heartbeat", "run.fail"])

    def test_a_run_whose_start_was_broken_off_is_failed_when_its_answer_comes(self) -> None:
        tracker = self.connect(
            """
            late = []
            def answer(call):
                if call["method"] == "tracker.start":
                    late.append(call)
                    os.kill(os.getppid(), signal.SIGINT)
                    return True
                if call["method"] == "tracker.run":
                    usual(late[0])
                if call["method"] == "run.fail":
                    usual(call)
                    return True
            serve(answer)
            """
        )
        with self.assertRaises(KeyboardInterrupt):
            tracker.start("P")
        tracker.call("tracker.run", run_id=1)  # the start's answer comes before this one's
        tracker.close()
        self.assertEqual(self.methods_heard(), ["session.hello", "tracker.start", "tracker.run", "run.fail", "session.goodbye"])


class TestFinding(FakeCase):
    def test_a_program_that_is_not_there_is_said_how_to_get(self) -> None:
        self.setenv(PATH=str(self.directory), PROCESSTRACKER_BIN=None)
        with self.assertRaisesRegex(pt.BinaryNotFound, "on PATH.*go install.*PROCESSTRACKER_BIN"):
            pt.connect("sqlite:x.db")

    def test_a_variable_that_names_no_program_is_named(self) -> None:
        self.setenv(PROCESSTRACKER_BIN="/nowhere/processtracker")
        with self.assertRaisesRegex(pt.BinaryNotFound, "PROCESSTRACKER_BIN is '/nowhere/processtracker'"):
            pt.connect("sqlite:x.db")

    def test_the_variable_comes_before_path(self) -> None:
        fake = self.fake("")
        on_path = self.directory / "processtracker"
        on_path.write_text("#!/bin/sh\n")
        on_path.chmod(stat.S_IRWXU)
        self.setenv(PATH=str(self.directory), PROCESSTRACKER_BIN=None)
        self.assertEqual(pt.find_binary(), str(on_path))
        self.setenv(PROCESSTRACKER_BIN=fake)
        self.assertEqual(pt.find_binary(), fake)
        self.assertEqual(pt.find_binary(str(on_path)), str(on_path))

    def test_a_program_that_cannot_be_run_is_named(self) -> None:
        broken = self.directory / "broken"
        broken.write_bytes(b"\x7fELF nonsense")
        broken.chmod(stat.S_IRWXU)
        with self.assertRaisesRegex(pt.ConnectionFailed, "cannot run .*broken"):
            pt.connect("sqlite:x.db", binary=str(broken))

    def test_a_dsn_and_a_url_at_once_are_refused(self) -> None:
        self.setenv(PROCESSTRACKER_DSN="sqlite:x.db", PROCESSTRACKER_URL="http://127.0.0.1:1")
        with self.assertRaisesRegex(pt.Invalid, "both set"):
            pt.connect()

    def test_the_dsn_is_not_an_argument_that_others_can_read(self) -> None:
        tracker = self.connect(
            """
            def answer(call):
                if call["method"] == "tracker.run":
                    say(id=call["id"], result=dict(argv=sys.argv[1:], dsn=os.environ["PROCESSTRACKER_DSN"]))
                    return True
            serve(answer)
            """
        )
        self.assertEqual(tracker.call("tracker.run"), {"argv": ["session"], "dsn": "fake:"})


if __name__ == "__main__":
    unittest.main()
