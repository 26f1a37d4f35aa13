"""What the service uses: memory, descriptors, threads, processor time, files."""

import os
import pathlib
import re
import threading
import time

from service_runner import children_of

EVERY = 5  # seconds
LATE = 3  # seconds by which a sample is late on a machine that has no time for us
MB = 1e6
TICKS = os.sysconf("SC_CLK_TCK")
IN_SANDBOX = re.compile(r"^Max open files +16 +16 ", re.MULTILINE)
LITTLE_MEMORY = re.compile(rf"^Max address space +{2 << 30} +{2 << 30} ", re.MULTILINE)


def memory_of(pid):
    """(RSS, PSS, anonymous) in MB."""
    figures = {}
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, kilobytes, *_ = line.split()
        figures[name] = int(kilobytes) * 1024 / MB
    return figures["Rss:"], figures["Pss:"], figures["Anonymous:"]


def processor_seconds(pid, with_ended_children=False):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11 : 15 if with_ended_children else 13])) / TICKS


def megabytes_in(folder, pattern="**/*"):
    total = 0
    for path in folder.glob(pattern):
        try:
            total += path.stat().st_blocks * 512
        except FileNotFoundError:
            pass  # It was removed meanwhile.
    return total / MB


def look(pid, data):
    """One sample, or None: the service ended meanwhile."""
    try:
        rss, pss, anonymous = memory_of(pid)
        sample = {
            "pid": pid,
            "rss_mb": rss,
            "pss_mb": pss,
            "anonymous_mb": anonymous,
            "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
            "threads": len(os.listdir(f"/proc/{pid}/task")),
            "processor_seconds": processor_seconds(pid, with_ended_children=True),
        }
    except (FileNotFoundError, ProcessLookupError, KeyError):
        return None
    sample.update(decoders=0, decoders_pss_mb=0.0, decoders_seconds=0.0, sandboxed=0, with_little_memory=0)
    for child in children_of(pid):
        try:
            sample["decoders_pss_mb"] += memory_of(child)[1]
            sample["decoders_seconds"] += processor_seconds(child)
            sample["decoders"] += 1
            limits = pathlib.Path(f"/proc/{child}/limits").read_text()
            if IN_SANDBOX.search(limits):
                sample["sandboxed"] += 1
                sample["with_little_memory"] += bool(LITTLE_MEMORY.search(limits))
        except (FileNotFoundError, ProcessLookupError, KeyError):
            pass  # It has ended meanwhile.
    sample["catalog_mb"] = megabytes_in(data, "catalog.db")
    sample["wal_mb"] = megabytes_in(data, "catalog.db-wal")
    sample["index_mb"] = megabytes_in(data / "fingerprints")
    sample["data_mb"] = megabytes_in(data)
    return sample


class Sampler:
    """Samples of the service that runs, until it is closed."""

    def __init__(self, runner):
        self.runner = runner
        self.samples = []
        self.starved = []  # (begin, end): the machine had no time for this program, nor for the service
        self.began = time.time()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        data = self.runner.home.folder / "data"
        last = time.time()
        while not self.over.wait(EVERY):
            if time.time() - last > EVERY + LATE:
                self.starved.append((last, time.time()))
            last = time.time()
            sample = self.runner.is_up.is_set() and look(self.runner.service.process.pid, data)
            if sample:
                self.samples.append({"seconds": time.time() - self.began, **sample})

    def close(self):
        self.over.set()
        self.thread.join()

    def lives(self):
        """The samples of each run of the service."""
        lives = []
        for sample in self.samples:
            if not lives or lives[-1][-1]["pid"] != sample["pid"]:
                lives.append([])
            lives[-1].append(sample)
        return lives
