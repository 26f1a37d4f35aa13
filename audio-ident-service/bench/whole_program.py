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

AUDIO = {".mp3", ".flac", ".wav", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".wma", ".aif", ".aiff", ".webm"}


def timed(command, environment=None):
    """Seconds, and the peak memory of the process in MB."""
    before = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        sys.exit(f"{command[0]} failed with {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - before, usage.ru_maxrss / 1024, output


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

    files = sorted(str(path) for path in arguments.folder.rglob("*") if path.suffix.lower() in AUDIO)
    decode = [str(arguments.build / "bench" / "decode-all"), str(arguments.threads), *files]
    program = str(arguments.build / "src" / "audio-ident")
    lanes = [] if arguments.embed else ["--no-embed"]
    _, _, output = timed(decode)  # also warms the page cache
    hours = float(output) / 3600
    ratios, memory, megabytes = [], [], []
    for run in range(arguments.runs):
        decoding, _, _ = timed(decode)
        with tempfile.TemporaryDirectory() as data:
            environment = {**os.environ, "AUDIO_IDENT_DATA_DIR": data, "INGEST_THREADS": str(arguments.threads)}
            ingesting, peak, _ = timed([program, "ingest", *lanes, str(arguments.folder)], environment)
            megabytes.append(folder_bytes(pathlib.Path(data)) / 1e6 / hours)
        ratios.append(ingesting / decoding)
        memory.append(peak)
        print(
            f"run {run + 1}: decode {decoding:.2f} s, ingest {ingesting:.2f} s, ratio {ratios[-1]:.3f}, {peak:.0f} MB",
            flush=True,
        )
    print(
        f"{len(files)} files, {hours:.2f} h, {arguments.threads} threads: "
        f"ingest / decode median {statistics.median(ratios):.3f} (from {min(ratios):.3f} to {max(ratios):.3f}), "
        f"peak memory {max(memory):.0f} MB, index {statistics.median(megabytes):.2f} MB an hour"
    )


if __name__ == "__main__":
    main()
