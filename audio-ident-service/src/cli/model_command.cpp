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

ExitCode list(Invocation& invocation) {
    for (const KnownModel& model : embedding::known_models()) {
        const std::string name(model.name);
        const bool built_in = model.checkpoint.empty();
        const auto found = store_of(invocation).find(name);
        const bool there = found && *found;
        const char* state = built_in ? "built in" : !found ? "damaged" : there ? "installed" : "not installed";
        const bool in_use = invocation.settings().embedding.model == model.name;
        if (invocation.json()) {
            boost::json::object line = {
                {"model", name}, {"state", state}, {"in_use", in_use}, {"reads_text", model.reads_text}};
            if (there) {
                line["version"] = (*found)->manifest.version();
                line["bytes"] = (*found)->manifest.bytes();
                line["source"] = (*found)->manifest.source;
                line["folder"] = (*found)->path.string();
            }
            print_line(util::json_text(line));
            continue;
        }
        print_line(fmt::format("{} {:<19} {:<14} {}{}", in_use ? '*' : ' ', name, state, model.about,
                               there ? ", " + size_text((*found)->manifest.bytes()) : ""));
        if (!built_in && !found) note("{}", found.error().message);
    }
    return ExitCode::fine;
}

/// On a terminal, one line that is written over.
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
        "nothing says where {0} is to come from: `audio-ident model install {0} --from PATH` takes it from a folder or "
        "archive that scripts/clap/export.py has made of {1}, and with MODEL_URL set it is fetched from there",
        model.name, model.checkpoint);
}

ExitCode install(Invocation& invocation, const InstallArguments& arguments) {
    const auto model = model_called(arguments.model);
    if (!model) return fail_with(model.error());
    const std::string name((*model)->name);
    if ((*model)->checkpoint.empty()) {
        print_line(fmt::format("{} is part of the program: nothing to install", name));
        return ExitCode::fine;
    }
    const auto source = source_of(invocation, **model, arguments.from);
    if (!source) return fail_with(source.error());
    FetchPrinter progress;
    const auto installed =
        store_of(invocation)
            .install(name, **source, std::ref(progress), Deadline::never(invocation.services().stop_token()));
    progress.clear();
    if (!installed) return fail_with(installed.error());
    if (invocation.json()) {
        print_line(util::json_text(boost::json::object{{"model", name},
                                                       {"version", installed->manifest.version()},
                                                       {"bytes", installed->manifest.bytes()},
                                                       {"folder", installed->path.string()}}));
    } else {
        print_line(fmt::format("{} is installed, {}", name, size_text(installed->manifest.bytes())));
        if (invocation.settings().embedding.model != name) note("`audio-ident model use {}` takes it into use", name);
    }
    return ExitCode::fine;
}

ExitCode verify(Invocation& invocation, const std::string& wanted) {
    const auto one = wanted.empty() ? Result<const KnownModel*>(nullptr) : model_called(wanted);
    if (!one) return fail_with(one.error());
    bool well = true;
    for (const KnownModel& model : embedding::known_models()) {
        if (model.checkpoint.empty() || (*one && (*one)->name != model.name)) continue;
        const std::string name(model.name);
        const auto found = store_of(invocation).find(name);
        std::vector<std::string> damages;
        if (!found) damages.push_back(found.error().message);
        if (found && !*found) {
            if (*one) return fail_with(store_of(invocation).installed(name).error());
            continue;
        }
        if (found) {
            auto read = ModelStore::damages(**found, Deadline::never(invocation.services().stop_token()));
            if (!read) return fail_with(read.error());
            damages = std::move(*read);
        }
        well = well && damages.empty();
        if (invocation.json()) {
            print_line(util::json_text(
                boost::json::object{{"model", name}, {"damages", boost::json::array(damages.begin(), damages.end())}}));
            continue;
        }
        print_line(fmt::format("{}: {}", name, damages.empty() ? "well" : "damaged"));
        for (const std::string& damage : damages) print_line("  " + one_line(damage));
        if (!damages.empty()) note("`audio-ident model install {}` mends it", name);
    }
    return well ? ExitCode::fine : ExitCode::fatal;
}

ExitCode use(Invocation& invocation, const std::string& wanted) {
    const auto model = model_called(wanted);
    if (!model) return fail_with(model.error());
    const std::string name((*model)->name);
    if (!(*model)->checkpoint.empty()) {
        const auto folder = store_of(invocation).installed(name);
        if (!folder) return fail_with(folder.error());
    }
    for (const auto& value : invocation.loaded().values) {
        if (value.setting->name != "EMBEDDING_MODEL" || value.origin <= config::Origin::chosen) continue;
        if (value.text == name) continue;
        return fail_with({ErrorKind::invalid_input,
                          fmt::format("EMBEDDING_MODEL is set to {} by {}, which comes first; change it there",
                                      value.text, value.where),
                          {}});
    }
    if (auto chosen = config::choose(invocation.settings(), "EMBEDDING_MODEL", name); !chosen)
        return fail_with(chosen.error());
    if (invocation.json()) {
        print_line(util::json_text(boost::json::object{{"model", name}}));
    } else {
        print_line(fmt::format("{} is the model of this library", name));
        note("`audio-ident reembed` describes the tracks with it; until then the model before answers");
    }
    return ExitCode::fine;
}

}  // namespace

void add_model_command(CLI::App& root, Run& chosen) {
    auto* command =
        root.add_subcommand("model", "Show, install, check and choose the model that describes how music sounds");
    command->require_subcommand(1);
    command->footer(
        "Examples:\n"
        "  audio-ident model list\n"
        "  audio-ident model install clap --from PATH     what scripts/clap/export.py has written\n"
        "  audio-ident model install clap                 from MODEL_URL; goes on where it was interrupted\n"
        "  audio-ident model use clap                     then `audio-ident reembed`\n"
        "  audio-ident model use musicnn                  and back");
    command->add_subcommand("list", "Show the models; * is in use")->callback([&chosen] { chosen = list; });

    auto arguments = std::make_shared<InstallArguments>();
    auto* installing = command->add_subcommand("install", "Install a model, or bring it to another version");
    installing->add_option("model", arguments->model, "Its name; clap is clap-htsat-large")
        ->required()
        ->type_name("MODEL");
    installing->add_option("--from", arguments->from, "A folder with its files, the model.json in it, or a .tar of it")
        ->type_name("PATH");
    installing->callback([&chosen, arguments] {
        chosen = [arguments](Invocation& invocation) { return install(invocation, *arguments); };
    });

    auto name = std::make_shared<std::string>();
    auto* verifying = command->add_subcommand("verify", "Compare the installed files with their SHA-256");
    verifying->add_option("model", *name, "Only this one")->type_name("MODEL");
    verifying->callback(
        [&chosen, name] { chosen = [name](Invocation& invocation) { return verify(invocation, *name); }; });
    auto* using_it = command->add_subcommand("use", "Choose the model of this library");
    using_it->add_option("model", *name, "Its name")->required()->type_name("MODEL");
    using_it->callback([&chosen, name] { chosen = [name](Invocation& invocation) { return use(invocation, *name); }; });
}

}  // namespace audio_ident::cli
