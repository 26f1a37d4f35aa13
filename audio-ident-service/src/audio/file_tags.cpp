#include "audio/file_tags.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "audio/id3v2.hpp"
#include "audio/tag_encoding.hpp"
#include "audio/tags.hpp"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
}

namespace audio_ident::audio {
namespace {

using Texts = std::vector<std::string>;

Texts split(std::string_view text, char separator) {
    Texts parts;
    while (true) {
        const auto at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

/// The tags of one file, from its ID3v2 tag where that says more than FFmpeg does.
class FileTags {
  public:
    FileTags(ffmpeg::ByteSource& source, const AVFormatContext& format, const AVStream& stream,
             const std::string& fallback)
        : container_(format.iformat->name),
          dictionaries_{format.metadata, stream.metadata},
          // Other containers have their own tags, which FFmpeg prefers to ID3.
          id3_(container_ == "mp3" || container_ == "aac" ? read_id3v2(source) : std::vector<Id3Text>()),
          decoder_(eight_bit_texts(), fallback) {}

    /// The values of the first tag that has any: a frame of ID3v2, then the keys as FFmpeg names them. Cleaned, not
    /// empty.
    Texts values(std::initializer_list<const char*> frames, std::initializer_list<const char*> keys) const {
        for (const char* id : frames) {
            Texts found;
            for (const Id3Text& text : id3_) {
                if (text.id == id) found.insert(found.end(), text.values.begin(), text.values.end());
            }
            if (Texts clean = cleaned(found); !clean.empty()) return clean;
        }
        for (const char* key : keys) {
            for (const AVDictionary* dictionary : dictionaries_) {
                const AVDictionaryEntry* entry = av_dict_get(dictionary, key, nullptr, 0);
                if (entry == nullptr) continue;
                if (Texts clean = cleaned(parts_of(key, entry->value)); !clean.empty()) return clean;
            }
        }
        return {};
    }

  private:
    /// FFmpeg joins repeated Vorbis comments by semicolons.
    Texts parts_of(std::string_view key, const char* text) const {
        const bool is_vorbis = container_ == "ogg" || container_ == "flac";
        const bool is_artist = key != "title" && key != "album";
        return is_vorbis && is_artist ? split(text, ';') : Texts{text};
    }

    Texts cleaned(const Texts& texts) const {
        Texts clean;
        for (const std::string& text : texts) {
            if (auto tag = clean_tag(decoder_.decode(text))) clean.push_back(std::move(*tag));
        }
        return clean;
    }

    /// All of the file's tags may tell the encoding, not only those that are used.
    Texts eight_bit_texts() const {
        Texts texts;
        for (const Id3Text& text : id3_) {
            if (text.is_8bit) texts.insert(texts.end(), text.values.begin(), text.values.end());
        }
        for (const AVDictionary* dictionary : dictionaries_) {
            for (const char* key : {"title", "artist", "album", "album_artist", "composer", "author", "performer"}) {
                const AVDictionaryEntry* entry = av_dict_get(dictionary, key, nullptr, 0);
                if (entry != nullptr) texts.emplace_back(entry->value);
            }
        }
        return texts;
    }

    std::string_view container_;
    std::array<const AVDictionary*, 2> dictionaries_;
    std::vector<Id3Text> id3_;
    TagDecoder decoder_;
};

std::optional<std::string> first_of(const Texts& values) {
    return values.empty() ? std::nullopt : std::optional(values.front());
}

}  // namespace

std::string join_artists(const std::vector<std::string>& artists) {
    Texts different;
    for (const std::string& artist : artists) {
        if (std::find(different.begin(), different.end(), artist) == different.end()) different.push_back(artist);
    }
    std::string joined;
    for (std::size_t i = 0; i < different.size(); ++i) {
        if (i > 0) joined += i + 1 == different.size() ? " & " : ", ";
        joined += different[i];
    }
    return joined;
}

Tags read_tags(ffmpeg::ByteSource& source, const AVFormatContext& format, const AVStream& stream,
               const std::string& fallback) {
    const FileTags file(source, format, stream, fallback);
    Tags tags;
    tags.title = first_of(file.values({"TIT2"}, {"title"}));
    tags.artist =
        clean_tag(join_artists(file.values({"TPE1", "TPE2"}, {"artist", "album_artist", "author", "performer"})));
    tags.album = first_of(file.values({"TALB"}, {"album"}));
    return tags;
}

}  // namespace audio_ident::audio
