import unittest

from judge import LIMITS, Item, Play, Span, judge_flatness, judge_log, without


def log(plays, spans=((0, 100),), played=(("a", 10, 40), ("b", 40, 70))):
    plays = [Play(track, track, begin, end) for track, begin, end in plays]
    return judge_log([Item(*item) for item in played], [Span(*span) for span in spans], plays)


class Logs(unittest.TestCase):
    def test_what_was_played_is_found(self):
        found = log([("a", 11, 40), ("b", 39, 71)])
        self.assertEqual((found.expected, found.found, found.lost, found.twice, found.wrong), (2, 2, [], [], []))
        self.assertEqual(found.starts, [1, -1])

    def test_an_item_without_a_play_is_lost(self):
        self.assertEqual([item.track for item in log([("a", 11, 40)]).lost], ["b"])

    def test_two_plays_of_one_item_are_one_too_many(self):
        self.assertEqual(len(log([("a", 10, 24), ("a", 26, 40), ("b", 40, 70)]).twice), 1)

    def test_a_play_of_another_track_or_another_time_is_wrong(self):
        found = log([("a", 10, 40), ("b", 40, 70), ("c", 10, 40), ("a", 80, 95)])
        self.assertEqual([play.track for play in found.wrong], ["c", "a"])

    def test_the_beginning_of_a_play_that_was_hardly_heard_is_a_guess(self):
        plays = [("a", 10, 40), ("b", 32, 43)]
        self.assertEqual(log(plays, spans=((0, 43),)).wrong, [])
        self.assertEqual(len(log(plays, spans=((0, 100),)).wrong), 1)
        self.assertEqual(len(log([("b", 30, 39)], spans=((0, 43),)).wrong), 1)

    def test_what_could_not_be_heard_for_twenty_seconds_is_not_expected(self):
        self.assertEqual(log([("a", 10, 40)], spans=((0, 55),)).expected, 1)
        self.assertEqual(log([], spans=((0, 29), (31, 50))).expected, 0)
        self.assertEqual(log([], spans=((0, 29), (31, 60))).lost[0].track, "b")

    def test_what_came_just_before_a_kill_need_not_be_known_yet(self):
        self.assertEqual(log([("a", 10, 40)], spans=((0, 70, True),)).expected, 1)
        self.assertEqual(log([("a", 10, 40)], spans=((0, 70, False),)).expected, 2)

    def test_what_came_while_the_machine_had_no_time_is_not_expected(self):
        whole, later = Span(0, 100), Span(100, 200, True)
        self.assertEqual(without([whole, later], [(40, 60)]), [Span(0, 40, True), Span(60, 100), later])
        self.assertEqual(without([whole, later], [(90, 300)]), [Span(0, 90, True)])
        self.assertEqual(without([whole], []), [whole])


def samples(seconds, **last):
    """A figure grows evenly from 100 to its last value."""
    count = seconds // 5
    return [
        {"seconds": 5 * i, **{limit.name: 100 + (last.get(limit.name, 100) - 100) * i / count for limit in LIMITS}}
        for i in range(count + 1)
    ]


class Figures(unittest.TestCase):
    def growing(self, seconds, **last):
        return [each.limit.name for each in judge_flatness(samples(seconds, **last)) if each.grows]

    def test_what_stays_is_flat(self):
        self.assertEqual(self.growing(1200), [])
        self.assertEqual(self.growing(1200, anonymous_mb=110), [])

    def test_what_grows_is_named(self):
        self.assertEqual(self.growing(1200, anonymous_mb=180, descriptors=150), ["anonymous_mb", "descriptors"])

    def test_memory_is_not_judged_in_its_first_minutes(self):
        self.assertEqual(self.growing(300, anonymous_mb=180, descriptors=150), ["descriptors"])

    def test_what_the_service_opens_in_its_first_seconds_is_no_growth(self):
        for seconds in (20, 60):
            begins = [{**each, "descriptors": 78 if each["seconds"] < 10 else 94} for each in samples(seconds)]
            self.assertFalse([each for each in judge_flatness(begins) if each.grows], seconds)
        self.assertEqual(self.growing(60, descriptors=150), ["descriptors"])

    def test_a_run_too_short_for_fifths_is_not_judged(self):
        self.assertEqual(judge_flatness(samples(10)), [])


if __name__ == "__main__":
    unittest.main()
