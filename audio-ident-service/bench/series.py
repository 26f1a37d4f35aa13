"""Series of measurements, how two of them compare, and the file that keeps a run. Knows nothing of what is measured;
smaller is better for everything."""

import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
from dataclasses import dataclass, field

FORMAT = 1
MOST_GROWTH = 1.05


@dataclass
class Series:
    """What one benchmark measured, a value a round."""

    unit: str
    values: list = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def quartiles(self):
        return quartiles_of(self.values)


def quartiles_of(values):
    """The first and the third quartile: half of the values are between them."""
    if len(values) == 1:
        return values[0], values[0]
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return first, third


def add(all_series, measured):
    """Adds a round, {name: (value, unit)}, to {name: Series}."""
    for name, (value, unit) in measured.items():
        all_series.setdefault(name, Series(unit)).values.append(value)


@dataclass(frozen=True)
class Comparison:
    """One benchmark, before and after. Values of one round were measured one right after the other, so each round has a
    ratio of its own; load that lasts longer than a round falls on both."""

    name: str
    unit: str
    before: float  # medians
    after: float
    low: float  # quartiles of the rounds' ratios
    high: float

    @property
    def ratio(self):
        return self.after / self.before

    @property
    def verdict(self):
        """It is worse when the ratio of the medians says so and three of four rounds agree on the direction."""
        if self.ratio > MOST_GROWTH:
            return "worse" if self.low > 1 else "unclear"
        if self.ratio < 1 / MOST_GROWTH and self.high < 1:
            return "better"
        return "same"


def compare(before, after):
    """Compares {name: Series} of both sides, by name. Benchmarks that only one side has are left out; both sides have
    the same rounds."""
    found = []
    for name in before:
        if name not in after:
            continue
        old, new = before[name], after[name]
        if len(old.values) != len(new.values):
            raise ValueError(f"{name}: {len(old.values)} rounds before, {len(new.values)} after")
        if min(old.values) <= 0:
            continue  # There is no ratio to nothing.
        low, high = quartiles_of([b / a for a, b in zip(old.values, new.values)])
        found.append(Comparison(name, old.unit, old.median, new.median, low, high))
    return found


def only_in_one(before, after):
    """Names that only the first, and that only the second side has."""
    return sorted(set(before) - set(after)), sorted(set(after) - set(before))


def git(*arguments, folder):
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def machine():
    """What a reader needs to know of the machine to believe a figure."""
    about = pathlib.Path("/proc/cpuinfo").read_text()
    names = [line.split(":", 1)[1].strip() for line in about.splitlines() if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "kernel": platform.release(),
        "load": round(os.getloadavg()[0], 2),
    }


def record(all_series, **about):
    """A run as it is kept: where, when, what, and each benchmark's median, quartiles and values."""
    return {
        "format": FORMAT,
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        **about,
        "benchmarks": {
            name: {
                "unit": series.unit,
                "median": series.median,
                "quartiles": list(series.quartiles),
                "values": series.values,
            }
            for name, series in all_series.items()
        },
    }


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n")
