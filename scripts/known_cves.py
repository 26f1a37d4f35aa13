"""Lists the Debian packages that the program is made with and runs with, and the known CVEs of their versions.

    python3 -m scripts.known_cves [--program PROGRAM]... [--deb FILE] [--data FILE] [--release bookworm] [--list]

Packages: what `make setup` installs; those of all libraries that the programs load; what a package of ours depends on.
The data is that of Debian's security tracker: a file, or fetched where the network allows it. Without data nothing is
compared, and the last line says so; apt still tells of which packages there is a newer version. What is not Debian's
(scripts/third_party.txt, the web page) is named but not compared.

Exit code 0: Debian has fixed nothing that is not installed. 1: it has; upgrade. 2: nothing was compared."""

import argparse
import json
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
TRACKER = "https://security-tracker.debian.org/tracker/data/json"
FETCH_SECONDS = 60
QUERY = "${db:Status-Status}\t${Package}\t${Version}\t${source:Package}\t${source:Version}\n"


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    source: str
    source_version: str


@dataclass(frozen=True)
class Finding:
    source: str
    version: str
    cve: str
    state: str  # "fixed" by a newer version, "open", "unimportant" or "undetermined"
    fixed_version: str
    description: str


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def order(character):
    """Where a character sorts in a version: "~" before the end of the text, letters before other signs."""
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256


def version_parts(text):
    """Pieces that compare as Debian's policy says (5.6.12): texts and numbers in turn."""
    pieces = re.findall(r"(\D*)(\d*)", text)
    return [([*map(order, words), 0], int(number or 0)) for words, number in pieces]


def version_key(version):
    epoch, _, rest = version.rpartition(":")
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
    return int(epoch or 0), version_parts(upstream), version_parts(revision)


def findings_of(source, version, release, data):
    """What the tracker knows of one version of a source package."""
    for cve, about in sorted(data.get(source, {}).items()):
        here = about.get("releases", {}).get(release)
        if here is None:
            continue
        fixed = here.get("fixed_version", "")
        state = here.get("status")
        if state == "resolved":
            # Version 0: this release was never affected.
            if not fixed or fixed == "0" or version_key(version) >= version_key(fixed):
                continue
            state = "fixed"
        if here.get("urgency") == "unimportant":
            state = "unimportant"
        yield Finding(source, version, cve, state, fixed, about.get("description", ""))


def compare(packages, release, data):
    """Findings of all packages, each source package once."""
    sources = sorted({(package.source, package.source_version) for package in packages})
    return [finding for source, version in sources for finding in findings_of(source, version, release, data)]


def installed(names):
    """The packages of these names that are installed, and the names that are not."""
    found = {}
    for line in run("dpkg-query", "-W", "-f", QUERY, *names).splitlines() if names else []:
        status, *fields = line.split("\t")
        if status == "installed":
            found[fields[0]] = Package(*fields)
    return [found[name] for name in sorted(found)], sorted(set(names) - set(found))


def setup_names():
    return run("bash", str(SCRIPTS / "setup.sh"), "--tests", "--list").split()


def library_names(program):
    """Packages of the libraries that a program or library loads, and of those that they load."""
    files = {str(Path(path).resolve()) for path in re.findall(r"=> (/\S+)", run("ldd", str(program)))}
    # Where /lib is a link to /usr/lib, dpkg knows some files by the one name and some by the other.
    files |= {file.removeprefix("/usr") for file in files}
    return sorted({line.split(":", 1)[0] for line in run("dpkg", "-S", *files).splitlines()}) if files else []


def names_in_depends(text):
    """Package names in a field Depends: "libc6 (>= 2.36), a | b" """
    return sorted(set(re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9.+-]+)", text)))


def deb_names(file):
    return names_in_depends(run("dpkg-deb", "-f", str(file), "Depends").replace("\n", " "))


def newer_in(policy, packages):
    """ "name version" of each package of which `apt-cache policy` has a newer one than the installed."""
    found = dict(re.findall(r"^(\S+):\n  Installed: .*\n  Candidate: (\d\S*)", policy, re.MULTILINE))
    return [
        f"{package.name} {found[package.name]}"
        for package in packages
        if package.name in found and version_key(found[package.name]) > version_key(package.version)
    ]


def this_release():
    text = Path("/etc/os-release").read_text()
    found = dict(re.findall(r'^(ID|VERSION_CODENAME)="?([^"\n]*)', text, re.MULTILINE))
    return found.get("VERSION_CODENAME", "") if found.get("ID") == "debian" else ""


def load(file):
    """The tracker's data; raises OSError or ValueError."""
    if file:
        return json.loads(Path(file).read_text())
    with urllib.request.urlopen(TRACKER, timeout=FETCH_SECONDS) as answer:
        return json.load(answer)


def not_debians():
    pinned = re.findall(r"^([\w.-]+)==(\S+)", (SCRIPTS / "third_party.txt").read_text(), re.MULTILINE)
    return [f"{name} {version}" for name, version in pinned]


def report(findings, packages, release):
    counts = Counter(finding.state for finding in findings)
    for state, words in (("fixed", "fixed in {}"), ("open", "not fixed in this release")):
        for finding in findings:
            if finding.state == state:
                text = words.format(finding.fixed_version)
                yield f"{finding.cve}  {finding.source} {finding.version}: {text}. {finding.description}".rstrip(". ")
    yield (
        f"{len(packages)} packages of {len({package.source for package in packages})} sources in {release}: "
        f"{counts['fixed']} CVEs fixed by a version that is not installed, {counts['open']} open in Debian, "
        f"{counts['undetermined']} undetermined, {counts['unimportant']} that Debian calls unimportant"
    )


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, action="append", default=[], help="a program or library that is built")
    parser.add_argument("--deb", type=Path, help="a package of ours")
    parser.add_argument("--data", type=Path, help="the tracker's data, as a file")
    parser.add_argument("--release", default=this_release(), help="Debian's name of the release")
    parser.add_argument("--list", action="store_true", help="print the packages too")
    options = parser.parse_args(arguments)

    groups = {"make setup": setup_names()}
    groups |= {str(program): library_names(program) for program in options.program}
    if options.deb:
        groups[str(options.deb)] = deb_names(options.deb)
    packages, absent = installed(sorted({name for names in groups.values() for name in names}))
    if options.list:
        for package in packages:
            users = ", ".join(group for group, names in groups.items() if package.name in names)
            print(f"{package.name} {package.version} (source {package.source} {package.source_version}; {users})")
    for group, names in groups.items():
        print(f"{len(names)} packages for {group}")
    if not options.program:
        print("no program is given: the libraries that it loads are not among them")
    if absent:
        print(f"not installed here: {', '.join(absent)}")
    if newer := newer_in(run("apt-cache", "policy", *(package.name for package in packages)), packages):
        print(f"apt has newer ones (after apt-get update): {', '.join(newer)}")
    print(f"not Debian's, not compared: {', '.join(not_debians())}; the page's packages (npm audit)")
    if not options.release:
        print("known-cves: this is no Debian, and its tracker knows no other; NOTHING WAS COMPARED", file=sys.stderr)
        return 2
    try:
        data = load(options.data)
    except (OSError, ValueError) as problem:
        where = options.data or TRACKER
        print(f"known-cves: no data from {where}: {problem}; NOTHING WAS COMPARED", file=sys.stderr)
        return 2
    findings = compare(packages, options.release, data)
    print("\n".join(report(findings, packages, options.release)))
    return 1 if any(finding.state == "fixed" for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
