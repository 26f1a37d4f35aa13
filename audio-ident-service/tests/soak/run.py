"""Runs the service for an hour with monitors and clients, ends and kills it now and then, and checks that nothing is
lost and nothing grows. See README.md.

    AUDIO_IDENT_PROGRAM=audio-ident python3 run.py --minutes 60 --seed 1 --music folder --out folder
"""

import argparse
import dataclasses
import pathlib
import random
import signal
import sys
import time

import report
from preparation import begin_monitors, make_library, without_relatives
from samples import Sampler
from service import end_on_sigterm
from service_runner import ServiceRunner
from streams import StreamServer
from verdict import Verdict
from work import Work

RESTARTS_UNTIL = 0.4  # of the time; then the service runs until shortly before the end
RESTART_EVERY = 300  # seconds
LAST_KILL = 0.95  # of the time
CLIPS = 24
PATIENCE = 120  # seconds for what monitors still hear


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--music", type=pathlib.Path, required=True, help="folder of music")
    parser.add_argument("--tracks", type=int, default=60, help="of the folder, chosen by the seed")
    parser.add_argument("--monitors", type=int, default=16)
    parser.add_argument("--only-monitors", action="store_true", help="no clients and no restarts")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of soak.json and soak.svg")
    return parser.parse_args()


def sleep_until(moment):
    time.sleep(max(0, moment - time.monotonic()))


def run_with_restarts(runner, seconds, chance):
    """Ends the service by SIGTERM and kill -9 in turn; the last kill comes after a long time in which it ran."""
    begin = time.monotonic()
    every = min(RESTART_EVERY, RESTARTS_UNTIL * seconds / 2)
    signals = [signal.SIGTERM, signal.SIGKILL]
    at = every
    while at <= RESTARTS_UNTIL * seconds:
        sleep_until(begin + at - chance.uniform(0, 0.1) * every)
        runner.restart(signals[0])
        signals.reverse()
        at += every
    sleep_until(begin + LAST_KILL * seconds)
    runner.restart(signal.SIGKILL)
    sleep_until(begin + seconds)


def end_the_stations(runner, radios):
    """The monitors have written down all that they heard when they fail."""
    for radio in radios.values():
        radio.is_down.set()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        states = {monitor["status"] for monitor in runner.service.get("/api/v1/monitors").json["items"]}
        if states <= {"failing"}:
            break
        time.sleep(1)


def soak(arguments, runner):
    chance = random.Random(f"{arguments.seed} soak")
    tracks, held_out = make_library(runner, arguments.music, arguments.tracks, chance)
    alone, strangers = without_relatives(tracks, held_out)
    print(f"{len(alone)} of them, and {len(strangers)} strangers, have no relatives", flush=True)
    work = None if arguments.only_monitors else Work(runner, alone, arguments.seed, CLIPS)
    server = StreamServer()
    began = time.time()
    radios = begin_monitors(runner, server, alone, strangers, arguments.monitors, chance)
    sampler = Sampler(runner)
    print(f"{len(radios)} monitors, {arguments.minutes:g} minutes", flush=True)
    if work:
        work.start()
        run_with_restarts(runner, 60 * arguments.minutes, chance)
        work.stop()
    else:
        time.sleep(60 * arguments.minutes)
    sampler.close()
    end_the_stations(runner, radios)
    return conclude(arguments, runner, radios, work, sampler, began)


def conclude(arguments, runner, radios, work, sampler, began):
    verdict = Verdict(runner, radios, sampler.starved)
    log = verdict.on_the_log(began)
    outages = verdict.on_outages()
    verdict.on_decoders(sampler.samples)
    restarts = [(begin, end, signal.Signals(number).name) for begin, end, number in runner.outages]
    runner.stop(signal.SIGTERM)
    verdict.on_library()
    lives = verdict.on_lives(sampler.lives())
    report.add_core_percent(sampler.samples)
    failures = [*(work.failures if work else []), *verdict.failures]
    median, p95 = report.of_starts(log.starts)
    figures = {
        "date": time.strftime("%Y-%m-%d"),
        "arguments": {name: str(value) for name, value in vars(arguments).items()},
        "restarts": [name for _, _, name in restarts],
        "outages": [(begin, end) for begin, end, _ in restarts],
        "longest_restart_seconds": max([end - begin for begin, end, _ in restarts], default=0),
        "starved_seconds": sum(end - begin for begin, end in sampler.starved),
        "done": work.done if work else {},
        "interrupted": work.interrupted if work else {},
        "items_expected": log.expected,
        "items_found": log.found,
        "lost": log.lost,
        "twice": log.twice,
        "wrong": log.wrong,
        "outages_of_stations": outages,
        "start_median_seconds": median,
        "start_p95_seconds": p95,
        "core_percent": report.mean_core_percent(max(sampler.lives(), key=len)),
        "flatness": [[minutes, [dataclasses.asdict(each) for each in life]] for minutes, life in lives],
        "failures": failures,
        "logs": verdict.logs,
    }
    report.write(arguments.out, figures, sampler.samples, [begin - sampler.began for begin, _, _ in restarts])
    report.show(figures, lives)
    return 1 if failures else 0


def main():
    end_on_sigterm()
    runner = ServiceRunner()
    try:
        return soak(parse(), runner)
    finally:
        runner.close()


if __name__ == "__main__":
    sys.exit(main())
