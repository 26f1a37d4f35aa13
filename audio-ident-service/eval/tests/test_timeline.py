"""The truth of made-up recordings, and how a timeline is judged by it."""

import unittest

import numpy as np

from eval.kit.audio import RATE
from eval.timeline import repeats
from eval.timeline.desk import Desk
from eval.timeline.repeats import Named
from eval.timeline.score import Entry, judge


def equal(a, b):
    return a == b


def truth(path, start, end):
    return {"path": path, "start": start, "end": end}


class Judging(unittest.TestCase):
    def test_right_answers_leave_nothing_wrong(self):
        known = [truth("a", 0, 60), truth("", 60, 80), truth("b", 80, 100)]
        score = judge(known, [Entry("a", 0.5, 60), Entry("b", 79, 100)], 120, equal)
        self.assertEqual((score.entries, score.told, score.right), (2, 2, 2))
        self.assertAlmostEqual(score.music, 100)
        self.assertAlmostEqual(score.missed, 0.5)
        self.assertAlmostEqual(score.false, 1.0)
        self.assertAlmostEqual(score.border, 0.25)

    def test_another_track_is_confused_not_missed(self):
        score = judge([truth("a", 0, 50)], [Entry("b", 0, 50)], 50, equal)
        self.assertAlmostEqual(score.confused, 50)
        self.assertEqual((score.missed, score.false, score.right), (0, 0, 0))

    def test_a_stranger_that_is_named_is_false(self):
        score = judge([truth("", 0, 40)], [Entry("b", 10, 20)], 40, equal)
        self.assertAlmostEqual(score.wrong, 0.25)

    def test_in_a_cross_fade_each_track_counts_half(self):
        known = [truth("a", 0, 30), truth("b", 20, 50)]
        score = judge(known, [Entry("a", 0, 30), Entry("b", 30, 50)], 50, equal)
        self.assertAlmostEqual(score.missed, 5)
        self.assertEqual(score.right, 1)
        self.assertEqual((score.found, score.starts), (2, [0, 10]))

    def test_relatives_count_as_the_same(self):
        score = judge([truth("a", 0, 30)], [Entry("a2", 0, 30)], 30, lambda a, b: a[0] == b[0])
        self.assertEqual(score.wrong, 0)

    def test_one_entry_serves_one_truth(self):
        score = judge([truth("a", 0, 30), truth("a", 60, 90)], [Entry("a", 0, 90)], 90, equal)
        self.assertAlmostEqual(score.false, 30)
        self.assertEqual(score.right, 0)


def stranger(path, start, end, offset=0.0):
    return {"path": "", "stranger": path, "start": start, "end": end, "offset": offset}


class JudgingRepeats(unittest.TestCase):
    # Of a, 10 to 20 s come twice; of b, nothing does.
    HEARD = [stranger("a", 0, 20), stranger("b", 30, 40), stranger("a", 50, 70, 10), stranger("b", 80, 90, 10)]

    def test_one_name_in_both_places_is_a_pair_that_was_found(self):
        score = repeats.judge(self.HEARD, [], [Named("1", 9, 20), Named("2", 30, 40), Named("1", 50, 62)])
        self.assertEqual((score.pairs, score.found, score.wrong, score.names), (1, 1, 0, 1))

    def test_one_name_for_other_sounds_is_wrong(self):
        score = repeats.judge(self.HEARD, [], [Named("1", 0, 20), Named("1", 30, 40)])
        self.assertEqual((score.pairs, score.found, score.wrong), (1, 0, 1))

    def test_talk_that_comes_again_is_not_wrong(self):
        talk = [stranger("t", 30, 34), stranger("t", 80, 84)]
        score = repeats.judge(self.HEARD, talk, [Named("1", 30, 34), Named("1", 80, 84)])
        self.assertEqual((score.pairs, score.wrong), (1, 0))


class Mixing(unittest.TestCase):
    def setUp(self):
        rng = np.random.default_rng(1)
        self.sound = rng.normal(size=20 * RATE).astype(np.float32) * 0.1
        self.desk = Desk(rng, ["/a"], ["/s"], {"noise": ["synthetic:white:0"]})

    def test_what_is_played_lies_where_the_truth_says(self):
        self.desk.play(3.0, ("/a", self.sound, True), 5.0, 4.0)
        self.assertEqual(self.desk.as_json()[0]["start"], 3.0)
        self.assertEqual(self.desk.seconds, 7.0)
        np.testing.assert_array_equal(self.desk.samples[3 * RATE : 7 * RATE], self.sound[5 * RATE : 9 * RATE])

    def test_a_stranger_has_no_path(self):
        self.desk.play(0.0, ("/s", self.sound, False), 0.0, 2.0)
        self.assertEqual(self.desk.as_json()[0]["path"], "")

    def test_a_speed_moves_the_place(self):
        self.desk.play(0.0, ("/a", self.sound, True), 2.0, 4.0, 1.05, 1.05)
        known = self.desk.as_json()[0]
        self.assertEqual((known["offset"], known["time_ratio"]), (2.0, 1.05))
        self.assertAlmostEqual(known["end"], 4.0, 3)

    def test_talk_lowers_the_music_only_while_it_lasts(self):
        self.desk.play(0.0, ("/a", self.sound, True), 0.0, 10.0)
        before = self.desk.samples.copy()
        self.desk.duck(4.0, 6.0, 0.1)
        after = self.desk.samples
        np.testing.assert_array_equal(after[: 4 * RATE], before[: 4 * RATE])
        np.testing.assert_array_equal(after[6 * RATE :], before[6 * RATE :])
        np.testing.assert_allclose(after[5 * RATE : 5 * RATE + 100], 0.1 * before[5 * RATE : 5 * RATE + 100], rtol=1e-4)


if __name__ == "__main__":
    unittest.main()
