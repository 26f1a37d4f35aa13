"""The service under test, which ends and starts again on the same port."""

import pathlib
import signal
import threading
import time

from service import Home, Service

SETTINGS = {"MONITOR_ALLOW_PRIVATE": "on", "LOG_LEVEL": "warning"}
PATIENCE = 120


class Wrong(Exception):
    """Something that must not happen."""


def children_of(pid):
    """All processes below this one."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            pass  # It has ended meanwhile.
    found, last = [], {pid}
    while last:
        last = {child for child, parent in parents.items() if parent in last}
        found += last
    return found


class ServiceRunner:
    """The home of the service, the service that runs now, and when none ran."""

    def __init__(self):
        self.home = Home()
        self.settings = dict(SETTINGS)
        self.service = None
        self.is_up = threading.Event()
        self.outages = []  # [begin, end, signal], in seconds since the epoch

    def start(self):
        self.service = Service(self.home, self.settings)
        self.settings["SERVICE_PORT"] = str(self.service.port)
        end = time.monotonic() + PATIENCE
        while self.service.get("/health/ready").status != 200:
            if time.monotonic() > end:
                raise Wrong("the service does not get ready")
            time.sleep(0.1)
        self.is_up.set()

    def stop(self, number):
        """Ends the service with this signal, and checks how it ends."""
        self.is_up.clear()
        self.outages.append([time.time(), None, number])
        children = children_of(self.service.process.pid)
        code = self.service.stop(number)
        wanted = -number if number == signal.SIGKILL else 128 + number
        if code != wanted:
            raise Wrong(f"after signal {number} the service ends with {code} instead of {wanted}")
        end = time.monotonic() + PATIENCE
        while left := [pid for pid in children if pathlib.Path(f"/proc/{pid}").exists()]:
            if time.monotonic() > end:
                raise Wrong(f"processes outlive the service: {left}")
            time.sleep(0.1)

    def restart(self, number):
        self.stop(number)
        self.start()
        self.outages[-1][1] = time.time()

    def was_down_since(self, begin):
        """Whether there was an outage at some time since then."""
        return any(end is None or end + 1 > begin for _, end, _ in self.outages)

    def close(self):
        if self.service and self.service.process.poll() is None:
            self.service.process.kill()
            self.service.process.wait()
        self.home.close()
