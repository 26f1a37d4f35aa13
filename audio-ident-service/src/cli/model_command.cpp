#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <filesystem>
#include <unistd.h>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "embedding/models.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

using embedding::KnownModel;
using embedding::ModelStore;

struct InstallArguments {
    std::string model;
    std::string from;
};

ModelStore store_of(const Invocation& invocation) {
    return ModelStore(invocation.settings().embedding.models_dir);
}

Result<const KnownModel*> model_called(const std::string& name) {
    const KnownModel* model = embedding::find_model(name);
    if (model) return model;
    return fail(ErrorKind::invalid_input, "there is no model {}; `audio-ident model list` shows them", one_line(name));
}

struct Installed {
    const char* state = "built in";
    std::optional<embedding::ModelFolder> folder;
    std::optional<Error> damage;
};

Installed look_up(const Invocation& invocation, const KnownModel& model) {
    if (model.checkpoint.empty()) return {};
    auto found = store_of(invocation).find(std::string(model.name));
    if (!found) return {.state = "damaged", .folder = {}, .damage = found.error()};
    if (!*found) return {.state = "not installed", .folder = {}, .damage = {}};
    return {.state = "installed", .folder = std::move(*found), .damage = {}};
}

boost::json::object to_json(const KnownModel& model, const Installed& installed, bool in_use) {
    boost::json::object line = {
        {"model", model.name}, {"state", installed.state}, {"in_use", in_use}, {"reads_text", model.reads_text}};
    if (const auto& folder = installed.folder) {
        line["version"] = folder->manifest.version();
        line["bytes"] = folder->manifest.bytes();
        line["source"] = folder->manifest.source;
        line["folder"] = folder->path.string();
    }
    return line;
}

ExitCode list(Invocation& invocation) {
    for (const KnownModel& model : embedding::known_models()) {
        const Installed installed = look_up(invocation, model);
        const bool in_use = invocation.settings().embedding.model == model.name;
        if (invocation.json()) {
            print_line(util::json_text(to_json(model, installed, in_use)));
            continue;
        }
        const auto size = installed.folder ? ", " + size_text(installed.folder->manifest.bytes()) : std::string();
        print_line(
            fmt::format("{} {:<19} {:<14} {}{}", in_use ? '*' : ' ', model.name, installed.state, model.about, size));
        if (installed.damage) note("{}", installed.damage->message);
    }
    return ExitCode::fine;
}

/// Shows progress on a terminal, on one line that it overwrites.
class FetchPrinter {
  public:
    void operator()(const embedding::ModelFile& file, std::uint64_t bytes) {
        if (isatty(STDERR_FILENO) != 1 ||
            (file.name == name_ && bytes < shown_ + file.bytes / 200 && bytes < file.bytes))
            return;
        name_ = file.name;
        shown_ = bytes;
        fmt::print(stderr, "\r\x1B[K{}: {} of {}", one_line(file.name), size_text(bytes), size_text(file.bytes));
        std::fflush(stderr);
    }
    void clear() const {
        if (!name_.empty()) fmt::print(stderr, "\r\x1B[K");
    }

  private:
    std::string name_;
    std::uint64_t shown_ = 0;
};

Result<std::unique_ptr<embedding::ModelSource>> source_of(const Invocation& invocation, const KnownModel& model,
                                                          const std::string& from) {
    std::error_code ignored;
    const bool archive = std::filesystem::is_regular_file(from, ignored) &&
                         std::filesystem::path(from).filename() != embedding::kManifestName;
    if (archive) return embedding::archive_source(from);
    if (!from.empty()) return embedding::folder_source(from, std::string(model.name));
    const std::string& url = invocation.settings().embedding.model_url;
    if (!url.empty()) return embedding::url_source(fmt::format("{}/{}", url, model.name));
    return fail(
        ErrorKind::invalid_input,
        "{0} has no source: run `audio-ident model install {0} --from PATH`, where PATH is a folder or archive that "
        "scripts/clap/export.py made from {1}, or set MODEL_URL to download it",
        model.name, model.checkpoint);
}

ExitCode install(Invocation& invocation, const InstallArguments& arguments) {
    const auto model = model_called(arguments.model);
    if (!model) return fail_with(model.error());
    const std::string name((*model)->name);
    if ((*model)->checkpoint.empty()) {
        print_line(fmt::format("{} is built into the program; there is nothing to install", name));
        return ExitCode::fine;
    }
    const auto source = source_of(invocation, **model, arguments.from);
    if (!source) return fail_with(source.error());
    FetchPrinter progress;
    const auto installed =
        store_of(invocation).install(name, **source, std::ref(progress), Deadline::never(invocation.stop()));
    progress.clear();
    if (!installed) return fail_with(installed.error());
    if (invocation.json()) {
        print_line(util::json_text(boost::json::object{{"model", name},
                                                       {"version", installed->manifest.version()},
                                                       {"bytes", installed->manifest.bytes()},
                                                       {"folder", installed->path.string()}}));
    } else {
        print_line(fmt::format("{} is installed, {}", name, size_text(installed->manifest.bytes())));
        if (invocation.settings().embedding.model != name) note("run `audio-ident model use {}` to use it", name);
    }
    return ExitCode::fine;
}

/// A description of what is wrong with the files of a model; nullopt when it is not installed.
Result<std::optional<std::vector<std::string>>> damages_of(const Invocation& invocation, const std::string& name) {
    const auto found = store_of(invocation).find(name);
    if (!found) return std::optional(std::vector{found.error().message});
    if (!*found) return std::optional<std::vector<std::string>>();
    auto damages = ModelStore::damages(**found, Deadline::never(invocation.stop()));
    if (!damages) return forward(damages);
    return std::optional(std::move(*damages));
}

void print_damages(bool json, const std::string& name, const std::vector<std::string>& damages) {
    if (json) {
        print_line(util::json_text(
            boost::json::object{{"model", name}, {"damages", boost::json::array(damages.begin(), damages.end())}}));
        return;
    }
    print_line(fmt::format("{}: {}", name, damages.empty() ? "intact" : "damaged"));
    for (const std::string& damage : damages) print_line("  " + one_line(damage));
    if (!damages.empty()) note("run `audio-ident model install {}` to repair it", name);
}

ExitCode verify(Invocation& invocation, const std::string& wanted) {
    const auto one = wanted.empty() ? Result<const KnownModel*>(nullptr) : model_called(wanted);
    if (!one) return fail_with(one.error());
    bool well = true;
    for (const KnownModel& model : embedding::known_models()) {
        if (model.checkpoint.empty() || (*one && (*one)->name != model.name)) continue;
        const std::string name(model.name);
        const auto damages = damages_of(invocation, name);
        if (!damages) return fail_with(damages.error());
        if (!*damages && *one) return fail_with(store_of(invocation).installed(name).error());
        if (!*damages) continue;
        well = well && (*damages)->empty();
        print_damages(invocation.json(), name, **damages);
    }
    return well ? ExitCode::fine : ExitCode::fatal;
}

/// Fails when a setting of higher precedence names another model.
Result<void> check_choice(const Invocation& invocation, const std::string& name) {
    for (const auto& value : invocation.loaded().values) {
        const bool stronger = value.setting->name == "EMBEDDING_MODEL" && value.origin > config::Origin::chosen;
        if (!stronger || value.text == name) continue;
        return fail(ErrorKind::invalid_input,
                    "EMBEDDING_MODEL is set to {} by {}, which takes precedence; change it there", value.text,
                    value.where);
    }
    return {};
}

ExitCode use(Invocation& invocation, const std::string& wanted) {
    const auto model = model_called(wanted);
    if (!model) return fail_with(model.error());
    const std::string name((*model)->name);
    if (!(*model)->checkpoint.empty()) {
        const auto folder = store_of(invocation).installed(name);
        if (!folder) return fail_with(folder.error());
    }
    if (const auto free = check_choice(invocation, name); !free) return fail_with(free.error());
    if (auto chosen = config::choose(invocation.settings(), "EMBEDDING_MODEL", name); !chosen)
        return fail_with(chosen.error());
    if (invocation.json()) {
        print_line(util::json_text(boost::json::object{{"model", name}}));
    } else {
        print_line(fmt::format("{} is now the model of this library", name));
        note("run `audio-ident reembed` to embed the tracks with it; until then, searches use the former model");
    }
    return ExitCode::fine;
}

void add_install_command(Command& model) {
    auto arguments = std::make_shared<InstallArguments>();
    auto& command = model.add_command("install", "Install a model, or replace it with another version");
    command.add({.names = "model",
                 .into = &arguments->model,
                 .help = "Name of the model; clap means clap-htsat-large",
                 .type_name = "MODEL",
                 .required = true});
    command.add({.names = "--from",
                 .into = &arguments->from,
                 .help = "Folder with its files, its model.json, or a .tar of the folder",
                 .type_name = "PATH"});
    command.run = [arguments](Invocation& invocation) { return install(invocation, *arguments); };
}

}  // namespace

void add_model_command(Command& root) {
    auto& command =
        root.add_command("model", "List, install, check and choose the models that describe how music sounds");
    command.footer =
        "Examples:\n"
        "  audio-ident model list\n"
        "  audio-ident model install clap --from PATH     files from scripts/clap/export.py\n"
        "  audio-ident model install clap                 from MODEL_URL; resumes a download\n"
        "  audio-ident model use clap                     then `audio-ident reembed`\n"
        "  audio-ident model use musicnn                  back to the small one";
    command.add_command("list", "List the models; * marks the one in use").run = list;

    add_install_command(command);
    auto name = std::make_shared<std::string>();
    auto& verifying = command.add_command("verify", "Check the installed files against their SHA-256");
    verifying.add({.names = "model", .into = name.get(), .help = "Check only this model", .type_name = "MODEL"});
    verifying.run = [name](Invocation& invocation) { return verify(invocation, *name); };
    auto& using_it = command.add_command("use", "Choose the model of this library");
    using_it.add(
        {.names = "model", .into = name.get(), .help = "Name of the model", .type_name = "MODEL", .required = true});
    using_it.run = [name](Invocation& invocation) { return use(invocation, *name); };
}

}  // namespace audio_ident::cli
