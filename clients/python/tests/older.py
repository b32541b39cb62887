"""What tests of the older implementation's classes share."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple, Type

import processtracker as pt
from processtracker import ExtractTracker, ProcessTracker

from .fixtures import DatabaseCase


class Older(DatabaseCase):
    """A test with a process's run and an extract of the older classes."""

    def setUp(self) -> None:
        super().setUp()
        self.tracker = self.connect()

    def run_of(self, name: str = "Teams Load", **more: Any) -> ProcessTracker:
        made = ProcessTracker(process_name=name, **more)
        self.addCleanup(made.tracker.close)
        return made

    def extract_of(self, run: ProcessTracker, name: str = "Teams.csv", **more: Any) -> ExtractTracker:
        return ExtractTracker(run, name, location_path=str(self.directory), **more)

    def definition(self, name: str = "Teams Load") -> pt.Process:
        return self.tracker.definition(name)

    def rows(self, table: Dict[str, Callable[[], Tuple[Any, Any]]]) -> None:
        """Each row has a function that gives what there is and what there should be."""
        for row, make in table.items():
            with self.subTest(row):
                self.assertEqual(*make())

    def refused(self, table: Dict[str, Tuple[Callable[[], Any], Type[Exception], str]]) -> None:
        """Each row raises an error, which says what to use instead."""
        for row, (make, error, says) in table.items():
            with self.subTest(row), self.assertRaisesRegex(error, says):
                make()
