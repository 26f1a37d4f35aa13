#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace audio_ident::storage {

// What files of the store are called below its folder. Uploads are named by content, so one name never stands for two
// files:
//
//     ab/abcd…/NAME                   an upload; abcd… is its SHA-256
//     timelines/<id>/recording/NAME   the recording of a timeline
//     timelines/<id>/heard            what was heard of it so far
//     timelines/<id>/peaks            its waveform

std::string upload_name(const std::string& sha256, const std::string& file_name);

/// The name of the file at a path, whatever folder it lies in; nullopt when the path does not end as such a name.
std::optional<std::string> stored_name(const std::filesystem::path& path);

/// The SHA-256 of an upload; nullopt for other names.
std::optional<std::string> content_of(const std::string& name);

}  // namespace audio_ident::storage
