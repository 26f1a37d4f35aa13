"""How the live answer's figures are counted."""

import unittest

from eval.run_live import figures_of, judge, quantile, table


def row(kind="positive", track="a"):
    return {"cell": "clean", "kind": kind, "track": track, "also_track": ""}


def answer(matches=(), search=()):
    return {"matches": [[*m, 0.9, 0.0] for m in matches], "search": list(search), "milliseconds": 10}


class LiveFigures(unittest.TestCase):
    def test_the_first_right_match_counts_and_wrong_ones_are_counted(self):
        outcome = judge(row(), answer([(1.0, "b"), (2.5, "a")], ("a", 0.9)))
        self.assertEqual((outcome["needed"], outcome["wrong"], outcome["search_right"]), (2.5, 1, True))

    def test_a_search_below_its_threshold_has_no_answer(self):
        outcome = judge(row("negative"), answer(search=("a", 0.49)))
        self.assertFalse(outcome["search_wrong"])
        self.assertTrue(judge(row("negative"), answer(search=("a", 0.5)))["search_wrong"])

    def test_any_match_of_a_stranger_is_a_false_alarm(self):
        figures = figures_of([judge(row("negative"), answer([(1.0, "a")])), judge(row("negative"), answer())])
        self.assertEqual((figures["false_alarms"], figures["strangers"]), (1, 2))

    def test_a_clip_that_is_never_named_is_later_than_any(self):
        self.assertEqual(quantile([1.0, 2.0, None], 0.5), 2.0)
        self.assertIsNone(quantile([1.0, None, None], 0.5))
        self.assertIsNone(quantile([], 0.5))

    def test_the_table_leaves_empty_what_a_cell_does_not_have(self):
        text = table({"only_speech": figures_of([judge(row("negative"), answer())])})
        self.assertIn("| only_speech |  |  |  |  | 0 of 1 | 0 | 10 ms |", text)


if __name__ == "__main__":
    unittest.main()
