import unittest

from eval.kit import compare, score, stats
from eval.kit.systems import Answer, Match


def positive(**changes):
    return {
        "cell": "clean_5s",
        "kind": "positive",
        "track": "/music/a.ogg",
        "offset_seconds": "10.0",
        "also_track": "",
        "time_ratio": "1.0",
        "also_offset_seconds": "",
        "other_offsets": "",
        **changes,
    }


NEGATIVE = {"cell": "clean_5s", "kind": "negative", "track": ""}


class Judging(unittest.TestCase):
    def test_only_the_first_match_counts(self):
        answer = Answer([Match("/music/b.ogg", 1, 0.9), Match("/music/a.ogg", 10, 0.8)])
        self.assertFalse(score.judge(positive(), answer)["right"])

    def test_offset_error_is_to_the_nearest_exact_repeat(self):
        outcome = score.judge(positive(other_offsets="20.0;30.0"), Answer([Match("/music/a.ogg", 20.003, 0.9)]))
        self.assertTrue(outcome["right"])
        self.assertAlmostEqual(outcome["offset_ms"], 3.0, places=3)

    def test_either_of_two_mixed_tracks_is_right(self):
        row = positive(also_track="/music/b.ogg", also_offset_seconds="5.0")
        outcome = score.judge(row, Answer([Match("/music/b.ogg", 5.002, 0.9)]))
        self.assertTrue(outcome["right"])
        self.assertFalse(outcome["both"])
        self.assertAlmostEqual(outcome["offset_ms"], 2.0, places=3)

    def test_no_match_is_neither_right_nor_an_alarm(self):
        summary = score.summarise([score.judge(positive(), Answer()), score.judge(NEGATIVE, Answer())], 0.0, True)
        self.assertEqual((summary["all"]["right"], summary["all"]["alarms"]), (0, 0))

    def test_summary_counts_by_threshold(self):
        outcomes = [score.judge(positive(), Answer([Match("/music/a.ogg", 10, c)])) for c in (0.9, 0.6, 0.3)]
        outcomes += [score.judge(positive(), Answer([Match("/music/z.ogg", 10, 0.7)]))]
        outcomes += [score.judge(NEGATIVE, Answer([Match("/music/a.ogg", 10, c)])) for c in (0.55, 0.1)]
        summary = score.summarise(outcomes, 0.5, True)
        figures = summary["all"]
        self.assertEqual(
            [figures[k] for k in ("positives", "right", "accepted", "wrong", "negatives", "alarms")], [4, 3, 2, 1, 2, 1]
        )
        self.assertEqual(figures["accepted_at_0.5"], 2)  # the threshold moves above 0.55
        self.assertEqual("".join(score.letter(o, 0.5) for o in outcomes), "AArXXx")


class Statistics(unittest.TestCase):
    def test_wilson_interval_as_published(self):  # Newcombe 1998, table I: 81 of 263
        low, high = stats.wilson(81, 263)
        self.assertAlmostEqual(low, 25.53, places=2)
        self.assertAlmostEqual(high, 36.62, places=2)

    def test_thresholds_allow_what_they_say(self):
        negatives = [k / 1000 for k in range(1000)]
        limit = stats.threshold_for(negatives, 0.005)
        self.assertEqual(sum(n >= limit for n in negatives), 5)
        limit = stats.threshold_for([0.3, 0.9, 0.9], 0.0)
        self.assertTrue(0.9 < limit < 0.9001)

    def test_calibration_error_of_an_overconfident_system(self):
        rows, error = stats.reliability([0.95] * 10 + [0.05] * 10, [1] * 5 + [0] * 5 + [0] * 10)
        self.assertAlmostEqual(error, 0.5 * 0.45 + 0.5 * 0.05)
        self.assertEqual([r[2] for r in rows], [10, 10])

    def test_mcnemar(self):
        self.assertEqual(stats.mcnemar(0, 0), 1.0)
        self.assertAlmostEqual(stats.mcnemar(0, 6), 2 / 64)
        self.assertEqual(stats.mcnemar(5, 5), 1.0)


class Comparing(unittest.TestCase):
    def report(self, rights, settings=None):
        outcomes = [
            score.judge(positive(), Answer([Match("/music/a.ogg" if r else "/music/b.ogg", 10, 0.9)])) for r in rights
        ]
        out = score.summarise(outcomes, 0.5, True)
        out["set"] = {"settings": settings or {"seed": 1}}
        out["outcomes"] = {f"clips/clean_5s/p{k:04d}.wav": score.letter(o, 0.5) for k, o in enumerate(outcomes)}
        return out

    def test_marks_a_real_difference_and_no_chance_one(self):
        worse = self.report([True] * 20 + [False] * 20)
        better = self.report([True] * 40)
        line = next(x for x in compare.compare(worse, better) if x.startswith("clean_5s"))
        self.assertIn("50.0 → 100.0**", line)
        one_off = self.report([True] * 39 + [False])
        line = next(x for x in compare.compare(one_off, better) if x.startswith("clean_5s"))
        self.assertNotIn("*", line)


if __name__ == "__main__":
    unittest.main()
