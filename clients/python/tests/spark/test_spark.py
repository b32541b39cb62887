"""The overview page's job on a real Spark session: as it stands on the page, and with the new API; killed, and started again.

Needs pyspark and Java. On SQLite, and on PostgreSQL where PROCESSTRACKER_TEST_POSTGRES_DSN names a server.
"""

from __future__ import annotations

import importlib.util
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Dict, List

import processtracker as pt

from ..fixtures import SOURCE, DatabaseCase, OnPostgres

HERE = Path(__file__).resolve().parent
CORE = "baseballdatabank-master_2018-03-28/baseballdatabank-master/core"


REQUIRED = bool(os.environ.get("PROCESSTRACKER_REQUIRE_SPARK"))  # or what is not there is skipped


@unittest.skipUnless(REQUIRED or importlib.util.find_spec("pyspark"), "needs pyspark")
@unittest.skipUnless(REQUIRED or shutil.which("java"), "needs Java")
class TestSparkOnSQLite(DatabaseCase):
    def setUp(self) -> None:
        super().setUp()
        self.home = self.directory / "home"
        (self.home / CORE).mkdir(parents=True)
        shutil.copy(HERE / "data" / "Teams.csv", self.home / CORE)
        self.work = self.directory / "work"
        self.work.mkdir()
        (self.work / "~").symlink_to(self.home)  # Spark takes a ~ for a directory's name
        self.tracker = self.connect()

    def start(self, job: str) -> subprocess.Popen[str]:
        """The job, which asks for a line when it has read its file."""
        started = subprocess.Popen(
            [sys.executable, "-u", str(HERE / job)],
            env={**os.environ, "PYTHONPATH": SOURCE, "HOME": str(self.home), "SPARK_LOCAL_IP": "127.0.0.1"},
            cwd=self.work,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(_end, started)
        return started

    def succeed(self, job: str) -> None:
        started = self.start(job)
        _, said = started.communicate("\n")
        self.assertEqual(started.returncode, 0, said)

    def kill_in_the_middle(self, job: str) -> None:
        """SIGKILL the driver while its run is active and its file is loading, and wait until its session has ended."""
        started = self.start(job)
        done = self.work / "teams" / "_SUCCESS"
        while not done.exists():  # the job's process is what there is to watch
            self.assertIsNone(started.poll(), "the job has ended early")
            select.select([], [], [], 0.05)
        session = os.pidfd_open(_session_of(started.pid))
        started.send_signal(signal.SIGKILL)
        started.wait()
        select.select([session], [], [])
        os.close(session)

    def teams(self) -> List[Dict[str, str]]:
        return [json.loads(line) for file in (self.work / "teams").glob("*.json") for line in file.read_text().splitlines()]

    def statuses(self) -> List[str]:
        return [r.status for r in self.tracker.runs(process="Lahman Teams Load", order="oldest first")]

    def test_the_job_as_it_stands_on_the_page(self) -> None:
        self.kill_in_the_middle("overview_job.py")
        self.assertEqual(self.statuses(), ["failed"])
        (error,) = self.tracker.errors(process="Lahman Teams Load")
        self.assertIn("without calling session.goodbye", error.description)
        (extract,) = self.tracker.extracts()
        self.assertEqual(extract.status, "initializing")  # as it was before

        self.succeed("overview_job.py")
        self.assertEqual(self.statuses(), ["failed", "completed"])
        (extract,) = self.tracker.extracts()
        self.assertEqual((extract.status, extract.path), ("loaded", str(self.home / CORE / "Teams.csv")))
        self.assertEqual((len(self.teams()), self.teams()[0]["name"]), (30, "Boston Red Sox"))
        run = next(self.tracker.runs(process="Lahman Teams Load"))
        self.assertEqual(run.actor, "New ProcessTracker User")

    def test_the_job_with_the_new_api(self) -> None:
        self.kill_in_the_middle("new_job.py")
        self.assertEqual([e.status for e in self.tracker.extracts()], ["ready"])

        self.succeed("new_job.py")
        self.assertEqual(self.statuses(), ["failed", "completed"])
        (extract,) = self.tracker.extracts()
        self.assertEqual((extract.status, extract.loaded), ("loaded", pt.Measures(count=30)))
        self.assertEqual(self.tracker.totals("Lahman Teams Load").counts.inserts, 30)


class TestSparkOnPostgres(OnPostgres, TestSparkOnSQLite):
    pass


def _session_of(driver: int) -> int:
    """The driver's session: its child that is a processtracker."""
    for task in Path(f"/proc/{driver}/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"processtracker" in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")[0]:
                return int(child)
    raise AssertionError(f"process {driver} has no session")


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()
    process.communicate()


if __name__ == "__main__":
    unittest.main()
