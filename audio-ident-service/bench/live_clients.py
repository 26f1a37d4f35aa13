"""Many browsers at once over WS /api/v1/live: how late their answers come, and what that costs.

    python3 -m bench.live_clients PROGRAM MUSIC_FOLDER [--clients 1,50,200] [--seconds 15] [--over 10]

Each client sends a random place of a random track in real time, as a browser records it: Opus in WebM. All begin within
`--over` seconds. The table has for each number of clients: the share that was named rightly; the seconds of sound until
the match, and how long after that sound it came; the longest time for which the service took no more sound from a
client; the processor time of the service and its decoders. Clients that were refused or heard nothing count as not
named. AUDIO_IDENT_DATA_DIR may name a library that has the folder already."""

import argparse
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import types

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent / "tests"
sys.path += [str(TESTS / "api" / "http"), str(TESTS / "soak")]
os.environ.setdefault("AUDIO_IDENT_PROGRAM", "")  # The tests' modules want one.

from samples import look  # noqa: E402
from web_socket import CLOSE, WebSocket  # noqa: E402

PIECE = 0.25  # seconds, as MediaRecorder is asked for
PATIENCE = 30  # seconds for what a client still waits for when it has sent all


class Client(threading.Thread):
    def __init__(self, service, title, clip, seconds, start):
        super().__init__(daemon=True)
        self.service, self.title, self.clip, self.seconds, self.start_at = service, title, clip, seconds, start
        self.named = None
        self.needed = self.late = None
        self.held_up = 0.0
        self.problem = None

    def run(self):
        try:
            self.talk()
        except OSError as error:
            self.problem = str(error)

    def talk(self):
        time.sleep(max(0, self.start_at - time.monotonic()))
        socket = WebSocket(self.service, "/api/v1/live", timeout=self.seconds + PATIENCE)
        if socket.status != 101:
            self.problem = f"status {socket.status}"
            return
        begin = time.monotonic()
        reader = threading.Thread(target=self.read, args=(socket, begin), daemon=True)
        reader.start()
        count = round(self.seconds / PIECE)
        for i in range(count):
            time.sleep(max(0, begin + (i + 1) * PIECE - time.monotonic()))
            before = time.monotonic()
            socket.send(self.clip[len(self.clip) * i // count : len(self.clip) * (i + 1) // count])
            self.held_up = max(self.held_up, time.monotonic() - before)
        socket.send(b"")
        reader.join(PATIENCE)

    def read(self, socket, begin):
        try:
            while True:
                kind, payload = socket.frame()
                if kind == CLOSE:
                    return
                event = json.loads(payload)
                if event["event"] == "error":
                    self.problem = event["message"]
                if event["event"] == "match" and self.named is None:
                    self.named = event["play"]["track"]["title"]
                    self.needed = event["needed_seconds"]
                    self.late = time.monotonic() - begin - self.needed
        except (OSError, ValueError) as error:
            self.problem = str(error)


def make_clips(program, environment, folder, count, seconds):
    """(title, bytes) of random places of the library's tracks."""
    listed = subprocess.run(
        [program, "--json", "tracks", "list"], env=environment, check=True, capture_output=True, text=True
    ).stdout
    tracks = [track for track in json.loads(listed)["items"] if track["duration_seconds"] > seconds + 20]
    chance = random.Random(1)
    clips = []
    for number in range(count):
        track = chance.choice(tracks)
        clip = folder / f"{number}.webm"
        place = chance.uniform(10, track["duration_seconds"] - seconds - 5)
        subprocess.run(
            ["ffmpeg", "-v", "error", "-nostdin", "-ss", f"{place:.2f}", "-t", str(seconds), "-i", track["file_path"]]
            + ["-map", "0:a", "-map_metadata", "-1", "-ac", "1", "-c:a", "libopus", "-b:a", "48k"]
            + ["-cluster_time_limit", "250", clip],
            check=True,
        )
        clips.append((track["title"], clip.read_bytes()))
    return clips


def measure(service, pid, clips, count, arguments):
    data = pathlib.Path("/nowhere")  # Its size does not matter here.
    chance = random.Random(2)
    start = time.monotonic() + 1
    clients = [
        Client(service, *clips[i % len(clips)], arguments.seconds, start + chance.uniform(0, arguments.over))
        for i in range(count)
    ]
    before = look(pid, data)
    for client in clients:
        client.start()
    most = 0.0
    while any(client.is_alive() for client in clients):
        time.sleep(1)
        sample = look(pid, data)
        most = max(most, sample["pss_mb"] + sample["decoders_pss_mb"])
    # A decoder that has ended counts with the service.
    used = look(pid, data)["processor_seconds"] - before["processor_seconds"]
    right = [client for client in clients if client.named == client.title]
    wrong = sum(client.named not in (None, client.title) for client in clients)
    needed = sorted(client.needed for client in right)
    late = sorted(client.late for client in right)
    problems = sorted({client.problem for client in clients if client.problem})
    print(
        f"| {count} | {len(right) / count:.0%} | {wrong} | {statistics.median(needed):.1f} s | "
        f"{statistics.median(late):.2f} s | {late[len(late) * 95 // 100]:.2f} s | "
        f"{max(client.held_up for client in clients):.2f} s | {used / count / arguments.seconds:.1%} | {most:.0f} MB |",
        flush=True,
    )
    for problem in problems:
        print(f"  {sum(client.problem == problem for client in clients)} clients: {problem}")


def main(arguments):
    with tempfile.TemporaryDirectory() as home:
        environment = {"AUDIO_IDENT_DATA_DIR": home + "/data", **os.environ, "SERVICE_PORT": "0"}
        environment["LOG_LEVEL"] = "warning"
        subprocess.run([arguments.program, "ingest", arguments.music], env=environment, check=True, capture_output=True)
        counts = [int(count) for count in arguments.clients.split(",")]
        clips = make_clips(
            arguments.program, environment, pathlib.Path(home), min(arguments.clips, max(counts)), arguments.seconds
        )
        process = subprocess.Popen([arguments.program, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            port = int(re.search(r":(\d+)$", process.stdout.readline().strip())[1])
            service = types.SimpleNamespace(host="127.0.0.1", port=port)
            heads = [
                "clients",
                "named",
                "wrong",
                "sound, median",
                "later, median",
                "later, 95 %",
                "held up",
                "core each",
            ]
            print("|", " | ".join([*heads, "memory"]), "|\n" + "|---" * (len(heads) + 1) + "|")
            for count in counts:
                measure(service, process.pid, clips, count, arguments)
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the program audio-ident")
    parser.add_argument("music", help="a folder of music")
    parser.add_argument("--clients", default="1,50,200", help="how many at once, one number for each row")
    parser.add_argument("--seconds", type=float, default=15, help="of sound that each sends")
    parser.add_argument("--over", type=float, default=10, help="seconds within which they begin")
    parser.add_argument("--clips", type=int, default=40, help="different clips")
    main(parser.parse_args())
