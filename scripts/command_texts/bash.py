"""Completion for bash 4 and later."""

HEAD = """\
# bash completion for audio-ident; made from `audio-ident commands --json`.

# Prints the command that the words before the cursor name, as "audio-ident tracks list".
_audio_ident_command() {
    local path=audio-ident skip= word
    for word in "$@"; do
        if [[ $skip ]]; then
            skip=
        elif [[ $word == -* ]]; then
            [[ $word == *=* || ! $(_audio_ident_values "$path" "$word") ]] || skip=yes
        elif [[ " $(_audio_ident_below "$path") " == *" $word "* ]]; then
            path+=" $word"
        fi
    done
    printf '%s' "$path"
}

_audio_ident() {
    local IFS=$' \\t\\n' current=${COMP_WORDS[COMP_CWORD]} before path option= values below
    local -a words=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
    COMPREPLY=()
    # Bash breaks --option=value into three words.
    if [[ $current == = ]]; then current=; option=${COMP_WORDS[COMP_CWORD-1]}
    elif ((COMP_CWORD > 2)) && [[ ${COMP_WORDS[COMP_CWORD-1]} == = ]]; then option=${COMP_WORDS[COMP_CWORD-2]}
    elif ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[COMP_CWORD-1]} == -* ]]; then option=${COMP_WORDS[COMP_CWORD-1]}
    fi
    path=$(_audio_ident_command "${words[@]}")
    [[ ! $option ]] || values=$(_audio_ident_values "$path" "$option")
    if [[ ! $values ]]; then
        if [[ $current == -* ]]; then
            COMPREPLY=($(compgen -W "$(_audio_ident_options "$path")" -- "$current"))
            return
        fi
        below=$(_audio_ident_below "$path")
        values=${below:-$(_audio_ident_values "$path" argument)}
    fi
    case $values in
        files) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        text | '') ;;
        *) COMPREPLY=($(compgen -W "$values" -- "$current")) ;;
    esac
    [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace
}
"""
FOOT = "\ncomplete -F _audio_ident audio-ident\n"


def function(name, comment, rows, key):
    lines = [f"\n# {comment}", f"{name}() {{", f"    case {key} in"]
    lines += [f"        {pattern}) printf '%s' '{text}' ;;" for pattern, text in rows]
    return "\n".join([*lines, "    esac", "}\n"])


def values_of(option, settings):
    if option.value == "NAME=VALUE":
        return " ".join(f"{setting.name}=" for setting in settings)
    return " ".join(option.values) if option.takes == "words" else option.takes


def values_rows(commands, settings):
    for command in commands:
        prefix = "* " if command.above == "" else f"{command.path} "
        for option in command.options:
            if option.value is not None:
                patterns = "|".join(quoted(prefix, name) for name in option.names)
                yield patterns, values_of(option, settings)
        for option in command.positionals:
            yield quoted(prefix, "argument"), values_of(option, settings)


def quoted(prefix, name):
    return f"*' {name}'" if prefix == "* " else f"'{prefix}{name}'"


def completion(commands, settings):
    root_options = [name for option in commands[0].options for name in option.names]
    names = [(f"'{c.path}'", [n for o in c.options for n in o.names]) for c in commands]
    options = [(path, " ".join(dict.fromkeys(own + root_options))) for path, own in names]
    below = [(f"'{command.path}'", " ".join(command.below)) for command in commands if command.below]
    return (
        HEAD
        + function("_audio_ident_below", "The commands below the command $1.", below, '"$1"')
        + function("_audio_ident_options", "The options of the command $1.", options, '"$1"')
        + function(
            "_audio_ident_values",
            "What follows the option $2 of the command $1; files, folders, text, or the values.",
            values_rows(commands, settings),
            '"$1 $2"',
        )
        + FOOT
    )
