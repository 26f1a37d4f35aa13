"""Which parts die or hang, when, and how long it takes until all is as before."""

import dataclasses
import time

HOWS = ("killed", "paused")
TOGETHER = 0.2  # of the outages of a store: a replica goes at the same time


class NotNormal(Exception):
    """The cluster does not come back by itself."""


@dataclasses.dataclass
class Outage:
    part: str
    how: str
    began: float  # in seconds since the epoch, as all times
    returned: float | None = None
    normal: float | None = None

    @property
    def recovery(self):
        return self.normal - self.returned


class Outages:
    """What has happened. Clients ask it whether an error may be."""

    def __init__(self):
        self.all = []

    def touched(self, begin, end=None):
        """Whether something was wrong at some time from then until then (now)."""
        end = end or time.time()
        return any(each.began <= end and (each.normal is None or each.normal >= begin) for each in self.all)

    def touched_part(self, name, begin):
        return any(each.part.startswith(name) and (each.normal is None or each.normal >= begin) for each in self.all)


@dataclasses.dataclass
class Pace:
    """Seconds: how long outages last, and how long all is well after each."""

    shortest: float
    longest: float
    calm: float
    patience: float  # until all is normal again


class Bag:
    """Every kind of outage once, in an order that the seed decides, and again."""

    def __init__(self, cluster, chance):
        self.cluster = cluster
        self.chance = chance
        self.left = []

    def next(self):
        """Pairs (part, how) that begin together."""
        if not self.left:
            bucket = [self.cluster.bucket] if self.cluster.bucket else []
            kinds = (self.cluster.replicas, [self.cluster.postgresql], self.cluster.qdrant, bucket)
            self.left = [(kind, how) for kind in kinds if kind for how in HOWS]
            self.chance.shuffle(self.left)
        kind, how = self.left.pop()
        chosen = [(self.chance.choice(kind), how)]
        if kind is not self.cluster.replicas and self.chance.random() < TOGETHER:
            chosen.append((self.chance.choice(self.cluster.replicas), self.chance.choice(HOWS)))
        return chosen


class Breaker:
    def __init__(self, cluster, outages, pace, chance):
        self.cluster = cluster
        self.outages = outages
        self.pace = pace
        self.chance = chance
        self.bag = Bag(cluster, chance)

    def run(self, seconds):
        end = time.monotonic() + seconds
        time.sleep(self.pace.calm)
        while time.monotonic() < end:
            self.once(self.bag.next(), self.chance.uniform(self.pace.shortest, self.pace.longest))
            time.sleep(self.pace.calm)

    def once(self, chosen, seconds):
        begun = []
        for part, how in chosen:
            outage = Outage(part.name, how, time.time())
            self.outages.all.append(outage)
            begun.append(outage)
            part.kill() if how == "killed" else part.pause()
            print(f"{stamp()} {part.name} is {how} for {seconds:.1f} s", flush=True)
        time.sleep(seconds)
        for (part, how), outage in zip(chosen, begun):
            part.start() if how == "killed" else part.resume()
            outage.returned = time.time()
        self.wait_until_normal(begun)

    def wait_until_normal(self, begun):
        """A supervisor starts what was killed; nothing else is started or told anything."""
        returned = begun[-1].returned
        while (missing := self.cluster.not_normal()) and time.time() < returned + self.pace.patience:
            time.sleep(0.1)
        normal = time.time()
        for outage in begun:
            outage.normal = normal
        if missing:
            raise NotNormal(f"{self.pace.patience:g} s after {begun[0].part} came back: {missing}")
        print(f"{stamp()} {begun[0].part} is back; all is normal after {normal - returned:.1f} s", flush=True)


def stamp():
    return time.strftime("%H:%M:%S")
