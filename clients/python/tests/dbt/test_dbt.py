"""A dbt project, built by dbt itself as a run of `processtracker exec`, with its errors recorded by `processtracker import-dbt`.

Needs dbt-core and dbt-sqlite.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from ..fixtures import DatabaseCase, binary

HERE = Path(__file__).resolve().parent
REQUIRED = bool(os.environ.get("PROCESSTRACKER_REQUIRE_DBT"))  # or it is skipped where it is not installed


@unittest.skipUnless(REQUIRED or importlib.util.find_spec("dbt"), "needs dbt-core and dbt-sqlite")
class TestDbt(DatabaseCase):
    def build(self, **variables: str) -> subprocess.CompletedProcess[str]:
        build = 'dbt build; code=$?; "$PROCESSTRACKER_BIN" import-dbt; exit $code'
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [binary(), "exec", "--process", "Teams Build", "--tool", "dbt", "--share-run", "--", "sh", "-c", build],
            cwd=self.directory / "project",
            env={**os.environ, "PATH": path, "SHOP_DIRECTORY": str(self.directory), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_what_dbt_did_is_recorded_with_its_run(self) -> None:
        shutil.copytree(HERE / "project", self.directory / "project")
        tracker = self.connect()
        built = self.build()
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        self.assertEqual(self.only_run(tracker, "Teams Build").status, "completed")

        broken = self.build(BREAK="1")
        self.assertEqual(broken.returncode, 1, broken.stdout + broken.stderr)
        failed = next(tracker.runs(process="Teams Build", order="newest first"))
        self.assertEqual(failed.status, "failed")
        self.assertTrue(
            any(e.startswith("model.shop.winners: ") and "nonsense" in e for e in self.errors_of(tracker, failed.id)),
            self.errors_of(tracker, failed.id),
        )


if __name__ == "__main__":
    unittest.main()
