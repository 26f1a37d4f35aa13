"""How two series compare, and what a run keeps."""

import json
import tempfile
import unittest
from pathlib import Path

from bench import series
from bench.series import Series


def one(before, after, unit="ms"):
    """The comparison of a single benchmark."""
    (found,) = series.compare({"it": Series(unit, before)}, {"it": Series(unit, after)})
    return found


class Verdict(unittest.TestCase):
    def test_what_stays_within_five_percent_is_the_same(self):
        for after in ([10, 10, 10], [10.4, 10.5, 10.4], [9.6, 9.7, 9.6]):
            self.assertEqual(one([10, 10, 10], after).verdict, "same", after)

    def test_what_grew_by_more_is_worse(self):
        found = one([10, 10, 10, 10], [10.6, 10.7, 10.8, 10.9])
        self.assertEqual(found.verdict, "worse")
        self.assertAlmostEqual(found.ratio, 1.075)
        self.assertLess(found.low, found.ratio)
        self.assertGreater(found.high, found.ratio)

    def test_what_shrank_by_more_is_better(self):
        self.assertEqual(one([10, 10, 10], [9, 9.1, 9.2]).verdict, "better")

    def test_rounds_that_disagree_decide_nothing(self):
        found = one([10, 10, 10, 10, 10], [8, 9, 12, 13, 14])
        self.assertGreater(found.ratio, series.MOST_GROWTH)
        self.assertEqual(found.verdict, "unclear")

    def test_one_round_of_many_may_be_disturbed(self):
        self.assertEqual(one([10, 10, 10, 10, 10], [10, 10, 90, 10, 10]).verdict, "same")
        self.assertEqual(one([10, 10, 90, 10, 10], [12, 12, 12, 12, 12]).verdict, "worse")

    def test_load_on_both_sides_of_a_round_is_no_change(self):
        self.assertEqual(one([10, 50, 11, 90], [10, 51, 11, 89]).verdict, "same")

    def test_one_round_is_enough_for_a_ratio(self):
        found = one([10], [20])
        self.assertEqual((found.ratio, found.low, found.high, found.verdict), (2, 2, 2, "worse"))


class Sides(unittest.TestCase):
    def test_rounds_are_collected_by_name(self):
        found = {}
        series.add(found, {"a": (1, "ms"), "b": (2, "MB")})
        series.add(found, {"a": (3, "ms"), "b": (2, "MB")})
        self.assertEqual((found["a"].values, found["a"].median, found["b"].unit), ([1, 3], 2, "MB"))

    def test_only_what_both_have_is_compared(self):
        before = {"a": Series("ms", [1]), "gone": Series("ms", [1])}
        after = {"a": Series("ms", [1]), "new": Series("ms", [1])}
        self.assertEqual([found.name for found in series.compare(before, after)], ["a"])
        self.assertEqual(series.only_in_one(before, after), (["gone"], ["new"]))

    def test_nothing_has_no_ratio(self):
        self.assertEqual(series.compare({"a": Series("ms", [0])}, {"a": Series("ms", [1])}), [])

    def test_other_rounds_cannot_be_paired(self):
        with self.assertRaisesRegex(ValueError, "a: 2 rounds before, 1 after"):
            series.compare({"a": Series("ms", [1, 2])}, {"a": Series("ms", [1])})


class Record(unittest.TestCase):
    def test_keeps_where_when_what_and_every_value(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "runs", "one.json")
            series.write(path, series.record({"a": Series("ms", [1, 2, 6])}, commit="abc", rounds=3))
            kept = json.loads(path.read_text())
        self.assertEqual((kept["format"], kept["commit"], kept["rounds"]), (series.FORMAT, "abc", 3))
        self.assertRegex(kept["date"], r"^\d{4}-\d\d-\d\dT[\d:]{8}\+00:00$")
        self.assertLessEqual({"processor", "cores", "memory_mb", "kernel", "load"}, set(kept["machine"]))
        self.assertEqual(
            kept["benchmarks"], {"a": {"unit": "ms", "median": 2, "quartiles": [1.5, 4], "values": [1, 2, 6]}}
        )


if __name__ == "__main__":
    unittest.main()
