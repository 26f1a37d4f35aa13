"""Completion for fish."""

HEAD = """\
# fish completion for audio-ident; made from `audio-ident commands --json`.

# Prints the command that the words before the cursor name, as "audio-ident tracks list".
function __audio_ident_command
    set -l path audio-ident
    set -l skip no
    for word in (commandline -opc)[2..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word $__audio_ident_with_value
            set skip yes
        else if contains -- "$path $word" $__audio_ident_commands
            set path "$path $word"
        end
    end
    echo $path
end

function __audio_ident_in
    test (__audio_ident_command) = "$argv"
end
"""


def quoted(text):
    text = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"


def arguments(option, settings):
    if option.takes == "nothing":
        return ""
    if option.value == "NAME=VALUE":
        return " -x -a " + quoted(" ".join(f"{setting.name}=" for setting in settings))
    return {
        "words": " -x -a " + quoted(" ".join(option.values)),
        "files": " -r -F",
        "folders": " -x -a '(__fish_complete_directories)'",
        "text": " -x",
    }[option.takes]


def option_line(condition, option, settings):
    names = "".join(f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in option.names)
    return f"complete -c audio-ident{condition}{names}{arguments(option, settings)} -d {quoted(option.help)}"


def lines(commands, settings):
    root = commands[0]
    valued = [name for each in commands for option in each.options if option.value is not None for name in option.names]
    yield "set -g __audio_ident_with_value " + " ".join(dict.fromkeys(valued))
    yield "set -g __audio_ident_commands " + " ".join(quoted(each.path) for each in commands[1:])
    yield "complete -c audio-ident -f"
    for option in root.options:
        everywhere = "" if "--version" not in option.names else " -n '__audio_ident_in audio-ident'"
        yield option_line(everywhere, option, settings)
    for command in commands[1:]:
        condition = f" -n '__audio_ident_in {command.above}'"
        yield f"complete -c audio-ident{condition} -a {command.name} -d {quoted(command.help)}"
    for command in commands[1:]:
        condition = f" -n '__audio_ident_in {command.path}'"
        for option in command.options:
            if "--help" not in option.names:
                yield option_line(condition, option, settings)
        if any(option.takes == "files" for option in command.positionals):
            yield f"complete -c audio-ident{condition} -F"


def completion(commands, settings):
    return HEAD + "\n" + "\n".join(lines(commands, list(settings))) + "\n"
