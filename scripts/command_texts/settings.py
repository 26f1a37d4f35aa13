"""The settings of the program, as `audio-ident config --example` prints them, and the settings file of the service."""

import re
import subprocess
from dataclasses import dataclass

DATA = "/var/lib/audio-ident"
USER_DATA = "~/.local/share/audio-ident"
HEADER = """\
# Settings of the audio-ident service. Remove the # from a setting that you change, then:
#     systemctl restart audio-ident
# The command line uses this file, and so the library of the service, when you run it like this:
#     sudo -u audio-ident audio-ident --env-file /etc/audio-ident.env COMMAND
# To keep a secret in a file of its own, write NAME_FILE=/path instead of NAME=value. Only root and the group
# audio-ident can read this file.
"""
SETTING = re.compile(r"((?:^# .*\n)+)^#([A-Z_]+)=(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    help: str


def example_of(program):
    return subprocess.run([program, "config", "--example"], capture_output=True, check=True, text=True).stdout


def settings_of(example):
    for comment, name, default in SETTING.findall(example):
        yield Setting(name, default, " ".join(line.removeprefix("# ") for line in comment.splitlines()))


def settings_file(example):
    """Every setting, commented; the folder of the service's library is set."""
    _, groups = example.split("\n\n", 1)
    own_data = f"#AUDIO_IDENT_DATA_DIR={USER_DATA}\n"
    if own_data not in groups:
        raise ValueError(f"the settings of the program lack {own_data.strip()}")
    groups = groups.replace(f" Default: $XDG_DATA_HOME/audio-ident or {USER_DATA}.", "")
    return HEADER + "\n" + groups.replace(own_data, own_data[1:]).replace(USER_DATA, DATA)
