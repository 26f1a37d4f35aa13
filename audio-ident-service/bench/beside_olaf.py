"""Compares the speed of an ingest with that of Olaf (github.com/JorenSix/Olaf: its C core, built by its own Makefile).

    python3 -m bench.beside_olaf --program build/release/src/audio-ident --olaf PATH/bin/olaf_core FOLDER
                                 [--runs 3] [--threads 2]

Both run in turn on the same files. Our ingest reads, hashes and decodes them, computes Chromaprint and fingerprints,
and writes two stores. Olaf runs the fastest way it can: ffmpeg decodes to raw samples, as many files at once as there
are threads, then one olaf_core stores everything. The files are in the page cache; the stores are new each time. Prints
ratios of wall-clock time and of processor time. The latter does not depend on the other load of the machine."""

import argparse
import concurrent.futures
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from bench.whole_program import AUDIO


def spent(work):
    """Wall-clock seconds, and the processor seconds of child processes."""

    def processor():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    clock, before = time.monotonic(), processor()
    work()
    return time.monotonic() - clock, processor() - before


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **options)
    if done.returncode not in (0, 3):
        sys.exit(f"{command[0]} failed with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")


def ours(program, listing, threads):
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "AUDIO_IDENT_DATA_DIR": data, "INGEST_THREADS": str(threads)}
        run([program, "ingest", "--no-embed", "--allow-duplicates", "--from-file", listing], env=environment)


def olaf(program, files, threads):
    with tempfile.TemporaryDirectory() as scratch:
        home = pathlib.Path(scratch)
        (home / ".olaf" / "db").mkdir(parents=True)
        raw = [home / f"{k}.raw" for k in range(len(files))]

        def decode(k):
            run(
                [
                    "ffmpeg",
                    "-v",
                    "error",
                    "-nostdin",
                    "-threads",
                    "1",
                    "-i",
                    files[k],
                    "-vn",
                    "-ac",
                    "1",
                    "-ar",
                    "16000",
                    "-f",
                    "f32le",
                    str(raw[k]),
                ]
            )

        with concurrent.futures.ThreadPoolExecutor(threads) as pool:
            list(pool.map(decode, range(len(files))))
        pairs = [part for k, file in enumerate(files) for part in (str(raw[k]), file)]
        run([program, "store", *pairs], env={**os.environ, "HOME": scratch})


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder", type=pathlib.Path)
    p.add_argument("--program", type=pathlib.Path, required=True)
    p.add_argument("--olaf", type=pathlib.Path, required=True)
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--olaf-threads", type=int, help="default: as many; Olaf's own command uses 1 unless told otherwise")
    args = p.parse_args()
    files = sorted(str(f.resolve()) for f in args.folder.rglob("*") if f.suffix.lower() in AUDIO)
    with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as listing:
        listing.write("".join(f"{f}\n" for f in files))
        listing.flush()
        clock, processor = [], []
        for turn in range(args.runs):
            a = spent(lambda: ours(str(args.program.resolve()), listing.name, args.threads))
            b = spent(lambda: olaf(str(args.olaf.resolve()), files, args.olaf_threads or args.threads))
            clock.append(b[0] / a[0])
            processor.append(b[1] / a[1])
            print(
                f"run {turn + 1}: audio-ident {a[0]:.1f} s ({a[1]:.1f} s of the processor), "
                f"Olaf {b[0]:.1f} s ({b[1]:.1f} s): {clock[-1]:.1f} and {processor[-1]:.1f} times",
                flush=True,
            )
    print(
        f"{len(files)} files, {args.threads} threads, Olaf {args.olaf_threads or args.threads}: Olaf takes "
        f"{statistics.median(clock):.1f} times as long by the clock, "
        f"{statistics.median(processor):.1f} times as much of the processor (medians of {args.runs})"
    )


if __name__ == "__main__":
    main()
