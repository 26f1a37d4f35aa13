"""Lets the program's files fail, tear and vanish at every call, kills it, cuts the power, and checks the library.

    FILE_FAULTS_LIBRARY=file-faults.so AUDIO_IDENT_PROGRAM=audio-ident python3 run.py --seconds 600 --seed 1

Prints how far it is, a line for each operation, and one for each failure, with the words that repeat it (--only).
"""

import argparse
import collections
import hashlib
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

from disk import MAPPED, Crash, Disk, differences, inodes_of, note_answer, read_log
from lab import Lab, Wrong, expect
from operations import ALL

FAULTS = ("fail", "tear", "full", "kill")  # At a call, see file_faults.cpp.
INSTANT = "instant"  # kill -9 at a random time.


class Trials:
    """The library before one operation, what it answers after it, and the log of its calls."""

    def __init__(self, operation, folder):
        self.operation = operation
        self.lab = Lab()
        self.base = folder / "base"
        self.copy = folder / "copy"
        self.seen = set()
        self.ends = collections.Counter()
        for seed in (1, 2, 3):
            self.lab.make_clip(seed)
        operation.prepare(self.lab)
        shutil.copytree(self.lab.data, self.base)
        self.inodes = inodes_of(self.lab.data)
        begin = time.monotonic()
        settings = self.lab.faults(log=True)
        code = operation.run(self.lab, settings, lambda: note_answer(self.lab.log))
        self.duration = time.monotonic() - begin
        expect(code in (0, 3), f"without faults it ends with {code}: {operation.text}")
        self.calls = read_log(self.lab.log)
        self.disk_after(len(self.calls)).write_to(self.copy, Crash.KILL, None)
        wrong = differences(self.copy, self.lab.data)
        expect(not wrong, f"the log does not say how these files were written: {wrong}")
        operation.resume(self.lab)
        self.lab.assert_healthy()
        self.wanted = self.lab.answers()

    def disk_after(self, count):
        disk = Disk(self.base, self.inodes)
        for call in self.calls[:count]:
            disk.apply(call)
        return disk

    def plan(self, kills):
        crashes = [(crash.name.lower(), n) for crash in Crash for n in range(1, len(self.calls) + 1)]
        faults = [(fault, n) for fault in FAULTS for n in range(1, len(self.calls) + 1)]
        return crashes + faults + [(INSTANT, n) for n in range(kills)]

    def run(self, kind, n):
        """False: what this leaves in the folder was tried before."""
        chance = random.Random(f"{self.operation.name} {kind} {n}")
        if kind in FAULTS:
            answered = self._run_with_fault(self.lab.faults(kind, n), kind == "kill")
        elif kind == INSTANT:
            self.lab.put_back(self.base)
            self.lab.kill_after = chance.uniform(0, self.duration)
            answered = self._run_with_fault({}, True)
        else:
            self.disk_after(n).write_to(self.copy, Crash[kind.upper()], chance)
            self.lab.put_back(self.copy)
            answered = any(call.kind == "A" for call in self.calls[:n])
        state = (answered, digest(self.lab.data))
        if state in self.seen:
            return False
        self.seen.add(state)
        self._check(answered)
        return True

    def _run_with_fault(self, settings, kills):
        self.lab.put_back(self.base)
        answers = []
        code = self.operation.run(self.lab, settings, lambda: answers.append(True))
        self.ends[code] += 1
        expect(code in self.operation.codes or (code is None and kills), f"ends with {code}: {self.operation.text}")
        expect(code in (0, None) or self.operation.text.strip(), f"ends with {code} without a word")
        expect("terminate called" not in self.operation.text, f"an exception left main: {self.operation.text}")
        return bool(answers) and not self.operation.says_it_failed

    def _check(self, answered):
        lab = self.lab
        lab.must("doctor", codes=(0, 1, 75))
        for seed in self.operation.untouched:
            found = json.loads(lab.must("search", "--json", "--mode", "exact", str(lab.clips[seed])).stdout)
            expect(found["exact_matches"], f"song {seed} is not found before the next run")
        if answered:
            self.operation.keep_promise(lab)
            self._compare("was answered")
        self.operation.resume(lab)
        lab.assert_healthy()
        self._compare("was finished by the next run")

    def _compare(self, what):
        answers = self.lab.answers()
        for part, wanted in self.wanted.items():
            there = difference(answers[part], wanted)
            expect(there is None, f"{part} differ after the change {what}: {there}")


def difference(found, wanted, place=""):
    """Where two values differ first, and how; None when they are equal."""
    if isinstance(found, dict) and isinstance(wanted, dict) and found.keys() == wanted.keys():
        parts = [(key, found[key], wanted[key]) for key in wanted]
    elif isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        parts = [(number, *pair) for number, pair in enumerate(zip(found, wanted))]
    else:
        return None if found == wanted else f"{place} {found} not {wanted}"
    differences = (difference(one, other, f"{place}/{name}") for name, one, other in parts)
    return next((there for there in differences if there is not None), None)


def digest(folder):
    """Of all names, and of all files but those that differ from run to run (processes, threads)."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.name in MAPPED:
            continue
        whole.update(str(path.relative_to(folder)).encode() + b"\0")
        if path.is_file():
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.digest()


def try_one(trials, kind, n):
    """(whether it was a new case, the failure or None)"""
    try:
        return trials.run(kind, n), None
    except (Wrong, AssertionError, RuntimeError, subprocess.TimeoutExpired) as error:
        return True, f"{type(error).__name__}: {error}"


def run_operation(make, arguments, seconds):
    operation = make()
    failures = tried = 0
    end = seconds and time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="audio-ident-faults-") as folder:
        trials = Trials(operation, pathlib.Path(folder))
        plan = trials.plan(arguments.kills)
        random.Random(arguments.seed).shuffle(plan)
        plan = plan[arguments.part[0] - 1 :: arguments.part[1]]
        plan = [(kind, n) for kind, n in plan if not arguments.kinds or kind in arguments.kinds]
        if arguments.only:
            plan = [(arguments.only[1], int(arguments.only[2]))]
        cases = collections.Counter()
        for kind, n in plan:
            if end and time.monotonic() > end and not arguments.only:
                break
            new, failure = try_one(trials, kind, n)
            tried += 1
            cases[kind] += new
            if failure:
                failures += 1
                print(f"FAILED {operation.name} {kind} {n}: {failure[:3000]}", flush=True)
            if tried % 250 == 0:
                print(f"{operation.name}: {tried} of {len(plan)} tried, {failures} failed", flush=True)
        trials.lab.close()
    print(
        f"{operation.name}: {len(trials.calls)} calls; {tried} of {len(plan)} tried, different: {dict(cases)}; "
        f"exit codes {dict(trials.ends)}; {failures} failed",
        flush=True,
    )
    return failures


def part(text):
    """ "2/40" as (2, 40)"""
    number, of = map(int, text.split("/"))
    if not 1 <= number <= of:
        raise ValueError(text)
    return number, of


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--seconds", type=float, default=600, help="for all operations together; 0: as long as it takes"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--part", type=part, default=(1, 1), metavar="K/N", help="only the K-th of N parts of the cases"
    )
    parser.add_argument("--kills", type=int, default=200, help="kill -9 at so many random times, in each operation")
    parser.add_argument("--kinds", nargs="*", help="only these: fail tear full kill instant power names mixed")
    parser.add_argument("--operations", nargs="*", help="only these")
    parser.add_argument("--only", nargs=3, metavar=("OPERATION", "KIND", "N"), help="one case")
    arguments = parser.parse_args()
    names = [arguments.only[0]] if arguments.only else arguments.operations
    chosen = [make for make in ALL if not names or make.__name__ in names]
    return 1 if sum([run_operation(make, arguments, arguments.seconds / len(chosen)) for make in chosen]) else 0


if __name__ == "__main__":
    sys.exit(main())
