import unittest

from eval.vibe import scores


class SameSource(unittest.TestCase):
    SOURCES = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "alone": "c"}

    def test_average_precision_and_precision_among_five(self):
        precisions, in_five = scores.same_source({"a1": ["a2", "b1", "a3", "b2", "alone"]}, self.SOURCES)
        self.assertAlmostEqual(precisions["a1"], (1 + 2 / 3) / 2)
        self.assertAlmostEqual(in_five["a1"], 2 / 5)

    def test_a_track_that_was_not_found_counts_as_missed(self):
        precisions, _ = scores.same_source({"a1": ["a2"], "b1": ["a1", "a2"]}, self.SOURCES)
        self.assertEqual(precisions, {"a1": 0.5, "b1": 0})

    def test_tracks_without_relatives_are_not_asked(self):
        self.assertEqual(scores.same_source({"alone": ["a1"]}, self.SOURCES), ({}, {}))

    def test_the_interval_encloses_the_mean(self):
        mean, low, high = scores.mean_interval([0, 1] * 50)
        self.assertEqual(mean, 0.5)
        self.assertTrue(0.38 < low < 0.45 and 0.55 < high < 0.62)


class OwnTrack(unittest.TestCase):
    def test_ranks_threshold_and_moment(self):
        others = [(name, 0.9, 0) for name in "abcd"]
        answers = [
            ("own", [30], [("own", 0.95, 35)]),  # all right
            ("own", [30, 90], [*others, ("own", 0.7, 88)]),  # fifth, where the track repeats it
            ("own", [30], [*others, ("e", 0.8, 0), ("own", 0.5, 60)]),  # sixth, too faint, elsewhere
            ("own", [30], [("a", 0.9, 30)]),
        ]  # not at all
        found = scores.own_track(answers, 0.6)
        self.assertEqual([found[k]["hits"] for k in ("first", "in_five", "accepted", "moment")], [1, 2, 2, 2])
        self.assertEqual((found["first"]["of"], found["moment"]["of"]), (4, 3))

    def test_the_answers_of_the_clean_passage_that_the_clip_keeps(self):
        clean, heard = ["own", "a", "b", "c"], ["a", "own", "d", "b"]
        answers = [("own", [(name, 0, 0) for name in heard], [(name, 0, 0) for name in clean])]
        self.assertEqual(scores.same_answers(answers, count=2)[0], 1)
        self.assertEqual(scores.same_answers(answers, count=3)[0], 2)


if __name__ == "__main__":
    unittest.main()
