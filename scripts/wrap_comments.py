"""Wraps comments that are wider than scripts.check_text allows, in all files that it checks but Python's.

    python3 -m scripts.wrap_comments

The words that do not fit move to the next line of the comment, and so on until a line fits. Comments after code move to
lines of their own when they do not fit. Python docstrings and documents are left to their authors.
"""

import re
import sys

from scripts.check_text import ROOT, WIDTH, has_comments, too_long, tracked

OWN_LINE = re.compile(r"^(\s*(?://[/!]?|#)\s+)(\S.*)$")
AFTER_CODE = re.compile(r"^(\s*)(\S.*?)  (//[/!]?)<?\s+(\S.*)$")
# A line that begins something of its own: a list item, a table, a tag.
NEW_PART = re.compile(r"^(?:[-*|]|\d+\.|\\)")


def cut(prefix, words):
    """The words that fit behind the prefix, and the others."""
    fits = []
    while words and len(prefix) + len(" ".join([*fits, words[0]])) <= WIDTH:
        fits.append(words[0])
        words = words[1:]
    return fits, words


def continues(line, prefix):
    """Whether a line goes on with the paragraph of a comment with this prefix."""
    match = OWN_LINE.match(line)
    return bool(match) and match[1] == prefix and not NEW_PART.match(match[2])


def wrap(text):
    """The text with its wide comments wrapped."""
    lines, done = text.split("\n"), []
    while lines:
        line = lines.pop(0)
        own = OWN_LINE.match(line)
        after = None if own else AFTER_CODE.match(line)
        if not too_long(line) or not (own or after):
            done.append(line)
        elif after:
            indent, code, mark, comment = after.groups()
            lines[:0] = [f"{indent}{mark} {comment}", f"{indent}{code}"]
        else:
            fits, rest = cut(own[1], own[2].split())
            done.append(own[1] + " ".join(fits))
            if lines and continues(lines[0], own[1]):
                rest += OWN_LINE.match(lines.pop(0))[2].split()
            lines.insert(0, own[1] + " ".join(rest))
    return "\n".join(done)


def main():
    for path in tracked():
        if path.suffix == ".py" or not has_comments(path):
            continue
        file = ROOT / path
        text = file.read_text(errors="replace")
        wrapped = wrap(text)
        if wrapped != text:
            file.write_text(wrapped)
            print(path)


if __name__ == "__main__":
    sys.exit(main())
