"""The commands of the program, as `audio-ident commands --json` prints them."""

import json
import subprocess
from dataclasses import dataclass

FILES = {"FILE", "LIST", "PATH", "ID|PATH"}
FOLDERS = {"DIR"}


@dataclass(frozen=True)
class Option:
    names: tuple
    positional: bool
    value: str | None  # what stands for the value in the help; None: a flag
    values: tuple  # the values that are allowed; empty: any
    required: bool
    repeats: bool
    help: str

    @property
    def takes(self):
        """What the value is: nothing, words, files, folders or text."""
        if self.value is None:
            return "nothing"
        kind = self.value.removesuffix("...")
        return "words" if self.values else "files" if kind in FILES else "folders" if kind in FOLDERS else "text"


@dataclass(frozen=True)
class Command:
    path: str  # "audio-ident tracks list"
    help: str
    text: str  # what follows the options in the help
    all_options: tuple
    below: tuple  # the names of the commands below it

    @property
    def name(self):
        return self.path.rsplit(" ", 1)[-1]

    @property
    def above(self):
        """The path of the command above it; empty for the program itself."""
        return self.path.rpartition(" ")[0]

    @property
    def options(self):
        return [option for option in self.all_options if not option.positional]

    @property
    def positionals(self):
        return [option for option in self.all_options if option.positional]


def option_of(data):
    values = data["values"]
    # Settings with a few values show them in place of a type: text|json.
    if not values and "|" in (data["value"] or "") and data["value"].islower():
        values = data["value"].split("|")
    names = ("names", tuple(data["names"])), ("values", tuple(values))
    return Option(**{**data, **dict(names)})


HELP = Option(("--help", "-h"), False, None, (), False, False, "Print this help message and exit")
VERSION = Option(("--version", "-V"), False, None, (), False, False, "Print the version and exit")


def commands_of(lines):
    """The commands, the program itself first."""
    commands = []
    for line in lines:
        data = json.loads(line)
        own = [option_of(option) for option in data["options"]]
        extra = [HELP] if commands else [HELP, VERSION]
        commands.append(
            Command(data["command"], data["help"], data["text"], tuple(extra + own), tuple(data["commands"]))
        )
    return commands


def commands_of_program(program):
    printed = subprocess.run([program, "commands", "--json"], capture_output=True, check=True, text=True).stdout
    return commands_of(printed.splitlines())
