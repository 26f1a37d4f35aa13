#include "library/model_in_service.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <fstream>
#include <iterator>
#include <spdlog/spdlog.h>

#include "util/json_file.hpp"

namespace audio_ident::library {

Result<const embedding::Embedder*> ModelInService::now() {
    if (former_) return former_.get();
    const auto noted = record();
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

std::optional<ModelInService::Record> ModelInService::record() const {
    std::ifstream stream(file_, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    try {
        const auto value = boost::json::parse(text);
        return Record{std::string(value.at("model").as_string()),
                      {std::string(value.at("space").as_string()), value.at("dimension").to_number<unsigned>()},
                      value.at("generation").to_number<std::uint64_t>()};
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

Result<void> ModelInService::begin(const embedding::Model& model) const {
    return record() ? Result<void>() : write(model, 1);
}

Result<void> ModelInService::change_to(const embedding::Model& model, const CountTracks& count) const {
    const auto before = record();
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
    return util::write_json_file(
        file_,
        {{"model", model.name}, {"space", model.space()}, {"dimension", model.dimension}, {"generation", generation}});
}

}  // namespace audio_ident::library
