"""The same package over HTTP: a real server, and servers that misbehave."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Callable, Dict, List, Tuple

import processtracker as pt

from .fixtures import Case, DatabaseCase, binary

HELLO = {"protocol": 1, "version": "fake", "schema_version": 1, "database": "none", "actor": "a", "max_message": 1 << 24}
RUN = {"run_id": 7, "token": "secret", "process": "P", "number": 1, "started_at": "2026-11-29T07:50:00.000000Z", "lease": 60}


class TestServer(DatabaseCase):
    def setUp(self) -> None:
        super().setUp()
        tokens = self.directory / "tokens"
        tokens.write_text("airflow operator " + "o" * 40 + "\nreports reader " + "r" * 40 + "\n")
        tokens.chmod(0o600)
        server = subprocess.Popen(
            [binary(), "serve", "--listen", "127.0.0.1:0", "--tokens", str(tokens), "--lease", "1h"],
            env={**os.environ, "PROCESSTRACKER_DSN": self.dsn},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert server.stdout is not None
        self.addCleanup(server.communicate)
        self.addCleanup(server.terminate)
        said = ""
        for line in server.stdout:
            said += line
            if "127.0.0.1:" in line:
                port = line.split("127.0.0.1:")[1]
                self.url = "http://127.0.0.1:" + "".join(c for c in port[:6] if c.isdigit())
                break
        else:
            self.fail(f"the server says no address: {said}")
        self.setenv(PROCESSTRACKER_DSN=None, PROCESSTRACKER_URL=self.url, PROCESSTRACKER_TOKEN="o" * 40)

    def test_a_load_works_as_over_a_session(self) -> None:
        (self.directory / "in").mkdir()
        (self.directory / "in" / "a.csv").write_text("abc")
        with pt.connect() as tracker:
            with tracker.run("Teams Load", type="Load", sources=["Lahman"]) as run:
                run.register("Teams.csv", "/data", status="ready")
                for f in run.claim(10, glob="*.csv"):
                    run.loaded(f, count=3)
                self.assertEqual(run.list_location(str(self.directory / "in")).new, 1)
                run.counts(inserts=3)
            info = self.only_run(tracker, "Teams Load")
            self.assertEqual((info.status, info.actor, info.counts.inserts), ("completed", "airflow", 3))
            with self.assertRaises(ZeroDivisionError), tracker.run("Teams Load") as run:
                with self.assertRaises(pt.AlreadyRunning):
                    tracker.start("Teams Load")
                print(1 // 0)
            self.assertIn("ZeroDivisionError", self.errors_of(tracker, run.id)[0])
            run = tracker.start("P")
            tracker.resume(run.id, run.token).complete()

    def test_a_run_that_is_taken_is_noticed_by_the_heartbeat(self) -> None:
        tracker = pt.connect()
        self.addCleanup(tracker.close)
        with self.assertLogs("processtracker", "ERROR"), self.assertRaises(pt.LeaseLost), tracker.run("P", lease=0.3) as run:
            tracker.call("admin.reap", process="P", force=True, reason="gone")
            self.assertTrue(run.lost.wait(30))
            run.check()

    def test_roles_are_kept(self) -> None:
        tracker = pt.connect(token="r" * 40)
        self.addCleanup(tracker.close)
        self.assertEqual(list(tracker.runs()), [])
        with self.assertRaises(pt.Error) as caught:
            tracker.start("P")
        self.assertEqual(caught.exception.name, "forbidden")
        with self.assertRaises(pt.Error) as caught:
            pt.connect(token="x" * 40)
        self.assertEqual(caught.exception.name, "unauthenticated")

    def test_the_older_classes_work_too(self) -> None:
        with self.assertLogs("processtracker", "WARNING"):
            run = pt.ProcessTracker("P", actor_name="ada", source_name="Lahman")
        self.addCleanup(run.tracker.close)
        extract = pt.ExtractTracker(run, "a.csv", location_path="/data")
        extract.change_extract_status("loading")
        extract.change_extract_status("loaded")
        run.change_run_status("completed")
        self.assertEqual(run.actor_name, "airflow")

    def test_what_only_a_session_has_is_refused(self) -> None:
        with self.assertRaisesRegex(pt.Invalid, "actor.*token's"):
            pt.connect(actor="ada")


class TestFakeServers(Case):
    """answers are the status, headers and body of each request in turn."""

    def serve(self, answer: Callable[[str, Dict[str, Any]], Tuple[int, Dict[str, str], bytes]]) -> str:
        requests: List[Tuple[str, Dict[str, str]]] = []
        self.requests = requests

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                requests.append((self.path, dict(self.headers)))
                status, headers, text = answer(self.path, body)
                if status == 0:
                    return  # hang up
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *args: Any) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def connect(self, answer: Callable[[str, Dict[str, Any]], Tuple[int, Dict[str, str], bytes]]) -> pt.Tracker:
        tracker = pt.connect(self.serve(answer), token="t" * 40)
        self.addCleanup(tracker.close)
        return tracker

    @staticmethod
    def usual(path: str, body: Dict[str, Any]) -> Tuple[int, Dict[str, str], bytes]:
        answer = HELLO if path.endswith("session.hello") else RUN if path.endswith("tracker.start") else {}
        return 200, {}, json.dumps(answer).encode()

    @staticmethod
    def always(status: int, body: bytes) -> Callable[[str, Dict[str, Any]], Tuple[int, Dict[str, str], bytes]]:
        return lambda *_: (status, {}, body)

    def test_a_lost_answer_is_asked_for_again_by_the_same_key(self) -> None:
        lost: List[str] = []

        def answer(path: str, body: Dict[str, Any]) -> Tuple[int, Dict[str, str], bytes]:
            if path.endswith("tracker.start") and len(lost) < 2:
                lost.append(path)
                return (0, {}, b"") if len(lost) == 1 else (503, {"Retry-After": "0"}, b"<html>")
            return self.usual(path, body)

        with self.assertLogs("processtracker", "WARNING"):
            run = self.connect(answer).start("P")
        starts = [headers for path, headers in self.requests if path == "/v1/tracker.start"]
        self.assertEqual(len(starts), 3)
        self.assertEqual(len({h["Idempotency-Key"] for h in starts}), 1)
        self.assertEqual({h["Authorization"] for h in starts}, {"Bearer " + "t" * 40})
        run.complete()
        self.assertEqual(self.requests[-1][1]["Processtracker-Run-Token".title()], "secret")

    def test_a_redirect_is_not_followed(self) -> None:
        def answer(path: str, body: Dict[str, Any]) -> Tuple[int, Dict[str, str], bytes]:
            return (302, {"Location": "/elsewhere"}, b"") if path.endswith("start") else self.usual(path, body)

        tracker = self.connect(answer)
        with self.assertRaisesRegex(pt.ProtocolError, "302"):
            tracker.start("P")
        self.assertNotIn("/elsewhere", [path for path, _ in self.requests])

    def test_what_is_no_processtracker_server_is_told(self) -> None:
        for status, body in ((200, b"<html>"), (404, b"<html>"), (200, b"[]")):
            with self.subTest(status=status, body=body), self.assertRaises(pt.ProtocolError):
                self.connect(self.always(status, body))

    def test_versions_are_compared(self) -> None:
        problem = {"code": -32002, "name": "unsupported_protocol", "detail": "no", "details": {"protocols": [2]}}
        with self.assertRaisesRegex(pt.Incompatible, r"protocols \[2\]"):
            self.connect(lambda *_: (400, {}, json.dumps(problem).encode()))

    def test_a_server_that_is_not_there_is_told(self) -> None:
        with self.assertRaisesRegex(pt.ConnectionFailed, "127.0.0.1:1 cannot be reached"):
            pt.connect("http://127.0.0.1:1")

    def test_a_server_out_of_reach_for_a_lease_loses_the_run(self) -> None:
        def answer(path: str, body: Dict[str, Any]) -> Tuple[int, Dict[str, str], bytes]:
            if path.endswith("tracker.start"):
                return 200, {}, json.dumps({**RUN, "lease": 0.3}).encode()
            if path.endswith("run.heartbeat"):
                return 502, {}, b""
            return self.usual(path, body)

        tracker = self.connect(answer)
        with self.assertLogs("processtracker", "ERROR"):
            run = tracker.start("P")
            self.assertTrue(run.lost.wait(30))
        with self.assertRaisesRegex(pt.LeaseLost, "out of reach"):
            run.check()


if __name__ == "__main__":
    unittest.main()
