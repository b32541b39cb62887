"""Trackers for tests: real ones on a database of their own, and sessions that misbehave as told."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import unittest
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Dict, List, Optional

import processtracker as pt

logging.getLogger("processtracker").addHandler(logging.NullHandler())  # what is logged is looked at, and not shown

ROOT = Path(__file__).resolve().parents[3]
# Tomorrow's noon: later than everything that a test does, on whatever day it runs.
NOON = datetime.now(timezone.utc).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
SOURCE = str(Path(__file__).resolve().parents[1] / "src")


def binary() -> str:
    """The program to test: PROCESSTRACKER_BIN, or the one that `make build` made."""
    return os.environ.get("PROCESSTRACKER_BIN") or str(ROOT / "bin" / "processtracker")


class Case(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self) -> None:
        self.directory = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        # Whoever runs the tests may ignore Ctrl-C, as a shell does for what it runs in the background, and programs inherit that.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))

    def setenv(self, **variables: Optional[str]) -> None:
        for name, value in variables.items():
            self.addCleanup(_put, name, os.environ.get(name))
            _put(name, value)


class DatabaseCase(Case):
    """A test with a database that is set up, and connections to it."""

    def setUp(self) -> None:
        super().setUp()
        self.setenv(PROCESSTRACKER_BIN=binary(), PROCESSTRACKER_URL=None, PROCESSTRACKER_RUN=None)
        self.dsn = self.database()
        self.setenv(PROCESSTRACKER_DSN=self.dsn)

    def database(self) -> str:
        file = self.directory / "tracker.db"
        shutil.copy(_template(), file)  # one that is there is made anew
        return f"sqlite:{file}"

    def connect(self, **options: object) -> pt.Tracker:
        tracker = pt.connect(self.dsn, **options)  # type: ignore[arg-type]
        self.addCleanup(tracker.close)
        return tracker

    def program(self, text: str) -> subprocess.Popen[str]:
        """A program of its own that uses the package."""
        return subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(text)],
            env={**os.environ, "PYTHONPATH": SOURCE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def only_run(self, tracker: pt.Tracker, process: str) -> pt.RunInfo:
        (run,) = tracker.runs(process=process)
        return run

    def errors_of(self, tracker: pt.Tracker, run_id: int) -> List[str]:
        return [e.description for e in tracker.errors(run_id=run_id)]


POSTGRES = os.environ.get("PROCESSTRACKER_TEST_POSTGRES_DSN", "")


@unittest.skipUnless(POSTGRES, "needs a PostgreSQL server in PROCESSTRACKER_TEST_POSTGRES_DSN")
class OnPostgres(DatabaseCase):
    """The same in a schema of its own on a PostgreSQL server."""

    def database(self) -> str:
        schema = f"pt_python_{uuid.uuid4().hex[:12]}"
        dsn = f"{POSTGRES}{'&' if '?' in POSTGRES else '?'}schema={schema}"
        psql = shutil.which("psql")
        if psql:  # or it is left to whoever started the server
            drop = [psql, "-qX", POSTGRES, "-c", f'SET client_min_messages = error; DROP SCHEMA IF EXISTS "{schema}" CASCADE']
            self.addCleanup(subprocess.run, drop, check=True)
        setup(dsn)
        return dsn


def setup(dsn: str) -> None:
    subprocess.run([binary(), "setup"], check=True, env={**os.environ, "PROCESSTRACKER_DSN": dsn}, stdout=subprocess.DEVNULL)


_made: Dict[str, Path] = {}


def _template() -> Path:
    """A file that is set up once, and copied for each test."""
    if "file" not in _made:
        directory = tempfile.mkdtemp()
        _made["file"] = Path(directory) / "template.db"
        setup(f"sqlite:{_made['file']}")
        unittest.addModuleCleanup(_forget, directory)
    return _made["file"]


def _forget(directory: str) -> None:
    _made.clear()
    shutil.rmtree(directory, ignore_errors=True)


def _put(name: str, value: Optional[str]) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


_FAKE = """#!{python}
import json, os, signal, sys

def say(**message):
    sys.stdout.write(json.dumps(dict(jsonrpc="2.0", **message)) + "\\n")
    sys.stdout.flush()

def raw(text):
    sys.stdout.write(text)
    sys.stdout.flush()

def fail(call, name, message="failed", code=1, **details):
    say(id=call["id"], error=dict(code=code, message=message, data=dict(name=name, details=details)))

HELLO = dict(protocol=1, version="fake", schema_version=1, database="none", actor="ada", max_message=1 << 24, methods=[])
RUN = dict(run_id=7, token="secret", process="P", number=1, started_at="2026-11-29T07:50:00.123000Z", low=None, lease=60,
           soft_dependencies=[])
heard = open({heard!r}, "a")

def usual(call):
    method = call["method"]
    if method == "session.hello":
        say(id=call["id"], result=HELLO)
    elif method == "tracker.start":
        say(id=call["id"], result=RUN)
    elif method == "session.goodbye":
        say(id=call["id"], result=dict(left=[]))
        sys.exit(0)
    else:
        say(id=call["id"], result={{}})

def serve(answer):
    for line in sys.stdin:
        call = json.loads(line)
        heard.write(call["method"] + "\\n")
        heard.flush()
        if not answer(call):
            usual(call)

{scenario}
"""


class FakeCase(Case):
    """A test with a session that does what a scenario says: a Python program that has the functions above."""

    def fake(self, scenario: str) -> str:
        self.heard = self.directory / "heard"
        path = self.directory / f"processtracker-{uuid.uuid4().hex}"
        path.write_text(_FAKE.format(python=sys.executable, heard=str(self.heard), scenario=textwrap.dedent(scenario)))
        path.chmod(0o755)
        return str(path)

    def connect(self, scenario: str, **options: object) -> pt.Tracker:
        tracker = pt.connect("fake:", binary=self.fake(scenario), **options)  # type: ignore[arg-type]
        self.addCleanup(tracker.close)
        return tracker

    def methods_heard(self) -> List[str]:
        return self.heard.read_text().split()
