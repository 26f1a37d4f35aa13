"""Measures a build, and keeps the run as one JSON file.

    python3 -m bench.run --build build/release --music FOLDER --out FOLDER [--rounds 5]

Every benchmark is run once a round. The file has the machine, the commit, the date, and each benchmark's median,
quartiles and values (docs/benchmarks.md). Machines are shared: to compare two commits, use bench.compare, which
measures both at the same time."""

import argparse
import pathlib

from bench import series
from bench.rounds import Measurement

HERE = pathlib.Path(__file__).resolve().parent


def table(all_series):
    lines = [f"{'':36}{'median':>12}{'half of the rounds between':>30}"]
    for name, one in all_series.items():
        low, high = one.quartiles
        lines.append(f"{name:36}{one.median:12.3f}{low:15.3f} and {high:.3f} {one.unit}")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--music", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for the file")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    commit = series.git("rev-parse", "HEAD", folder=HERE)
    measurement = Measurement(arguments.music)
    all_series = {}
    try:
        for number in range(arguments.rounds):
            print(f"round {number + 1} of {arguments.rounds}", flush=True)
            series.add(all_series, measurement.round(arguments.build.resolve()))
    finally:
        measurement.close()
    run = series.record(
        all_series,
        commit=commit,
        changed=bool(series.git("status", "--porcelain", "--untracked-files=no", folder=HERE)),
        music={"folder": str(arguments.music), "files": len(measurement.files)},
        rounds=arguments.rounds,
    )
    path = arguments.out / f"{run['date'].replace(':', '')[:17]}-{commit[:10]}.json"
    series.write(path, run)
    print(f"{table(all_series)}\n{path}")


if __name__ == "__main__":
    main()
