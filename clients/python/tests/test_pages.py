"""The Python on the pages of the documentation."""

from __future__ import annotations

import re
import unittest

from .fixtures import ROOT, DatabaseCase

OURS = "<!-- not run: clients/python/tests/test_pages.py runs it -->"


class TestPages(DatabaseCase):
    def test_the_python_of_the_pages_runs(self) -> None:
        ran = 0
        for page in (ROOT / "docs" / "python.md", ROOT / "docs" / "from-python.md", ROOT / "clients" / "python" / "README.md"):
            for mark, code in re.findall(r"^([^\n]*)\n```python\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE):
                if mark != OURS:
                    continue
                ran += 1
                with self.subTest(page=page.name, code=code):
                    self.setenv(PROCESSTRACKER_DSN=self.database())
                    program = self.program(code)
                    _, said = program.communicate()
                    self.assertEqual((program.returncode, said), (0, ""))
        self.assertGreater(ran, 5)


if __name__ == "__main__":
    unittest.main()
