"""Measures the cost of an ingest against decoding alone, with the whole program.

    python3 -m bench.whole_program --build build/release FOLDER [--runs 5] [--threads 2] [--embed]

In turn: decodes all audio files of FOLDER with the program's own decoder, then ingests the same files into a new data
folder with as many threads. Without --embed the ingest serves the exact lane only, with --embed both lanes. Prints the
ratio of the two times for each pair of runs and their median, the memory of the ingest, and the bytes of the index for
an hour of music. Machines are shared: compare ratios, not seconds."""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

AUDIO = {".mp3", ".flac", ".wav", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".wma", ".aif", ".aiff", ".webm"}


class Timed(NamedTuple):
    seconds: float
    processor_seconds: float  # of its own processes too that have ended
    megabytes: float  # at most at a time, in the process itself
    output: bytes


def timed(command, environment=None, folder=None):
    """Runs a command in a folder to its end."""
    before = time.monotonic()
    process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with process.stdout:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        sys.exit(f"{command[0]} failed with {process.returncode}")
    seconds = time.monotonic() - before
    return Timed(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def audio_files(folder):
    return sorted(str(path) for path in folder.rglob("*") if path.suffix.lower() in AUDIO)


def folder_bytes(folder):
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file() and path.name == "data.mdb")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--embed", action="store_true")
    arguments = parser.parse_args()

    files = audio_files(arguments.folder)
    decode = [str(arguments.build / "bench" / "decode-all"), str(arguments.threads), *files]
    program = str(arguments.build / "src" / "audio-ident")
    lanes = [] if arguments.embed else ["--no-embed"]
    hours = float(timed(decode).output) / 3600  # also warms the page cache
    ratios, memory, megabytes = [], [], []
    for run in range(arguments.runs):
        decoding = timed(decode).seconds
        with tempfile.TemporaryDirectory() as data:
            environment = {**os.environ, "AUDIO_IDENT_DATA_DIR": data, "INGEST_THREADS": str(arguments.threads)}
            ingest = timed([program, "ingest", *lanes, str(arguments.folder)], environment)
            megabytes.append(folder_bytes(pathlib.Path(data)) / 1e6 / hours)
        ratios.append(ingest.seconds / decoding)
        memory.append(ingest.megabytes)
        print(
            f"run {run + 1}: decode {decoding:.2f} s, ingest {ingest.seconds:.2f} s, ratio {ratios[-1]:.3f}, "
            f"{memory[-1]:.0f} MB",
            flush=True,
        )
    print(
        f"{len(files)} files, {hours:.2f} h, {arguments.threads} threads: "
        f"ingest / decode median {statistics.median(ratios):.3f} (from {min(ratios):.3f} to {max(ratios):.3f}), "
        f"peak memory {max(memory):.0f} MB, index {statistics.median(megabytes):.2f} MB an hour"
    )


if __name__ == "__main__":
    main()
