"""The DAG of docs/python.md, run by Airflow itself: `airflow dags test` twice for one day.

Needs apache-airflow 3.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import unittest
from pathlib import Path

from ..fixtures import SOURCE, DatabaseCase

HERE = Path(__file__).resolve().parent
REQUIRED = bool(os.environ.get("PROCESSTRACKER_REQUIRE_AIRFLOW"))  # or it is skipped where it is not installed


@unittest.skipUnless(REQUIRED or importlib.util.find_spec("airflow"), "needs apache-airflow")
class TestAirflow(DatabaseCase):
    def airflow(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            cwd=self.directory,
            env={
                **os.environ,
                "PYTHONPATH": SOURCE,
                "HOME": str(self.directory),
                "AIRFLOW_HOME": str(self.directory / "airflow"),
                "AIRFLOW__CORE__DAGS_FOLDER": str(HERE),
                "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_a_day_is_loaded_once(self) -> None:
        self.airflow("db", "migrate")
        tracker = self.connect()
        for again in (False, True):
            with self.subTest(again=again):
                self.airflow("dags", "test", "teams", "2026-11-28", "--dagfile-path", str(HERE / "teams_dag.py"))
                self.assertEqual([(r.process, r.name, r.status) for r in tracker.runs(order="oldest first")],
                                 [("Teams Extract", "2026-11-28", "completed"), ("Teams Load", "2026-11-28", "completed")])  # fmt: skip
        (loaded,) = tracker.extracts()
        self.assertEqual((loaded.name, loaded.status), ("Teams-2026-11-28.csv", "loaded"))


if __name__ == "__main__":
    unittest.main()
