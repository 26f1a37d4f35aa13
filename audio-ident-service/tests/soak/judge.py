"""What a soak must show: the log has all that was played, once, and no figure grows. Knows no service."""

import dataclasses
import datetime
import statistics

LEAST = 20.0  # seconds of an item that a monitor must find
UNDECIDED = 20.0  # seconds before a kill of which nothing need be known yet, nor before an end when a track began
BEGINS_WITHIN = 15.0  # seconds after which the service has opened what it needs: the rings of sounds after some ten
MEMORY_NEEDS = 900.0  # seconds that a run of the service must last, before its memory can be judged


@dataclasses.dataclass
class Item:
    """A part of a track that a station plays."""

    track: str  # id
    begin: float
    end: float


@dataclasses.dataclass
class Play:
    track: str
    title: str
    begin: float
    end: float
    place: float = 0.0  # in the track, at its begin
    confidence: float = 1.0


@dataclasses.dataclass
class Span:
    """A time in which a station was heard."""

    begin: float
    end: float
    killed: bool = False  # at its end, with what was undecided


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def plays_of(items):
    """Of the items of the API, by the name of the monitor."""
    plays = {}
    for item in items:
        times = time_of(item["started_at"]), time_of(item["ended_at"])
        play = Play(item["track_id"], item["title"], *times, item["place_seconds"], item["confidence"])
        plays.setdefault(item["monitor"], []).append(play)
    for each in plays.values():
        each.sort(key=lambda play: play.begin)
    return plays


def overlap(a, b):
    return min(a.end, b.end) - max(a.begin, b.begin)


def without(spans, starved):
    """The spans without the times, pairs, in which the machine was too busy: what was undecided then may be lost."""
    for begin, end in starved:
        cut = []
        for span in spans:
            if span.end <= begin or span.begin >= end:
                cut.append(span)
                continue
            cut += [Span(span.begin, begin, True)] if span.begin < begin else []
            cut += [Span(end, span.end, span.killed)] if span.end > end else []
        spans = cut
    return spans


def must_be_found(item, spans):
    return any(overlap(item, Span(s.begin, s.end - (UNDECIDED if s.killed else 0))) >= LEAST for s in spans)


def is_young(play, spans):
    """It began so shortly before the station was not heard any more that its beginning is only a guess."""
    return any(play.begin < s.end <= play.begin + UNDECIDED for s in spans)


@dataclasses.dataclass
class Log:
    """How the log of a station agrees with what it played."""

    expected: int = 0
    found: int = 0
    lost: list = dataclasses.field(default_factory=list)
    twice: list = dataclasses.field(default_factory=list)
    wrong: list = dataclasses.field(default_factory=list)  # plays of which most is beside their item
    starts: list = dataclasses.field(default_factory=list)  # seconds by which the starts of items are late

    def add(self, other):
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


def judge_log(played, spans, plays):
    log = Log()
    for item in played:
        mine = [play for play in plays if play.track == item.track and overlap(item, play) > 0]
        if len(mine) > 1:
            log.twice.append((item, mine))
        if must_be_found(item, spans):
            log.expected += 1
            log.found += bool(mine)
            if not mine:
                log.lost.append(item)
        if mine and any(span.begin < item.begin - 1 and item.end < span.end for span in spans):
            log.starts.append(mine[0].begin - item.begin)
    for play in plays:
        heard = max((overlap(item, play) for item in played if item.track == play.track), default=0)
        if heard < (play.end - play.begin) / 2 and not (heard > 0 and is_young(play, spans)):
            log.wrong.append(play)
    return log


@dataclasses.dataclass
class Limit:
    """How much a figure may grow between the second and the last fifth of a run of the service."""

    name: str
    text: str
    share: float  # of its first value
    more: float  # and so much
    unit: str = ""
    is_memory: bool = False


LIMITS = (
    Limit("anonymous_mb", "memory of its own, service", 0.10, 8, "MB", is_memory=True),
    Limit("rss_mb", "resident memory, service", 0.10, 16, "MB", is_memory=True),
    Limit("decoders_pss_mb", "memory, decoders", 0.25, 8, "MB", is_memory=True),
    Limit("descriptors", "descriptors", 0.10, 8),
    Limit("threads", "threads", 0.10, 4),
    Limit("wal_mb", "WAL of the catalog", 0, 4, "MB"),
    Limit("catalog_mb", "catalog", 0.10, 2, "MB"),
    Limit("index_mb", "index", 0.10, 16, "MB"),
)


@dataclasses.dataclass
class Flatness:
    limit: Limit
    first: float
    last: float
    judged: bool

    @property
    def grows(self):
        return self.judged and self.last > self.first * (1 + self.limit.share) + self.limit.more


def judge_flatness(samples):
    """Of the samples of one run of the service: dicts with `seconds` and the figures of LIMITS."""
    samples = [sample for sample in samples if sample["seconds"] >= samples[0]["seconds"] + BEGINS_WITHIN]
    fifth = len(samples) // 5
    if not fifth:
        return []
    seconds = samples[-1]["seconds"] - samples[0]["seconds"]

    def middle(name, part):
        return statistics.median(sample[name] for sample in part)

    return [
        Flatness(
            limit,
            middle(limit.name, samples[fifth : 2 * fifth]),
            middle(limit.name, samples[-fifth:]),
            not limit.is_memory or seconds >= MEMORY_NEEDS,
        )
        for limit in LIMITS
    ]
