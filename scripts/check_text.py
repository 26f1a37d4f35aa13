"""Checks the prose of the tree: documents and comments.

- Lines of documents and comments have at most 120 characters. Tables, links, code blocks of documents and lines with
  one long word (a path, an address) may be longer.
- Links between documents lead to files and headings that exist.
- Files, folders, settings and Make targets that documents mention in `code` exist, and so do source files that comments
  name.

    python3 -m scripts.check_text

Prints one line for each finding; exit code 1 when there is one.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 120
SERVICE = Path("audio-ident-service")
COMMENTED = {".cpp", ".hpp", ".py", ".sh", ".ts", ".js", ".svelte", ".cmake", ".yml", ".toml", ".service"}
COMMENTED_NAMES = {"Makefile", "CMakeLists.txt", "Dockerfile", "run"}
# One is generated; the bytes of the other name the cache folder, so that an edit fetches 90 MB again.
LEFT_ALONE = {"audio-ident-ui/src/lib/api/schema.ts", "scripts/third_party.sh"}
# Where a path in a document may begin.
PLACES = (Path(), SERVICE, SERVICE / "src", SERVICE / "eval", Path("audio-ident-ui"), Path("audio-ident-ui/src"))
# Names that end like ours but are not ours to have: files of users, models and tools.
NOT_OURS = re.compile(
    r"^(?:[A-Z_]+|\.\.|~|…|.*[*{}<>…$].*|(?:.*/)?(?:model|calibration|similarity|vibe|tokenizer|report|queries)\.json"
    r"|(?:.*/)?(?:settings|data|lock|catalog)\.(?:env|mdb|db)|.*\.(?:onnx|tar|webm|csv|part|graph|graph\.new|wav|mp3))"
)
TARGET = re.compile(r"^([a-z][a-z0-9-]*):", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
SOURCE_FILE = re.compile(r"(?<![\w/.-])((?:[\w-]+/)*[a-z0-9][a-z0-9_-]*\.(?:cpp|hpp|py|sh))\b(?!\()")
FENCE = re.compile(r"^\s*```")


def tracked():
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    paths = (Path(name.decode()) for name in names.split(b"\0") if name)
    return [path for path in paths if (ROOT / path).is_file() and not (ROOT / path).is_symlink()]


def has_comments(path):
    """Whether comments in this file are checked."""
    return (path.suffix in COMMENTED or path.name in COMMENTED_NAMES) and str(path) not in LEFT_ALONE


def too_long(line):
    """Whether a line is wider than it may be. A line whose one long word does not fit is not."""
    if len(line) <= WIDTH or "](" in line or "http" in line or "# noqa" in line:
        return False
    indent = len(line) - len(line.lstrip(" /*#-"))
    return max(len(word) for word in line.split()) + indent < WIDTH


def prose_lines(text):
    """Numbered lines of a document that are prose: no tables, code blocks or HTML comments."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced and not line.startswith(("    ", "|", "<!--", "\t")):
            yield number, line


def comment_lines(suffix, text):
    """Numbered lines of a source file that are comments, or lie in a comment or docstring."""
    mark = "//" if suffix in {".cpp", ".hpp", ".ts", ".js", ".svelte"} else "#"
    trailing = re.compile(rf"\s{mark}+[!<]* ")
    quoted = False
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.lstrip()
        ticks = line.count('"""') if suffix == ".py" and (quoted or stripped.startswith('"""')) else 0
        if quoted or ticks or stripped.startswith((mark, "/*", "* ")) or trailing.search(line):
            yield number, line
        if ticks % 2:
            quoted = not quoted


def width_findings(path, text):
    lines = prose_lines(text) if path.suffix == ".md" else comment_lines(path.suffix, text)
    for number, line in lines:
        if too_long(line):
            yield f"{path}:{number}: {len(line)} characters; prose is wrapped at {WIDTH}"


def anchor(heading):
    """The anchor that GitHub gives a heading."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower().replace("`", ""))
    return kept.replace(" ", "-")


def anchors(text):
    return {anchor(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")}


def link_findings(path, text, root=None):
    root = root or ROOT
    for number, line in enumerate(text.splitlines(), 1):
        for target in LINK.findall(line):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, heading = target.partition("#")
            there = (root / path).parent / name if name else root / path
            if not there.exists():
                yield f"{path}:{number}: {target} does not exist"
            elif heading and there.suffix == ".md" and heading not in anchors(there.read_text()):
                yield f"{path}:{number}: {name or path} has no heading #{heading}"


def looks_like_path(word):
    if NOT_OURS.match(word) or not re.fullmatch(r"[\w.+-]+(?:/[\w.+\[\]-]+)*/?", word):
        return False
    return word.endswith((".cpp", ".hpp", ".py", ".sh", ".ts", ".svelte", ".md", ".sql", ".txt", "/")) and (
        "/" in word or word.endswith((".cpp", ".hpp", ".py", ".sh", ".md"))
    )


def exists(word, names):
    """Whether a path that a document mentions is there, from one of the places or as the end of a tracked path."""
    if any((ROOT / place / word).exists() for place in PLACES):
        return True
    wanted = "/" + word.rstrip("/")
    return any(name.endswith(wanted) or (word.endswith("/") and wanted + "/" in name) for name in names)


def mention_findings(path, text, names, targets, settings):
    for number, line in enumerate(text.splitlines(), 1):
        for code in CODE.findall(line):
            for target in re.findall(r"(?<![\w-])make ([a-z][a-z0-9-]+)", code):
                if target not in targets:
                    yield f"{path}:{number}: the Makefile has no target {target}"
            for word in re.split(r"[\s=:,]+", code):
                if looks_like_path(word) and not exists(word, names):
                    yield f"{path}:{number}: {word} does not exist"
                if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+", word) and word.removesuffix("_FILE") not in settings:
                    yield f"{path}:{number}: the program has no setting {word}"


def comment_findings(path, text, names):
    """Source files that comments name and that are not there. Names with capitals are placeholders."""
    for number, line in comment_lines(path.suffix, text):
        for word in SOURCE_FILE.findall("" if "#include" in line else line):
            if not exists(word, names):
                yield f"{path}:{number}: {word} does not exist"


def known_settings():
    """Names of settings, error codes and variables: everything in capitals that the sources use."""
    sources = [
        p for p in tracked() if p.suffix in {".cpp", ".hpp", ".sh", ".py", ".ts", ".yml"} and "tests" not in p.parts
    ]
    sources.append(Path("Makefile"))
    return set(
        re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", "\n".join((ROOT / p).read_text(errors="replace") for p in sources))
    )


def findings():
    paths = tracked()
    names = ["/" + str(path) for path in paths]
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    settings = known_settings()
    for path in paths:
        if path.suffix != ".md" and not has_comments(path):
            continue
        text = (ROOT / path).read_text(errors="replace")
        yield from width_findings(path, text)
        if path.suffix == ".md":
            yield from link_findings(path, text)
            # The list of changes names files that no longer exist.
            if path.name != "CHANGELOG.md":
                yield from mention_findings(path, text, names, targets, settings)
        else:
            yield from comment_findings(path, text, names)


def main():
    found = list(findings())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
