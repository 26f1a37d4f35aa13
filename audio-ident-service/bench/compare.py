"""Tells what became slower or larger since a recorded commit.

    python3 -m bench.compare --music FOLDER --out FOLDER [--base COMMIT] [--rounds 5]

Builds the program and the benchmarks of the recorded commit (base.json, or --base) in a work tree of their own, and
those of this tree; then runs both alternately on this machine: one round of the base, one of this tree, and so on.
Prints the ratio of the medians for each benchmark, with the quartiles of the rounds' ratios. Exit code 1 when something
is worse by more than 5 %, 2 when nothing could be compared."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

from bench import series
from bench.rounds import TARGETS, Measurement

HERE = pathlib.Path(__file__).resolve().parent
SERVICE = HERE.parent
BASE = HERE / "base.json"
# Both sides in the same way, whatever the presets of the time say.
OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DAUDIO_IDENT_BENCH=ON",
    "-DAUDIO_IDENT_TESTS=OFF",
    "-DAUDIO_IDENT_WERROR=OFF",
)


class CannotCompare(Exception):
    pass


def full_commit(name):
    try:
        return series.git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", folder=HERE)
    except subprocess.CalledProcessError:
        raise CannotCompare(f"this clone has no commit {name}; fetch the whole history, or give another one") from None


def work_tree(commit, folder):
    """The folder with this commit checked out. What an earlier run built in it is kept."""
    if folder.exists():
        if series.git("rev-parse", "HEAD", folder=folder) == commit:
            return folder
        shutil.rmtree(folder)
    series.git("worktree", "prune", folder=HERE)
    folder.parent.mkdir(parents=True, exist_ok=True)
    series.git("worktree", "add", "--detach", str(folder), commit, folder=HERE)
    return folder


def run_logged(command, folder, log):
    with open(log, "a") as file:
        if subprocess.run(command, cwd=folder, stdout=file, stderr=file, check=False).returncode != 0:
            raise CannotCompare(f"cannot build in {folder}; {log} has the reason")


def build(service, folder, jobs):
    """Builds a tree's service into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "bench-compare.log"
    log.unlink(missing_ok=True)
    run_logged(["cmake", "-G", "Ninja", "-S", str(service), "-B", str(folder), *OPTIONS], service, log)
    run_logged(["cmake", "--build", str(folder), "-j", str(jobs), "--target", *TARGETS], service, log)
    return folder


def alternate(measure, sides, rounds, say):
    """{side: {name: Series}}, measured A B A B. `measure(build)` gives {name: (value, unit)}. Ctrl-C leaves the rounds
    that are whole."""
    found = {name: {} for name in sides}
    try:
        for number in range(rounds):
            this_round = {}
            for name, folder in sides.items():
                say(f"round {number + 1} of {rounds}: {name}")
                this_round[name] = measure(folder)
            for name, measured in this_round.items():
                series.add(found[name], measured)
    except KeyboardInterrupt:
        say("interrupted: comparing what was measured so far")
    return found


def report(comparisons, missing):
    """All lines; the worst first."""
    yield f"{'':36}{'base':>12}{'now':>12}{'ratio':>9}{'half of the rounds between':>30}"
    for one in sorted(comparisons, key=lambda one: one.ratio, reverse=True):
        words = {"worse": "  WORSE", "unclear": "  unclear: measure more rounds", "better": "  better", "same": ""}
        yield (
            f"{one.name:36}{one.before:12.3f}{one.after:12.3f}{one.ratio:9.3f}{one.low:15.3f} and {one.high:.3f}"
            f" {one.unit}{words[one.verdict]}"
        )
    for side, names in zip(("the base", "this tree"), missing):
        if names:
            yield f"only {side} has: {', '.join(names)}"


def worse_in(comparisons):
    """One line for each benchmark that fails the comparison."""
    return [
        f"{'larger' if one.unit == 'MB' else 'slower'} by {one.ratio - 1:.1%}: {one.name}, {one.before:.3f} to"
        f" {one.after:.3f} {one.unit}, half of the rounds between {one.low - 1:+.1%} and {one.high - 1:+.1%}"
        for one in comparisons
        if one.verdict == "worse"
    ]


def compared(arguments):
    commit = full_commit(arguments.base or json.loads(BASE.read_text())["commit"])
    now = series.git("rev-parse", "HEAD", folder=HERE)
    tree = work_tree(commit, arguments.work.resolve() / "base")
    print(f"building {commit[:10]} and this tree ({now[:10]})", flush=True)
    sides = {
        "base": build(tree / SERVICE.name, tree / SERVICE.name / "build" / "compare", arguments.jobs),
        "now": build(SERVICE, SERVICE / "build" / "compare", arguments.jobs),
    }
    measurement = Measurement(arguments.music)
    try:
        found = alternate(measurement.round, sides, arguments.rounds, lambda text: print(text, flush=True))
    finally:
        measurement.close()
    comparisons = series.compare(found["base"], found["now"])
    if not comparisons:
        raise CannotCompare("nothing was measured that both commits have")
    print("\n".join(report(comparisons, series.only_in_one(found["base"], found["now"]))))
    if os.getloadavg()[0] > 2 * os.cpu_count():
        print(f"the load is {os.getloadavg()[0]:.0f}: times that passed say little, those of the processor more")
    path = arguments.out / f"compare-{commit[:10]}-{now[:10]}.json"
    series.write(
        path, {"base": series.record(found["base"], commit=commit), "now": series.record(found["now"], commit=now)}
    )
    print(path)
    return worse_in(comparisons)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--music", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder for the file of the comparison")
    parser.add_argument("--work", type=pathlib.Path, default=SERVICE / "build" / "bench", help="folder of the base")
    parser.add_argument("--base", default="", help="commit to compare with; default: that of base.json")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    try:
        worse = compared(arguments)
    except CannotCompare as problem:
        print(f"bench-compare: {problem}", file=sys.stderr)
        return 2
    print("\n".join(worse) if worse else "nothing became slower or larger by more than 5 %")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
