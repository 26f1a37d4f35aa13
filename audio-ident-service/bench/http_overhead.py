"""Measures the cost of HTTP: /api/v1/search (exact, 5 s of WebM) with keep-alive clients, against the command line.

    python3 -m bench.http_overhead PROGRAM MUSIC_FOLDER

The overhead is the time that a client waits minus the time of the search itself (query_duration_ms of the same answer),
one request at a time. Throughput compares two clients with `audio-ident search` on as many clips with two threads."""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import threading
import time
import uuid

REQUESTS = 400
CLIENTS = 2
SONGS = (".mp3", ".ogg", ".flac", ".m4a", ".opus")
FIVE_SECONDS = ["-ss", "10", "-t", "5"]
WEBM = ["-vn", "-ac", "1", "-c:a", "libopus", "-b:a", "48k"]


def multipart(audio):
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="mode"\r\n\r\nexact\r\n--{boundary}\r\n'
    head += 'Content-Disposition: form-data; name="audio"; filename="clip.webm"\r\n\r\n'
    return head.encode() + audio + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def make_clips(music, folder):
    """Five seconds of each of the first eight songs, as a browser records them."""
    clips = []
    for index, song in enumerate(sorted(path for path in pathlib.Path(music).iterdir() if path.suffix in SONGS)[:8]):
        clip = f"{folder}/{index}.webm"
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *FIVE_SECONDS, "-i", song, *WEBM, clip], check=True)
        clips.append(clip)
    return clips


def search(connection, form):
    """Milliseconds that the client waits, milliseconds of the search itself, matches."""
    begin = time.perf_counter()
    connection.request("POST", "/api/v1/search", form[0], {"Content-Type": form[1]})
    answer = json.loads(connection.getresponse().read())
    return (time.perf_counter() - begin) * 1e3, answer["query_duration_ms"], len(answer["exact_matches"])


@contextlib.contextmanager
def serving(program, environment, folder=None):
    """The port and the process id of a service that runs during the block."""
    service = subprocess.Popen(
        [program, "serve"], env={**environment, "SERVICE_PORT": "0"}, cwd=folder, stdout=subprocess.PIPE, text=True
    )
    try:
        yield int(re.search(r":(\d+)$", service.stdout.readline().strip())[1]), service.pid
    finally:
        service.terminate()
        service.wait()
        service.stdout.close()


def search_one_by_one(port, forms, requests):
    """What search() gives of each request, one at a time; the service has warmed up before."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for form in forms * 3:
        search(connection, form)
    answers = [search(connection, forms[i % len(forms)]) for i in range(requests)]
    connection.close()
    return answers


def searches_a_second(port, forms):
    def client():
        own = http.client.HTTPConnection("127.0.0.1", port)
        for i in range(REQUESTS // CLIENTS):
            search(own, forms[i % len(forms)])

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return REQUESTS / (time.perf_counter() - begin)


def main(program, music):
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "AUDIO_IDENT_DATA_DIR": home + "/data",
            "LOG_LEVEL": "warning",
            "INGEST_THREADS": str(CLIENTS),
        }
        subprocess.run(
            [program, "ingest", music],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        clips = make_clips(music, home)
        forms = [multipart(pathlib.Path(clip).read_bytes()) for clip in clips]
        with serving(program, environment) as (port, _):
            alone = search_one_by_one(port, forms, REQUESTS)
            found = sum(1 for _, _, matches in alone if matches) / len(alone)
            served = searches_a_second(port, forms)
        command = [program, "search", "--json", "--mode", "exact", *(clips * (REQUESTS // len(clips)))]
        begin = time.perf_counter()
        lines = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.count("\n")
        command_line = lines / (time.perf_counter() - begin)

    overhead = sorted(wall - inside for wall, inside, _ in alone)
    print(f"clips found: {found:.0%} of {len(alone)} requests")
    print(f"search itself, median:           {statistics.median(inside for _, inside, _ in alone):7.2f} ms")
    print(f"overhead of HTTP, median:        {statistics.median(overhead):7.2f} ms   (target: at most 1 ms)")
    print(f"overhead of HTTP, 95th percent.: {overhead[len(overhead) * 95 // 100]:7.2f} ms")
    print(f"service, {CLIENTS} keep-alive clients:   {served:7.1f} searches/s")
    print(f"command line, {CLIENTS} threads:         {command_line:7.1f} searches/s, its start included")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the program audio-ident")
    parser.add_argument("music", help="a folder of music")
    arguments = parser.parse_args()
    main(arguments.program, arguments.music)
