"""Completion for zsh."""

ACTIONS = {"files": "_files", "folders": "_files -/", "text": " "}


def escaped(text):
    """Text inside single quotes, inside a specification of _arguments."""
    for character in "\\[]:":
        text = text.replace(character, "\\" + character)
    return text.replace("'", "'\\''")


def function_of(command):
    return "_" + command.path.replace(" ", "_")


def action(option, settings):
    if option.value == "NAME=VALUE":
        return "_values -S = setting " + " ".join(setting.name for setting in settings)
    if option.takes == "words":
        return f"({' '.join(option.values)})"
    return ACTIONS[option.takes]


def option_specs(option, settings):
    value = "" if option.value is None else f":{escaped(option.value)}:{action(option, settings)}"
    for name in option.names:
        exclusive = "*" if option.repeats else f"({' '.join(option.names)})"
        equals = "=" if value and name.startswith("--") else ""
        yield f"'{exclusive}{name}{equals}[{escaped(option.help)}]{value}'"


def positional_spec(option, settings):
    return f"'{'*' if option.repeats else ''}:{escaped(option.value)}:{action(option, settings)}'"


def specs(command, root, settings):
    own = command.options if command is root else command.options + root.options
    options = {name: spec for option in own for name, spec in zip(option.names, option_specs(option, settings))}
    if command is not root:
        options = {name: spec for name, spec in options.items() if name not in ("--version", "-V")}
    return list(options.values()) + [positional_spec(option, settings) for option in command.positionals]


def leaf(command, root, settings):
    listed = " \\\n        ".join(specs(command, root, settings))
    return f"{function_of(command)}() {{\n    _arguments -s \\\n        {listed}\n}}\n"


def branch(command, commands, settings):
    below = [each for each in commands if each.above == command.path]
    listed = " \\\n        ".join(
        [*specs(command, commands[0], settings), "'1:command:->command'", "'*::argument:->argument'"]
    )
    names = "\n".join(f"                '{each.name}:{escaped(each.help)}'" for each in below)
    cases = "\n".join(f"                {each.name}) {function_of(each)} ;;" for each in below)
    return f"""\
{function_of(command)}() {{
    local curcontext="$curcontext" state line
    local -a names
    _arguments -s -C \\
        {listed} && return
    case $state in
        command)
            names=(
{names}
            )
            _describe command names
            ;;
        argument)
            case $line[1] in
{cases}
            esac
            ;;
    esac
}}
"""


def completion(commands, settings):
    settings = list(settings)
    functions = [
        branch(each, commands, settings) if each.below else leaf(each, commands[0], settings) for each in commands
    ]
    head = "#compdef audio-ident\n# zsh completion; made from `audio-ident commands --json`.\n"
    return "\n".join([head, *functions, f'{function_of(commands[0])} "$@"\n'])
