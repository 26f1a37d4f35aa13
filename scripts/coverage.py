"""Says how many lines of each parser of foreign bytes the fuzzers' inputs and the parser's unit tests run.

    python3 -m scripts.coverage SERVICE_FOLDER [--missed]

SERVICE_FOLDER/build/coverage has the targets `fuzzers` of the preset `coverage`. The inputs are the seeds and the kept
corpus of the tree, and what `make fuzz` has found on this machine (build/fuzz/corpus); each is run once. Exit code 1
when less than 90 % of a parser's lines are run."""

import argparse
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

LEAST = 90
# The files of each parser, below src/. Where a file does more than to parse, its functions that do.
PARSERS = {
    "env-file": {"config/env_file.cpp": ()},
    "http-text": {"http/query.cpp": (), "http/range.cpp": ()},
    "id3v2": {"audio/id3v2.cpp": ()},
    "index-codec": {"index/fingerprint/records.cpp": ("encode_peak_block",)},
    "multipart": {"http/multipart.cpp": ()},
    "path-text": {"util/path_text.cpp": (), "util/utf8.cpp": ()},
    "playlist": {"monitor/feed/playlist.cpp": (), "monitor/feed/icy.cpp": ()},
    "posting-shard": {
        "index/fingerprint/posting_shard.cpp": (),
        "index/fingerprint/posting_shard.hpp": (),
        "index/fingerprint/elias_fano.hpp": (),
        "index/fingerprint/records.cpp": ("decode_peak_block",),
    },
    "s3-text": {"lib/curl/s3_text.cpp": ()},
    "shard-pack": {"index/fingerprint/shard_pack.cpp": ()},
    "tokenizer": {"embedding/byte_pair_tokenizer.cpp": ()},
    "vector-entry": {"index/vector/lmdb_vectors.cpp": ("read_space_record", "read_vector_entry")},
    "worker-message": {"audio/worker_message.cpp": ()},
}


class File(NamedTuple):
    lines: dict  # number: how often it was run
    functions: list  # (first line, mangled name), in order


def read_lcov(text):
    """{path: File} of llvm-cov's export."""
    files = {}
    for line in text.splitlines():
        kind, _, rest = line.partition(":")
        if kind == "SF":
            current = files.setdefault(os.path.normpath(rest), File({}, []))
        elif kind == "DA":
            number, count = rest.split(",")[:2]
            current.lines[int(number)] = current.lines.get(int(number), 0) + int(count)
        elif kind == "FN":
            number, name = rest.split(",", 1)
            current.functions.append((int(number), name))
    for file in files.values():
        file.functions.sort()
    return files


def lines_of(file, names):
    """{number: count} of the functions of these names, of all without names. Lambdas belong to their function."""
    if not names:
        return file.lines
    inside, current = {}, None
    starts = dict(file.functions)
    for number in range(1, max(file.lines, default=0) + 1):
        if number in starts:
            current = any(name in starts[number] for name in names)
        if current and number in file.lines:
            inside[number] = file.lines[number]
    return inside


class Coverage(NamedTuple):
    parser: str
    run: int
    lines: int
    missed: list  # "path:line"

    @property
    def percent(self):
        return 100 * self.run / self.lines if self.lines else 0


def coverage_of(parser, wanted, files, source):
    run = lines = 0
    missed = []
    for path, names in wanted.items():
        counts = lines_of(files.get(str(source / path), File({}, [])), names)
        run += sum(1 for count in counts.values() if count)
        lines += len(counts)
        missed += [f"{path}:{number}" for number, count in sorted(counts.items()) if not count]
    return Coverage(parser, run, lines, missed)


def table(coverages):
    yield f"{'parser':16}{'lines':>7}{'run':>7}{'%':>8}"
    for one in coverages:
        low = "" if one.percent >= LEAST else f"  below {LEAST} %"
        yield f"{one.parser:16}{one.lines:7}{one.run:7}{one.percent:8.1f}{low}"


def tool(name):
    """llvm-cov and llvm-profdata must be as old as the compiler."""
    version = re.search(r"version (\d+)", subprocess.run(["clang", "--version"], capture_output=True, text=True).stdout)
    for candidate in (f"{name}-{version[1]}" if version else name, name):
        for folder in os.environ["PATH"].split(":"):
            if Path(folder, candidate).is_file():
                return candidate
    sys.exit(f"coverage: {name} is missing; install the package llvm")


def measure(parser, service, folder):
    """Runs the inputs and the tests of a parser; {path: File}."""
    build = service / "build" / "coverage" / "fuzz"
    fuzzer, tests = build / f"fuzz-{parser}", build / f"parser-test-{parser}"
    kept = Path(folder, "kept")
    with tarfile.open(service / "fuzz" / "corpus" / f"{parser}.tar.gz") as archive:
        archive.extractall(kept)
    places = (service / "fuzz" / "seeds" / parser, kept, service / "build" / "fuzz" / "corpus" / parser)
    inputs = [str(path) for place in places if place.is_dir() for path in sorted(place.iterdir())]
    programs = [[str(fuzzer), *inputs]] + ([[str(tests)]] if tests.exists() else [])
    for number, command in enumerate(programs):
        environment = {**os.environ, "LLVM_PROFILE_FILE": f"{folder}/{number}.profraw"}
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"coverage: {command[0]} failed\n{done.stdout}{done.stderr}")
    raw = [str(path) for path in Path(folder).glob("*.profraw")]
    merged = f"{folder}/merged.profdata"
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", "-o", merged, *raw], check=True)
    objects = [argument for command in programs[1:] for argument in ("-object", command[0])]
    exported = subprocess.run(
        [tool("llvm-cov"), "export", "-format=lcov", f"-instr-profile={merged}", programs[0][0], *objects],
        capture_output=True,
        text=True,
        check=True,
    )
    return read_lcov(exported.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("service", type=Path)
    parser.add_argument("--missed", action="store_true", help="print the lines that were not run")
    arguments = parser.parse_args()
    service = arguments.service.resolve()
    coverages = []
    for name, wanted in PARSERS.items():
        with tempfile.TemporaryDirectory() as folder:
            coverages.append(coverage_of(name, wanted, measure(name, service, folder), service / "src"))
    print("\n".join(table(coverages)))
    if arguments.missed:
        print("\n".join(line for one in coverages for line in one.missed))
    return 0 if all(one.percent >= LEAST for one in coverages) else 1


if __name__ == "__main__":
    sys.exit(main())
