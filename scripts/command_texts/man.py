"""Man pages: one for the program, and one for each command with the commands below it."""

import re

EXIT_CODES = "\n".join(
    f".TP\n.B {code}\n{meaning}"
    for code, meaning in (
        ("0", "Fine. A clip that matches nothing, and a file that is a duplicate, are fine."),
        ("1", "Fatal: nothing or not everything was done."),
        ("2", "The command line or a setting is wrong."),
        ("3", "Finished; some files could not be read."),
        ("75", "A store is unavailable or locked; try again later."),
        ("130", "Interrupted; everything reported is stored."),
    )
)


def escaped(text):
    """Text as roff reads it: no character of it is a request, and a dash is a dash."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = text.replace("~", "\\(ti").replace("^", "\\(ha").replace("`", "\\(ga").replace("'", "\\(aq")
    return re.sub(r"^(\.)", r"\\&\1", text, flags=re.MULTILINE)


def page_name(command):
    """The page of a command: a command below another is in the page of that one."""
    return "-".join(command.path.split()[:2])


def prose(text):
    """Paragraphs are filled; lines that are indented below a heading stay as they are."""
    parts = []
    for paragraph in text.split("\n\n"):
        heading, _, rest = paragraph.partition("\n")
        if re.fullmatch(r"[A-Z][\w ]*:", heading) and rest.startswith("  "):
            parts.append(
                f".PP\n{escaped(heading)}\n.PP\n.nf\n.RS\n{escaped(re.sub('^  ', '', rest, flags=re.M))}\n.RE\n.fi"
            )
        else:
            parts.append(f".PP\n{escaped(paragraph)}")
    return "\n".join(parts)


def synopsis(command):
    words = [f".B {escaped(command.path)}", "[\\fIOPTIONS\\fR]"]
    if command.below:
        words.append("\\fICOMMAND\\fR")
    for option in command.positionals:
        name = escaped(option.value.removesuffix("..."))
        text = f"\\fI{name}\\fR" + ("..." if option.repeats else "")
        words.append(text if option.required else f"[{text}]")
    return "\n".join(words)


def option_text(option):
    names = [escaped(name) for name in sorted(option.names, key=len)]
    head = ", ".join(f"\\fB{name}\\fR" for name in names)
    if option.positional:
        head = f"\\fI{escaped(option.value.removesuffix('...'))}\\fR"
    elif option.value:
        head += f" \\fI{escaped(option.value)}\\fR"
    text = escaped(option.help)
    text = text if text.endswith(".") else text + "."
    values = f" One of {escaped(', '.join(option.values))}." if option.values else ""
    return f".TP\n{head}\n{text}{values}"


def options_text(command):
    return "\n".join(option_text(option) for option in command.positionals + command.options)


def header(name, version):
    return f'.TH {escaped(name.upper())} 1 "" "audio\\-ident {escaped(version)}" "User Commands"\n.nh\n.ad l'


def body(command):
    parts = [f".PP\n{synopsis(command)}", f".PP\n{escaped(command.help)}.", options_text(command)]
    return "\n".join(parts + ([prose(command.text)] if command.text else []))


def list_of(commands):
    return "\n".join(f".TP\n.B {escaped(each.path)}\n{escaped(each.help)}." for each in commands)


def command_page(command, below, version):
    name = page_name(command)
    summary = command.help[0].lower() + command.help[1:]
    parts = [
        header(name, version),
        f".SH NAME\n{escaped(name)} \\- {escaped(summary)}",
        f".SH SYNOPSIS\n{synopsis(command)}",
        f".SH DESCRIPTION\n{escaped(command.help)}.",
    ]
    if command.text:
        parts.append(prose(command.text))
    parts.append(f".SH OPTIONS\n{options_text(command)}")
    parts += [f".SH {escaped(each.path.partition(' ')[2].upper())}\n{body(each)}" for each in below]
    parts.append(f".SH EXIT STATUS\n{EXIT_CODES}")
    parts.append(".SH SEE ALSO\n.BR audio\\-ident (1),\nwhich has the options of all commands and the settings.")
    return "\n".join(parts) + "\n"


def program_page(commands, settings, version):
    root = commands[0]
    settings_text = "\n".join(
        f".TP\n.B {escaped(each.name)}\n{escaped(each.help)}"
        + (f"\nDefault here: {escaped(each.default)}." if each.default else "")
        for each in settings
    )
    pages = sorted({page_name(each) for each in commands[1:]})
    parts = [
        header("audio-ident", version),
        ".SH NAME\naudio\\-ident \\- finds music by sound in your own library",
        f".SH SYNOPSIS\n{synopsis(root)}",
        f".SH DESCRIPTION\n{escaped(root.help)}",
        prose(root.text),
        f".SH COMMANDS\n{list_of(commands[1:])}",
        f".SH OPTIONS\nThese may stand before and after any command.\n{options_text(root)}",
        f".SH EXIT STATUS\n{EXIT_CODES}",
        ".SH ENVIRONMENT\nEvery setting can be an environment variable, or a line NAME=VALUE in the file .env of the "
        "working folder. Options override both.\n" + settings_text,
        ".SH SEE ALSO\n" + ",\n".join(f".BR {escaped(page)} (1)" for page in pages),
    ]
    return "\n".join(parts) + "\n"


def pages(commands, settings, version):
    """The text of each page, by its file name."""
    made = {"audio-ident.1": program_page(commands, settings, version)}
    for command in commands[1:]:
        if command.above == commands[0].path:
            below = [each for each in commands if each.above == command.path]
            made[page_name(command) + ".1"] = command_page(command, below, version)
    return made
