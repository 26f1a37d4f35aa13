"""Compares a timeline with the truth: seconds that are wrong, entries whose borders are right, how far borders lie."""

from dataclasses import dataclass, field

import numpy as np

STEP = 0.25  # seconds a point of the comparison
CLOSE = 2.0  # seconds within which an entry's borders must lie


@dataclass
class Entry:
    path: str
    start: float
    end: float
    confidence: float = 1.0


@dataclass
class Score:
    music: float = 0.0  # seconds with any music
    seconds: float = 0.0
    missed: float = 0.0
    false: float = 0.0
    confused: float = 0.0
    entries: int = 0  # in the truth
    told: int = 0
    right: int = 0
    found: int = 0  # told at all, wherever the borders are
    borders: list = field(default_factory=list)  # errors in seconds
    starts: list = field(default_factory=list)  # the same, of beginnings only

    def add(self, other):
        for name in ("music", "seconds", "missed", "false", "confused", "entries", "told", "right", "found"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.borders += other.borders
        self.starts += other.starts

    @property
    def wrong(self):
        return (self.missed + self.false + self.confused) / max(self.music, 1e-9)

    @property
    def f1(self):
        return 2 * self.right / max(1, self.entries + self.told)

    @property
    def border(self):
        return float(np.median(self.borders)) if self.borders else float("nan")


def judge(truth, told, seconds, same):
    """`truth`: dicts as Desk.as_json() gives them; `told`: Entries; same(a, b): whether two paths are one recording."""
    score = Score(seconds=seconds, told=len(told))
    for at in np.arange(STEP / 2, seconds, STEP):
        heard = [t["path"] for t in truth if t["start"] <= at < t["end"]]
        known = [path for path in heard if path]
        said = [e.path for e in told if e.start <= at < e.end]
        found = sum(any(same(path, other) for other in said) for path in known)
        extra = sum(not any(same(path, other) for path in known) for other in said)
        lost = len(known) - found
        share = STEP / max(len(known), len(said), 1)
        score.music += STEP if heard else 0
        score.confused += share * min(lost, extra)
        score.missed += share * max(0, lost - extra)
        score.false += share * max(0, extra - lost)
    known = [t for t in truth if t["path"]]
    score.entries = len(known)
    free = list(told)
    for t in known:
        mine = [e for e in free if same(t["path"], e.path) and min(e.end, t["end"]) > max(e.start, t["start"])]
        if not mine:
            continue
        best = max(mine, key=lambda e: min(e.end, t["end"]) - max(e.start, t["start"]))
        free.remove(best)
        errors = [abs(best.start - t["start"]), abs(best.end - t["end"])]
        score.borders += errors
        score.starts += errors[:1]
        score.found += 1
        score.right += max(errors) <= CLOSE
    return score
