#include "index/vector/open_space.hpp"

namespace audio_ident::index {

Result<std::optional<SpaceRecord>> OpenSpace::find(const lmdb::Transaction& transaction) const {
    if (!tables) return std::optional<SpaceRecord>();
    const auto record = tables->find_space(transaction, space.name);
    if (!record) return record;
    const auto folder = environment.folder().string();
    if (record->format_version != kVectorFormatVersion) {
        return fail(
            ErrorKind::unsupported, "vector index {}: \"{}\" has format {}, this program reads {}; {}", folder,
            space.name, record->format_version, kVectorFormatVersion,
            record->format_version > kVectorFormatVersion ? "use a newer audio-ident" : "run `audio-ident reembed`");
    }
    if (record->dimension == space.dimension) return record;
    return fail(ErrorKind::unsupported,
                "vector index {}: the vectors of \"{}\" have {} numbers, the model gives {}; run `audio-ident reembed`",
                folder, space.name, record->dimension, space.dimension);
}

}  // namespace audio_ident::index
