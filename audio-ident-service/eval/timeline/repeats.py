"""Whether unknown music that comes several times has one name: pairs of places that sound the same."""

from collections import Counter
from dataclasses import dataclass
from itertools import combinations

STEP = 0.5  # seconds a point of the comparison
LEAST = 2.5  # seconds of the same sound that make a pair


@dataclass
class Named:
    """A stretch without a track, and its name."""

    name: str
    start: float
    end: float


@dataclass
class Score:
    pairs: int = 0  # in the truth
    found: int = 0  # of them, with one name in both places
    wrong: int = 0  # pairs of places with one name that do not sound the same
    names: int = 0  # that are given more than once

    def add(self, other):
        for name in ("pairs", "found", "wrong", "names"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def judge(truth, talk, gaps):
    """`truth`, `talk`: dicts as Desk gives them; `gaps`: Named. That talk comes again need not be found."""
    strangers = [t for t in truth if t["stranger"]]
    score = Score()
    for a, b in combinations(strangers, 2):
        shared = _shared(a, b)
        if shared is None:
            continue
        score.pairs += 1
        begin, end, lag = shared
        points = [begin + STEP * i for i in range(int((end - begin) / STEP))]
        agree = sum(_name_at(gaps, at) is not None and _name_at(gaps, at) == _name_at(gaps, at + lag) for at in points)
        score.found += 2 * agree >= len(points)
    given = Counter(gap.name for gap in gaps)
    score.names = sum(times > 1 for times in given.values())
    for a, b in combinations(gaps, 2):
        score.wrong += a.name == b.name and not _sound_the_same(strangers + talk, a, b)
    return score


def _shared(a, b):
    """(begin, end, lag): the sound from begin to end of `a` comes again in `b`, `lag` seconds later; None: nothing."""
    if a["stranger"] != b["stranger"]:
        return None
    lag = (b["start"] - b["offset"]) - (a["start"] - a["offset"])
    begin, end = max(a["start"], b["start"] - lag), min(a["end"], b["end"] - lag)
    return (begin, end, lag) if end - begin >= LEAST else None


def _name_at(gaps, at):
    return next((gap.name for gap in gaps if gap.start <= at < gap.end), None)


def _sound_the_same(strangers, a, b):
    for x, y in ((x, y) for x in strangers for y in strangers if x is not y):
        shared = _shared(x, y)
        if shared is None:
            continue
        begin, end, lag = shared
        if min(end, a.end) > max(begin, a.start) and min(end + lag, b.end) > max(begin + lag, b.start):
            return True
    return False
