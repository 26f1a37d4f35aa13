"""The log that the service keeps of a recording, as if a station had played it: a monitor whose source is the file."""

import json
import os
import re
import subprocess
import tempfile
import time
import urllib.request
from datetime import datetime
from pathlib import Path

from eval.timeline.score import Entry

POLL = 0.05


def _seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _form(fields):
    parts = [
        f'--limit\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()
    ]
    return ("".join(parts) + "--limit--\r\n").encode()


class Service:
    """A service on the library of a data folder, while the recordings are heard."""

    def __init__(self, binary, environment, roots):
        self.log = tempfile.TemporaryFile("w+")
        settings = {"SERVICE_PORT": "0", "INGEST_ROOTS": str(roots), "EMBEDDING_MODEL": "clap-htsat-large"}
        self.process = subprocess.Popen(
            [binary, "serve"], env={**environment, **settings}, stdout=self.log, stderr=subprocess.STDOUT
        )
        self.url = self._address()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def _address(self):
        for _ in range(600):
            self.log.seek(0)
            text = self.log.read()
            if found := re.search(r"listening on (http://\S+)", text):
                return found[1]
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"the service did not start:\n{text}")

    def ask(self, path, method="GET", fields=None):
        headers = {"Content-Type": "multipart/form-data; boundary=limit"} if fields else {}
        body = _form(fields) if fields else None
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def cpu_seconds(self):
        """Of the service and of the processes that decoded for it and ended."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")

    def log_of(self, file):
        """(plays as Entries in seconds of the recording, seconds of CPU) of a recording. Removes the monitor again."""
        paths = {}
        begun, begin = None, self.cpu_seconds()
        monitor = self.ask("/api/v1/monitors", "POST", {"name": file.name, "source": str(file.resolve())})
        path = f"/api/v1/monitors/{monitor['id']}"
        while (monitor := self.ask(path))["status"] != "ended":
            if monitor["status"] == "failing":
                raise SystemExit(f"{file}: {monitor['detail']}")
            if monitor["status"] == "listening":
                begun = begun or _seconds(monitor["status_at"])
            time.sleep(POLL)
        if begun is None:
            raise SystemExit(f"{file} was over before it could be seen when it began")
        entries = []
        for play in self.ask(f"/api/v1/plays/export?monitor={monitor['id']}")["items"]:
            track = play["track_id"]
            if track not in paths:
                paths[track] = self.ask(f"/api/v1/tracks/{track}")["file_path"]
            ends = (_seconds(play["started_at"]) - begun, _seconds(play["ended_at"]) - begun)
            entries.append(Entry(paths[track], *ends, play["confidence"]))
        spent = self.cpu_seconds() - begin
        self.ask(path, "DELETE")
        return sorted(entries, key=lambda entry: entry.start), spent
