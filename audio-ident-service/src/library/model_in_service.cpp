#include "library/model_in_service.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <spdlog/spdlog.h>

#include "util/json.hpp"

namespace audio_ident::library {
namespace {

Deadline soon() {
    return Deadline::after(std::chrono::seconds(10));
}

}  // namespace

Result<const embedding::Embedder*> ModelInService::now() {
    if (former_) return former_.get();
    const auto read = record();
    if (!read) return forward(read);
    const auto& noted = *read;
    if (!noted || noted->model == wanted_) return wanted();
    auto former = open_(noted->model);
    if (!former || (*former)->model().space() != noted->space.name) return wanted();
    former_ = std::move(*former);
    spdlog::info("the vibe lane uses {} until `audio-ident reembed` has given the library vectors of {}", noted->model,
                 wanted_);
    return former_.get();
}

Result<const embedding::Embedder*> ModelInService::wanted() {
    if (!wanted_model_) {
        auto opened = open_(wanted_);
        if (!opened) return forward(opened);
        wanted_model_ = std::move(*opened);
    }
    return wanted_model_.get();
}

Result<std::optional<ModelInService::Record>> ModelInService::record() const {
    const auto text = documents_.find(kDocument, soon());
    if (!text) return forward(text);
    if (!*text) return std::nullopt;
    try {
        const auto value = boost::json::parse(**text);
        return Record{std::string(value.at("model").as_string()),
                      {std::string(value.at("space").as_string()), value.at("dimension").to_number<unsigned>()},
                      value.at("generation").to_number<std::uint64_t>()};
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

Result<void> ModelInService::begin(const embedding::Model& model) const {
    const auto before = record();
    if (!before) return forward(before);
    return *before ? Result<void>() : write(model, 1);
}

Result<void> ModelInService::change_to(const embedding::Model& model, const CountTracks& count) const {
    const auto read = record();
    if (!read) return forward(read);
    const auto& before = *read;
    const index::VectorSpace space{model.space(), model.dimension};
    if (!before) return write(model, 1);
    if (before->space == space) return {};
    const auto old_tracks = count(before->space);
    if (!old_tracks) return forward(old_tracks);
    const auto new_tracks = count(space);
    if (!new_tracks) return forward(new_tracks);
    if (10 * *new_tracks < 9 * *old_tracks) {
        return fail(
            ErrorKind::not_available,
            "{0} has vectors of {1} tracks, but {3} has vectors of {2}, so {3} stays in service; run `audio-ident "
            "reembed` again when the missing files can be read",
            model.name, *new_tracks, *old_tracks, before->model);
    }
    return write(model, before->generation + 1);
}

Result<void> ModelInService::write(const embedding::Model& model, std::uint64_t generation) const {
    const auto text = util::json_text(
        {{"model", model.name}, {"space", model.space()}, {"dimension", model.dimension}, {"generation", generation}});
    return documents_.put({kDocument, text + '\n'}, catalog::Worth::unique, soon());
}

}  // namespace audio_ident::library
