"""One round of measurements of one build: its stages, an ingest, searches on the command line and over HTTP."""

import json
import os
import pathlib
import statistics
import tempfile
import time

from bench.http_overhead import make_clips, multipart, search_one_by_one, serving
from bench.whole_program import audio_files, folder_bytes, timed

TARGETS = ("audio-ident", "stage-bench", "decode-all")
HTTP_REQUESTS = 100
CLIPS_OF_THE_COMMAND_LINE = 60
STAGE_SECONDS = 0.2
PER_MILLISECOND = {"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1e3}


def processor_seconds(process):
    """Of a running process so far, without those that it started."""
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Measurement:
    """Measures builds on one folder of music. Makes the clips once, in a folder that close() removes."""

    def __init__(self, music):
        self.music = pathlib.Path(music).resolve()
        self.files = audio_files(self.music)
        if not self.files:
            raise SystemExit(f"bench: there is no music in {self.music}")
        self.folder = tempfile.TemporaryDirectory(prefix="audio-ident-bench-")
        self.clips = make_clips(self.music, self.folder.name)
        self.forms = [multipart(pathlib.Path(clip).read_bytes()) for clip in self.clips]

    def close(self):
        self.folder.cleanup()

    def round(self, build):
        """{name: (value, unit)} of everything, for a build folder."""
        return {**self.stages(build), **self.whole_program(build)}

    def stages(self, build):
        command = [build / "bench" / "stage-bench", "--benchmark_format=json"]
        output = timed([*command, f"--benchmark_min_time={STAGE_SECONDS}"], folder=self.folder.name).output
        found = {}
        for one in json.loads(output)["benchmarks"]:
            scale = PER_MILLISECOND[one["time_unit"]]
            found[f"stage: {one['name']}"] = (one["real_time"] * scale, "ms")
            # Of the calling thread; searches have others beside it.
            found[f"stage: {one['name']}, processor"] = (one["cpu_time"] * scale, "ms")
        return found

    def whole_program(self, build):
        program = str(build / "src" / "audio-ident")
        with tempfile.TemporaryDirectory(dir=self.folder.name) as home:
            # In a folder of its own: nobody's settings play a part.
            environment = {
                "PATH": os.environ["PATH"],
                "HOME": home,
                "AUDIO_IDENT_DATA_DIR": f"{home}/data",
                "LOG_LEVEL": "error",
            }
            return {
                **self.ingest(build, program, environment, home),
                **self.command_line(program, environment, home),
                **self.http(program, environment, home),
            }

    def ingest(self, build, program, environment, home):
        decode = timed([build / "bench" / "decode-all", str(os.cpu_count()), *self.files])
        hours = float(decode.output) / 3600
        ingest = timed([program, "ingest", str(self.music)], environment, home)
        return {
            "decode: all files": (decode.seconds, "s"),
            "ingest: both lanes": (ingest.seconds, "s"),
            "ingest: both lanes, processor": (ingest.processor_seconds, "s"),
            "ingest: peak memory": (ingest.megabytes, "MB"),
            "index: an hour of music": (folder_bytes(pathlib.Path(home, "data")) / 1e6 / hours, "MB"),
        }

    def command_line(self, program, environment, home):
        clips = (self.clips * CLIPS_OF_THE_COMMAND_LINE)[:CLIPS_OF_THE_COMMAND_LINE]
        searches = timed([program, "search", "--json", "--mode", "exact", *clips], environment, home)
        start = timed([program, "search", "--json", "--mode", "exact", clips[0]], environment, home)
        return {
            "search: a clip of many": (searches.seconds * 1e3 / len(clips), "ms"),
            "search: a clip of many, processor": (searches.processor_seconds * 1e3 / len(clips), "ms"),
            "search: one clip with the start": (start.seconds * 1e3, "ms"),
        }

    def http(self, program, environment, home):
        begin = time.monotonic()
        with serving(program, environment, home) as (port, process):
            ready = time.monotonic() - begin
            before = processor_seconds(process)
            answers = search_one_by_one(port, self.forms, HTTP_REQUESTS)
            spent = processor_seconds(process) - before
        return {
            "service: from start to ready": (ready * 1e3, "ms"),
            "http: a search": (statistics.median(wall for wall, _, _ in answers), "ms"),
            "http: all searches, processor": (spent, "s"),
            "http: beyond the search itself": (statistics.median(wall - inside for wall, inside, _ in answers), "ms"),
        }
