"""The library and the stations of a soak."""

import pathlib
import shutil
import signal
import time

from eval.kit import corpus, siblings
from programmes import Radio, long_enough, make_programme
from service import form
from service_runner import Wrong

PROGRAMMES = 4
TRACKS_A_PROGRAMME = 12
HELD_OUT = 0.1  # of the music, for strangers
LONGEST_INGEST = 3600  # seconds


def make_library(runner, folder, count, chance):
    """Starts the service with some music of the folder: the tracks, and files that are held out."""
    music = runner.home.music
    found = [pathlib.Path(item.path) for item in corpus.scan(folder)]
    chosen = chance.sample(found, min(count, len(found)))
    held_out = [chosen.pop() for _ in range(max(1, int(HELD_OUT * len(chosen))))]
    for number, file in enumerate(sorted(chosen)):
        shutil.copy(file, music / f"{number:03} {file.name}")
    begin = time.monotonic()
    runner.start()
    service = runner.service
    job = service.ingest({"directory": str(music)}).json
    service.wait_for(f"/api/v1/ingest/jobs/{job['id']}", "finished", seconds=LONGEST_INGEST)
    listed = service.get("/api/v1/tracks?per_page=500").json["items"]
    tracks = [service.get(f"/api/v1/tracks/{track['id']}").json for track in listed]
    print(f"{len(tracks)} tracks of {len(chosen)} files, ingested in {time.monotonic() - begin:.0f} s", flush=True)
    for file in set(map(str, music.iterdir())) - {track["file_path"] for track in tracks}:
        pathlib.Path(file).unlink()  # A duplicate, or no music: later ingests shall have nothing to say.
    runner.restart(signal.SIGTERM)  # What the first ingest needed is not to be measured.
    runner.outages.clear()
    return sorted(tracks, key=lambda track: track["file_path"]), held_out


def without_relatives(tracks, held_out):
    """Those of both that share no passage with another one, whose name would be as right."""
    prints = siblings.fingerprints([track["file_path"] for track in tracks] + held_out, 2)
    related = {index for pair in siblings.related_pairs(prints) for index in pair}
    alone = [track for i, track in enumerate(tracks) if i not in related and long_enough(track)]
    return alone, [file for i, file in enumerate(held_out, len(tracks)) if i not in related]


def begin_monitors(runner, server, tracks, strangers, count, chance):
    """The stations, by the names of their monitors. Each is at another place of one of a few programmes."""
    radios = {}
    programmes = []
    for number in range(min(PROGRAMMES, count)):
        chosen = chance.sample(tracks, min(TRACKS_A_PROGRAMME, len(tracks)))
        programmes.append(make_programme(runner.home, number, chosen, strangers, chance))
    for number in range(count):
        programme = programmes[number % len(programmes)]
        radio = Radio(programme, programme.seconds * number / count)
        radios[f"Station {number:02}"] = radio
        server.paths[f"/{number}"] = radio.send
        body, headers = form({"name": f"Station {number:02}", "source": server.url(f"/{number}")})
        answer = runner.service.request("POST", "/api/v1/monitors", body, headers)
        if answer.status != 201:
            raise Wrong(f"a monitor: {answer.status} {answer.body}")
    return radios
