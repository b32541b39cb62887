"""Extracts, lists and the registry on a real tracker."""

from __future__ import annotations

import unittest

import processtracker as pt

from .fixtures import NOON, DatabaseCase


class TestExtracts(DatabaseCase):
    def test_a_load_claims_what_an_extract_wrote(self) -> None:
        tracker = self.connect()
        with tracker.run("Teams Extract") as run:
            for name in ("a.csv", "b.csv.gz", "c.json"):
                run.written(run.register(name, "/data", size=10), count=5, high=NOON)
        with tracker.run("Teams Load") as run:
            claimed = run.claim(10, process="Teams Extract", glob="*.csv*")
            self.assertEqual([f.path for f in claimed], ["/data/a.csv", "/data/b.csv.gz"])
            self.assertEqual([(f.file_type, f.compression, f.size) for f in claimed], [("csv", "", 10), ("csv", "gzip", 10)])
            self.assertEqual(claimed[0].written, pt.Measures(count=5, high=NOON))
            self.assertEqual(run.claim(10, glob="*.csv*"), [])
            for f in claimed:
                run.loaded(f, count=4)
        (loaded,) = tracker.extracts(name="a.csv")
        self.assertEqual((loaded.status, loaded.loaded.count), ("loaded", 4))
        self.assertEqual([e.name for e in tracker.extracts(status="ready")], ["c.json"])

    def test_what_a_failed_run_has_claimed_goes_back(self) -> None:
        tracker = self.connect()
        with tracker.run("E") as run:
            run.written(run.register("a.csv", "/data"))
        with self.assertRaises(ZeroDivisionError), tracker.run("L") as run:
            run.claim(1)
            print(1 // 0)
        self.assertEqual([e.status for e in tracker.extracts()], ["ready"])
        with self.assertRaises(ZeroDivisionError), tracker.run("L") as run:
            run.claim(1, on_failure="error")
            print(1 // 0)
        self.assertEqual([e.status for e in tracker.extracts()], ["error"])

    def test_several_extracts_are_moved_at_once(self) -> None:
        tracker = self.connect()
        with tracker.run("E") as run:
            files = run.register_extracts([pt.File(f"{n}.csv", "/data") for n in range(3)])
            run.set_extract_status("ready", files)
            with self.assertRaisesRegex(ValueError, "of one extract"):
                run.loaded(files, count=3)
            run.loaded(files)
        self.assertEqual({e.status for e in tracker.extracts()}, {"loaded"})

    def test_a_directory_is_listed(self) -> None:
        for name in ("a.csv", "b.csv"):
            (self.directory / "in").mkdir(exist_ok=True)
            (self.directory / "in" / name).write_text("x")
        tracker = self.connect()
        with tracker.run("E") as run:
            listing = run.list_location(str(self.directory / "in"))
            self.assertEqual((listing.new, listing.known), (2, 0))
            listing = run.list_location("s3://bucket/x", objects=[pt.ListedObject("c.csv", size=3, modified=NOON)])
            self.assertEqual((listing.new, listing.location.type), (1, "s3"))

    def test_an_extract_is_updated(self) -> None:
        tracker = self.connect()
        with tracker.run("E") as run:
            extract = run.register("a.csv", "/data")
            run.update_extract(extract, size=7, checksum="md5:1")
        (known,) = tracker.extracts(id=extract.id)
        self.assertEqual((known.size, known.checksum, known.file_type), (7, "md5:1", "csv"))


class TestLists(DatabaseCase):
    def test_lists_go_over_pages(self) -> None:
        tracker = self.connect()
        with tracker.run("E") as run:
            run.register_extracts([pt.File(f"{n}.csv", "/data") for n in range(1205)])
        self.assertEqual(len({e.id for e in tracker.extracts()}), 1205)
        self.assertEqual(len(list(tracker.extracts(limit=1100))), 1100)
        self.assertEqual(list(tracker.extracts(limit=0)), [])

    def test_the_history_says_what_happened(self) -> None:
        tracker = self.connect(actor="ada")
        with tracker.run("P"):
            pass
        changes = [(c.from_status, c.to_status, c.actor) for c in tracker.history(process="P")]
        self.assertIn(("running", "completed", "ada"), changes)

    def test_what_describes_data_is_read_back(self) -> None:
        tracker = self.connect()
        tracker.describe_attributes("Lahman", "Teams", [pt.Attribute("teamID", data_type="char", length=3, key=True)])
        self.assertEqual(tracker.attributes("Lahman", "Teams"), [pt.Attribute("teamID", data_type="char", length=3, key=True)])
        tracker.call("registry.register", process={"name": "P", "frequency": "daily"})
        self.assertEqual([p.name for p in tracker.processes(frequency="daily")], ["P"])
        self.assertIn("running", tracker.lookup_names("run status"))
        tracker.add_dependency("P", "Q", kind="hard")
        with self.assertRaisesRegex(pt.DependencyBlocked, "Q"):
            tracker.start("P")
        tracker.set_watermark("P", NOON, "loaded by hand")
        self.assertEqual(tracker.totals("P").watermark, NOON)

    def test_holds_and_soft_dependencies_are_read(self) -> None:
        tracker = self.connect(actor="ada")
        with tracker.run("P"):
            pass
        tracker.hold("P", "repairs")
        (held,) = tracker.processes(on_hold=True)
        assert held.hold is not None
        self.assertEqual((held.name, held.hold.by, held.hold.reason), ("P", "ada", "repairs"))
        tracker.add_dependency("Child", "Parent", kind="soft")
        with tracker.run("Parent"):
            (parent,) = tracker.start("Child").soft_dependencies
        self.assertEqual((parent.process, parent.kind, parent.run_number, parent.status), ("Parent", "soft", 1, "running"))

    def test_a_run_starts_from_the_watermark(self) -> None:
        tracker = self.connect()
        with tracker.run("P") as run:
            run.extend_range(high=NOON)
        self.assertEqual(tracker.start("P", from_watermark=True).low, NOON)


if __name__ == "__main__":
    unittest.main()
