#include "config/loader.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "config/env_file.hpp"
#include "util/atomic_file.hpp"
#include "util/durable_folder.hpp"
#include "util/url.hpp"

namespace audio_ident::config {
namespace {

namespace fs = std::filesystem;

/// One level of precedence, for example the environment. It maps the names it sets to their values.
struct Layer {
    Origin origin = Origin::fallback;
    /// Returns the value and a description of its source for messages (".env:3"); nullopt when this layer does not set
    /// it.
    std::function<std::optional<std::pair<std::string, std::string>>(const std::string& name)> look_up;
};

Result<std::string> read_text(const fs::path& path, std::string_view what) {
    std::error_code ignored;
    std::ifstream file(path, std::ios::binary);
    if (!file || fs::is_directory(path, ignored)) {
        return fail(ErrorKind::not_available, "cannot read {} {}", what, path.string());
    }
    return std::string(std::istreambuf_iterator<char>(file), {});
}

/// The layer for a settings file. The file must exist.
Result<Layer> file_layer(Origin origin, const fs::path& path) {
    const auto text = read_text(path, "the settings file");
    if (!text) return forward(text);
    auto entries = parse_env_file(*text, path.string());
    if (!entries) return forward(entries);
    return Layer{origin,
                 [entries = std::move(*entries), label = path.string()](
                     const std::string& name) -> std::optional<std::pair<std::string, std::string>> {
                     for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
                         if (entry->name == name)
                             return std::pair(entry->value, fmt::format("{}:{}", label, entry->line));
                     }
                     return std::nullopt;
                 }};
}

Result<std::vector<Layer>> make_layers(const Sources& sources) {
    std::vector<Layer> layers;
    layers.push_back({Origin::flag, [&](const std::string& name) -> std::optional<std::pair<std::string, std::string>> {
                          for (auto flag = sources.flags.rbegin(); flag != sources.flags.rend(); ++flag) {
                              if (flag->first == name) return std::pair(flag->second, std::string("the command line"));
                          }
                          return std::nullopt;
                      }});
    layers.push_back(
        {Origin::environment, [&](const std::string& name) -> std::optional<std::pair<std::string, std::string>> {
             auto value = sources.environment(name);
             if (!value) return std::nullopt;
             return std::pair(std::move(*value), std::string("the environment"));
         }});
    const fs::path path = sources.env_file.value_or(".env");
    std::error_code ignored;
    if (sources.env_file || fs::is_regular_file(path, ignored)) {
        auto file = file_layer(Origin::env_file, path);
        if (!file) return forward(file);
        layers.push_back(std::move(*file));
    }
    return layers;
}

/// Looks `name` up in one layer. An empty value counts as not set. A secret may come from the file named in NAME_FILE.
Result<std::optional<Resolved>> look_up(const Layer& layer, const Setting& setting, const std::string& name) {
    const auto filled = [&](const std::string& key) {
        auto found = layer.look_up(key);
        return found && !found->first.empty() ? found : std::nullopt;
    };
    const auto direct = filled(name);
    const auto file = setting.secrecy == Secrecy::secret ? filled(name + "_FILE") : std::nullopt;
    if (direct && file) {
        return fail(ErrorKind::invalid_input, "{0} and {0}_FILE are both set in {1}; set one of them", name,
                    direct->second);
    }
    if (direct) return Resolved{&setting, direct->first, layer.origin, direct->second};
    if (!file) return std::nullopt;
    auto text = read_text(file->first, fmt::format("the file named in {}_FILE ({}):", name, file->second));
    if (!text) return forward(text);
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
    return Resolved{&setting, std::move(*text), layer.origin,
                    fmt::format("{} ({}_FILE, {})", file->first, name, file->second)};
}

std::string with_prefix_replaced(std::string text, std::string_view placeholder, const std::string& replacement) {
    const auto at = text.find(placeholder);
    if (at != std::string::npos) text.replace(at, placeholder.size(), replacement);
    return text;
}

/// Expands the placeholders in defaults and makes paths absolute. It knows the user's folders and the data folder.
class Places {
  public:
    explicit Places(const Sources& sources)
        : home_(sources.environment("HOME").value_or("")),
          user_data_(sources.environment("XDG_DATA_HOME").value_or("")) {
        if (!fs::path(user_data_).is_absolute()) user_data_ = home_.empty() ? "." : home_ + "/.local/share";
    }

    void set_data_dir(const std::string& path) { data_ = path; }

    std::string expand_default(const Setting& setting) const {
        return with_prefix_replaced(with_prefix_replaced(std::string(setting.fallback), "{user data}", user_data_),
                                    "{data}", data_);
    }

    std::string absolute(const std::string& text) const {
        const bool at_home = text == "~" || text.starts_with("~/");
        fs::path path = at_home && !home_.empty() ? home_ + text.substr(1) : text;
        std::error_code ignored;
        auto full = fs::absolute(path, ignored).lexically_normal();
        if (!full.has_filename() && full != full.root_path()) full = full.parent_path();
        return full.string();
    }

  private:
    std::string home_;
    std::string user_data_;
    std::string data_;
};

Result<Resolved> resolve(const Setting& setting, const std::vector<Layer>& layers, const Places& places,
                         std::vector<std::string>& warnings) {
    for (const auto& layer : layers) {
        auto found = look_up(layer, setting, std::string(setting.name));
        if (!found) return forward(found);
        if (!*found && !setting.alias.empty()) {
            found = look_up(layer, setting, std::string(setting.alias));
            if (!found) return forward(found);
            if (*found) {
                warnings.push_back(fmt::format("{} ({}) is the old name of {}; rename it", setting.alias,
                                               (*found)->where, setting.name));
            }
        }
        if (*found) return std::move(**found);
    }
    return Resolved{&setting, places.expand_default(setting), Origin::fallback, "default"};
}

/// Parses the resolved text and stores the value in `settings`. Makes paths absolute first.
Result<void> apply(Resolved& resolved, Settings& settings, const Places& places) {
    const Setting& setting = *resolved.setting;
    static constexpr std::string_view kSqlite = "sqlite://";
    if (setting.type == Type::path && !resolved.text.empty()) resolved.text = places.absolute(resolved.text);
    if (setting.type == Type::url && resolved.text.starts_with(kSqlite) && resolved.text.size() > kSqlite.size()) {
        resolved.text = std::string(kSqlite) + places.absolute(resolved.text.substr(kSqlite.size()));
    }
    const auto value = parse(setting, resolved.text);
    if (!value) {
        return fail(ErrorKind::invalid_input, "{} from {}: \"{}\" is not allowed; allowed: {}", setting.name,
                    resolved.where, masked(setting, resolved.text), value.error().message);
    }
    setting.apply(settings, *value);
    return {};
}

/// With QDRANT_MODE=docker and no QDRANT_URL, uses the port that docker-compose.yml publishes.
void find_container(Loaded& loaded) {
    QdrantSettings& qdrant = loaded.settings.qdrant;
    if (qdrant.mode != StoreMode::docker) return;
    for (auto& value : loaded.values) {
        if (value.setting->name != "QDRANT_URL" || value.origin != Origin::fallback) continue;
        value.text = fmt::format("http://localhost:{}", qdrant.http_port);
        qdrant.url = value.text;
    }
}

Result<void> check_webhook(const Loaded& loaded) {
    const MonitorSettings& monitors = loaded.settings.monitors;
    if (monitors.webhook_url.empty() || !monitors.webhook_secret.empty()) return {};
    return fail(ErrorKind::invalid_input,
                "MONITOR_WEBHOOK_URL is set, so MONITOR_WEBHOOK_SECRET must be set too: any text, which the receiver "
                "needs to check the signatures");
}

/// Fills in Amazon's address when there is a bucket and no other address.
Result<void> check_audio_storage(Loaded& loaded) {
    AudioStorageSettings& storage = loaded.settings.audio_storage;
    if (storage.bucket.empty()) {
        const bool is_set = std::ranges::any_of(loaded.values, [](const Resolved& value) {
            return value.setting->name == "AUDIO_STORAGE_URL" && !value.text.empty();
        });
        if (!is_set) return {};
        return fail(ErrorKind::invalid_input, "AUDIO_STORAGE_URL names no bucket; set it to s3://BUCKET/PREFIX");
    }
    if (storage.access_key.empty() || storage.secret_key.empty()) {
        return fail(ErrorKind::invalid_input, "AUDIO_STORAGE_URL is set, so {} must be set too, or {}_FILE",
                    storage.access_key.empty() ? "S3_ACCESS_KEY" : "S3_SECRET_KEY",
                    storage.access_key.empty() ? "S3_ACCESS_KEY" : "S3_SECRET_KEY");
    }
    if (storage.endpoint.empty()) storage.endpoint = fmt::format("https://s3.{}.amazonaws.com", storage.region);
    return {};
}

/// The index in PostgreSQL is in the catalog's database.
Result<void> check_fingerprint_store(const Loaded& loaded) {
    const Settings& settings = loaded.settings;
    if (settings.fingerprints.store == FingerprintStore::lmdb || settings.catalog.mode != StoreMode::embedded)
        return {};
    return fail(ErrorKind::invalid_input,
                "FINGERPRINT_STORE is postgresql, but the catalog is not in PostgreSQL (POSTGRES_MODE=embedded): set "
                "POSTGRES_MODE to docker or external, or FINGERPRINT_STORE=lmdb");
}

/// Checks settings that depend on each other, and fills in DATABASE_URL for POSTGRES_MODE=docker.
Result<void> check_together(Loaded& loaded) {
    Resolved* url = nullptr;
    const Resolved* mode = nullptr;
    for (auto& value : loaded.values) {
        if (value.setting->name == "DATABASE_URL") url = &value;
        if (value.setting->name == "POSTGRES_MODE") mode = &value;
    }
    CatalogSettings& catalog = loaded.settings.catalog;
    const bool embedded = catalog.mode == StoreMode::embedded;
    if (catalog.mode == StoreMode::docker && url->origin == Origin::fallback) {
        // docker-compose.yml creates this user and database.
        url->text = fmt::format("postgresql://audio_ident:audio_ident@{}:{}/audio_ident", catalog.host, catalog.port);
        catalog.url = url->text;
    } else if (!embedded && url->origin == Origin::fallback) {
        return fail(
            ErrorKind::invalid_input,
            "POSTGRES_MODE from {} is {}, so DATABASE_URL must be set to postgresql://USER:PASSWORD@HOST:PORT/NAME",
            mode->where, mode->text);
    }
    if (embedded != (util::url_scheme(catalog.url) == "sqlite")) {
        return fail(ErrorKind::invalid_input,
                    "POSTGRES_MODE from {} is {}, but DATABASE_URL from {} is {}; use sqlite:// with embedded, and "
                    "postgresql:// with docker and external",
                    mode->where, mode->text, url->where, util::mask_url(catalog.url));
    }
    return {};
}

}  // namespace

Sources Sources::of_process() {
    Sources sources;
    sources.environment = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
    return sources;
}

fs::path chosen_file(const Settings& settings) {
    return settings.data_dir / "settings.env";
}

Result<void> choose(const Settings& settings, const std::string& name, const std::string& value) {
    const fs::path path = chosen_file(settings);
    std::error_code error;
    std::string text;
    if (fs::is_regular_file(path, error)) {
        auto before = read_text(path, "the settings file");
        if (!before) return forward(before);
        std::istringstream lines(*before);
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with(name + "=")) text += line + "\n";
        }
    }
    // When it cannot be made, writing fails and says so.
    util::make_private_folder(settings.data_dir);
    // The user's choice: the program cannot make it again.
    return util::replace_file(path, fmt::format("{}{}={}\n", text, name, value), util::Durability::power_cut);
}

Result<Loaded> load(const Sources& sources) {
    auto layers = make_layers(sources);
    if (!layers) return forward(layers);
    for (const auto& [name, value] : sources.flags) {
        const Setting* setting = find_setting(name);
        const bool is_file = name.ends_with("_FILE") && find_setting(name.substr(0, name.size() - 5)) != nullptr;
        if (setting == nullptr && !is_file) {
            return fail(ErrorKind::invalid_input, "there is no setting {}; `audio-ident config` lists all settings",
                        name);
        }
    }

    Loaded loaded;
    Places places(sources);
    for (const Setting& setting : all_settings()) {
        auto resolved = resolve(setting, *layers, places, loaded.warnings);
        if (!resolved) return forward(resolved);
        if (auto applied = apply(*resolved, loaded.settings, places); !applied) return forward(applied);
        if (setting.name == "AUDIO_IDENT_DATA_DIR") {
            places.set_data_dir(resolved->text);
            const fs::path chosen = chosen_file(loaded.settings);
            std::error_code ignored;
            if (fs::is_regular_file(chosen, ignored)) {
                auto layer = file_layer(Origin::chosen, chosen);
                if (!layer) return forward(layer);
                layers->push_back(std::move(*layer));
            }
        }
        loaded.values.push_back(std::move(*resolved));
    }
    find_container(loaded);
    if (auto together = check_together(loaded); !together) return forward(together);
    if (auto store = check_fingerprint_store(loaded); !store) return forward(store);
    if (auto storage = check_audio_storage(loaded); !storage) return forward(storage);
    if (auto webhook = check_webhook(loaded); !webhook) return forward(webhook);
    return loaded;
}

}  // namespace audio_ident::config
