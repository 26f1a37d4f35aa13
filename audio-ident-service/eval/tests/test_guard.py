"""When the guard lets a change pass, and when not."""

import json
import unittest

from eval import guard

RECORDED = {"positives": 276, "right": 274, "accepted": 263, "negatives": 156, "alarms": 0, "errors": 0}


class Guard(unittest.TestCase):
    def worse(self, **changed):
        return guard.worse({**RECORDED, **changed}, RECORDED)

    def test_the_recorded_figures_and_better_ones_pass(self):
        self.assertEqual(self.worse(), [])
        self.assertEqual(self.worse(right=276, accepted=276), [])

    def test_what_chance_explains_passes(self):
        self.assertEqual(self.worse(right=272, accepted=257, alarms=2), [])

    def test_each_figure_fails_alone(self):
        self.assertIn("right: 265 of 276", self.worse(right=265)[0])
        self.assertIn("accepted: 240 of 276", self.worse(accepted=240)[0])
        self.assertIn("alarms: 8 of 156", self.worse(alarms=8)[0])
        self.assertIn("error", self.worse(errors=1)[0])

    def test_the_record_fits_the_cells(self):
        cells = json.loads(guard.RECORD.read_text())["cells"]
        self.assertEqual(set(cells), {c.name for c in guard.guard_cells()})
        self.assertTrue(all(f["negatives"] == guard.NEGATIVES for f in cells.values()))


if __name__ == "__main__":
    unittest.main()
