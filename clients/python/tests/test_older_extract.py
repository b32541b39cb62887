"""Finders and ExtractTracker of the older implementation, a test for each row of what they had (docs/from-python.md)."""

from __future__ import annotations

import os
import unittest
from datetime import timedelta
from typing import Any, Optional

import processtracker as pt
from processtracker import ExtractTracker, LocationTracker, ProcessTracker

from .fixtures import NOON
from .older import Older


class TestFinders(Older):
    def setUp(self) -> None:
        super().setUp()
        self.writer = self.run_of("Extract", source_objects={"Lahman": ["Teams"]}, dataset_types="sports")
        for name in ("Teams_2018.csv", "Teams_2019.csv", "Batting.csv"):
            self.extract_of(self.writer, name, location_name="Databank", status="ready")
        self.extract_of(self.writer, "New.csv")

    def test_finders_give_extracts(self) -> None:
        def names(found: Any) -> Any:
            self.assertTrue(all(isinstance(e, ExtractTracker) for e in found))
            return [e.filename for e in found]

        run, here = self.run_of(), str(self.directory)
        ready = ["Teams_2018.csv", "Teams_2019.csv", "Batting.csv"]
        self.rows(
            {
                "19 by a part of the name": lambda: (names(run.find_extracts_by_filename("Teams_")), ready[:2]),
                "19 by a status": lambda: (names(run.find_extracts_by_filename("New", status="initializing")), ["New.csv"]),
                "19 a part has no wildcards": lambda: (names(run.find_extracts_by_filename("%")), []),
                "20 by a location's name": lambda: (names(run.find_extracts_by_location("Databank")), ready),
                "20 by its path": lambda: (names(run.find_extracts_by_location(location_path=here)), ready),
                "21 by a process": lambda: (names(run.find_extracts_by_process("Extract")), ready),
                "21 of any status": lambda: (names(run.find_extracts_by_process("Extract", None)), [*ready, "New.csv"]),
            }
        )
        with self.assertRaisesRegex(pt.Invalid, "give one"):
            run.find_extracts_by_location()

    def test_22_a_directory_is_registered(self) -> None:
        (self.directory / "in").mkdir()
        (self.directory / "in" / "a.csv").write_text("x")
        run = self.run_of()
        run.register_extracts_by_location(str(self.directory / "in"), "Inbox")
        self.assertEqual([e.filename for e in run.find_extracts_by_location("Inbox")], ["a.csv"])

    def test_23_several_extracts_change_at_once_or_not_at_all(self) -> None:
        run = self.run_of()
        found = run.find_extracts_by_location("Databank")
        ProcessTracker.bulk_change_extract_status(found, "loading")
        ProcessTracker.bulk_change_extract_status([], "loaded")
        self.assertEqual({e.status for e in found}, {"loading"})
        self.assertEqual(len(list(self.tracker.extracts(status="loading"))), 3)
        child, parent = self.extract_of(run, "child"), self.extract_of(run, "parent")
        child.add_dependency("parent", parent)
        with self.assertRaises(pt.DependencyBlocked):
            run.bulk_change_extract_status([found[0], child], "loading")
        ProcessTracker.bulk_change_extract_status([child, parent], "loading")  # both at once

    def test_24_contacts(self) -> None:
        self.tracker.call("registry.add_process_contact", process="Extract", contact={"name": "Ada", "email": "a@example.com"})
        self.tracker.call("registry.add_system_contact", system="Lahman", contact={"name": "Desk"})
        expected = [
            {"contact_name": "Ada", "contact_email": "a@example.com", "contact_type": "process"},
            {"contact_name": "Desk", "contact_email": "", "contact_type": "source"},
        ]
        process_id = next(self.tracker.processes(name="Extract")).id
        for given in (None, "Extract", process_id):
            with self.subTest(given):
                self.assertEqual(self.writer.find_process_contacts(given), expected)
        with self.assertRaisesRegex(pt.Invalid, "give its name"):
            self.writer.find_process_contacts(999)

    def test_25_26_27_attributes_and_filters(self) -> None:
        for system in ("Lahman", "W"):
            self.tracker.describe_attributes(
                system, "Teams", [pt.Attribute("teamID", key=True), pt.Attribute("name"), pt.Attribute("year", partition=True)]
            )
        attribute = pt.DataRef("Lahman", "Teams", "year")
        self.tracker.call("registry.describe_system", system={"name": "W", "type": "Database"})
        self.tracker.call(
            "registry.register",
            process={
                "name": "Teams Load",
                "filters": [pt.RowFilter(attribute, "gte", ["1990"]), pt.RowFilter(attribute, "not", ["draft"])],
            },
        )
        run = self.run_of(source_objects={"Lahman": "Teams"}, target_object_attributes={"W": {"Teams": ["teamID"]}})
        sources = run.find_process_source_attributes()
        self.assertCountEqual([a["source_object_attribute_name"] for a in sources], ["name", "teamID", "year"])
        self.assertEqual(
            run.find_process_target_attributes(),
            [
                {
                    "target_name": "W", "target_type": "Database", "target_object_name": "Teams",
                    "target_object_attribute_name": "teamID", "is_key": True, "is_filter": False, "is_partition": False,
                }
            ],
        )  # fmt: skip
        filters = [
            (f["filter_type_code"], f["filter_value_numeric"], f["filter_value_string"]) for f in run.find_process_filters()
        ]
        self.assertEqual(filters, [("gte", 1990, None), ("not", None, "draft")])

    def test_28_processes_of_a_frequency(self) -> None:
        self.run_of("Daily", schedule_frequency="daily")
        (found,) = self.writer.find_process_by_schedule_frequency("daily")
        self.assertEqual((found, found.process_name), (next(self.tracker.processes(name="Daily")).id, "Daily"))


class TestExtract(Older):
    def setUp(self) -> None:
        super().setUp()
        self.load = self.run_of(sources="Lahman", dataset_types=["sports"])

    def stored(self, extract: ExtractTracker) -> pt.Extract:
        (stored,) = self.tracker.extracts(id=extract.extract_id)
        return stored

    def test_what_an_extract_is_registered_with(self) -> None:
        def made(name: str, **more: Any) -> pt.Extract:
            return self.stored(self.extract_of(self.load, name, **more))

        def size(given: Any) -> Optional[int]:
            return made(f"size {given}", file_size=given).size

        location = LocationTracker("/elsewhere", "Elsewhere")
        self.rows(
            {
                "31 the status": lambda: (made("31").status, "initializing"),
                "31 another status": lambda: (made("31b", status="ready").status, "ready"),
                "31 a location": lambda: (ExtractTracker(self.load, "31c", location).full_filename, "/elsewhere/31c"),
                "31 one that exists": lambda: (made("31").id, made("31").id),
                "31 one that exists, with a status": lambda: (made("31", status="ready").status, "ready"),
                "31 the same name elsewhere": lambda: (
                    ExtractTracker(self.load, "31", location).extract_id != made("31").id,
                    True,
                ),
                "32 the type by the ending": lambda: (made("32.csv").file_type, "csv"),
                "32 the type that is given": lambda: (made("32", filetype="parquet").file_type, "parquet"),
                "33 the compression by the ending": lambda: (made("33.csv.gz").compression, "gzip"),
                "33 the compression that is given": lambda: (made("33", compression_type="zip").compression, "zip"),
                "36 bytes": lambda: (size(2048), 2048),
                "36 digits behind the point count": lambda: (size("2.5 KB"), 2560),
                "36 gigabytes": lambda: (size("2.2GB"), round(2.2 * (1 << 30))),
            }
        )
        self.refused(
            {
                "31 nothing": (lambda: ExtractTracker(self.load), pt.Invalid, "filename and location_path"),
                "35 an id that there is not": (lambda: ExtractTracker(self.load, extract_id=999), pt.NotFound, "999"),
                "36 no size": (lambda: self.extract_of(self.load, "x", file_size="large"), pt.Invalid, "2.2GB"),
            }
        )

    def test_35_an_extract_is_taken_up_again(self) -> None:
        extract = self.extract_of(self.load)
        again = ExtractTracker(self.load, extract_id=extract.extract_id)
        self.assertEqual((again.filename, again.full_filename), ("Teams.csv", extract.full_filename))

    def test_37_38_an_extract_loads_after_its_parents(self) -> None:
        extract = self.extract_of(self.load)
        parent, child = self.extract_of(self.load, "parent"), self.extract_of(self.load, "child")
        extract.add_dependency("parent", parent)
        extract.add_dependency("child", child)
        for blocked in (extract, child):
            with self.assertRaises(pt.DependencyBlocked):
                blocked.change_extract_status("loading")
        for e in (parent, extract, child):
            e.change_extract_status("loading")
            e.change_extract_status("loaded")
        self.assertEqual(self.stored(child).status, "loaded")
        with self.assertRaisesRegex(pt.Invalid, "parent or child"):
            extract.add_dependency("sibling", child)

    def test_40_41_what_was_written_and_loaded(self) -> None:
        extract = self.extract_of(self.load)
        extract.set_extract_record_count(7)
        extract.set_extract_record_count(9, "write")
        extract.set_extract_low_high_dates(NOON, NOON + timedelta(hours=1))
        extract.set_extract_low_high_dates(NOON, None, audit_type="write")
        stored = self.stored(extract)
        self.assertEqual(stored.loaded, pt.Measures(7, NOON, NOON + timedelta(hours=1)))
        self.assertEqual(stored.written, pt.Measures(9, NOON))
        with self.assertRaisesRegex(pt.Invalid, "load or write"):
            extract.set_extract_record_count(1, "read")

    def test_42_to_45_what_an_extract_says_of_itself(self) -> None:
        extract = self.extract_of(self.load, location_name="Databank")
        full = os.path.join(self.directory, "Teams.csv")
        self.rows(
            {
                "42 full_filename": lambda: (extract.full_filename, full),
                "42 full_filepath": lambda: (extract.full_filepath(), full),
                "42 get_full_filename": lambda: (extract.get_full_filename("/x"), "/x/Teams.csv"),
                "43 dataset types": lambda: (extract.get_dataset_types(), ["sports"]),
                "44 sources": lambda: (extract.sources, ["Lahman"]),
                "44 source objects": lambda: (extract.source_objects, {}),
                "location": lambda: ((extract.location.location_name, extract.location_name), ("Databank",) * 2),
                "statuses": lambda: ("archived" in extract.get_extract_status_types(), True),
                "filetype": lambda: (extract.filetype, "csv"),
            }
        )
        self.refused(
            {
                "34 the delimiter of a file type": (lambda: extract.delimiter_char, AttributeError, "no delimiter_char"),
                "39 the dependency's type": (lambda: extract.dependency_type_id, AttributeError, "no dependency_type_id"),
                "extract_dependency_check": (
                    lambda: extract.extract_dependency_check(),
                    AttributeError,
                    "DependencyBlocked",
                ),
                "session": (lambda: extract.session, AttributeError, "tracker"),
                "file_size_splitter": (lambda: extract.file_size_splitter("2.2GB"), AttributeError, "bytes"),
                "register_extract_sources": (lambda: extract.register_extract_sources(), AttributeError, "process"),
            }
        )

    def test_locations(self) -> None:
        cases = [
            ("s3://bucket/in", None, "s3", "bucket"),
            ("/data/s3-copies", None, "local", None),  # an s3 in a path is no S3
            ("/Data/In", "Inbox", "local", None),
        ]
        for path, name, kind, bucket in cases:
            with self.subTest(path):
                made = LocationTracker(path, name)
                self.assertEqual((made.location_path, made.location_type, made.location_bucket_name), (path, kind, bucket))
                self.assertTrue(made.location_name)
        made.register_file_count(12)
        self.assertEqual(self.tracker.call("registry.location", path="/Data/In")["location"]["file_count"], 12)
        self.assertEqual((made.derive_location_name(), made.derive_location_type()), ("Inbox", "local"))
        self.refused(
            {
                "data_store": (lambda: LocationTracker("/x", data_store=object()), pt.Invalid, "PROCESSTRACKER_DSN"),
                "session": (lambda: made.session, AttributeError, "no session"),
            }
        )


if __name__ == "__main__":
    unittest.main()
