#include "ingest/scan/audio_extension.hpp"

#include <gtest/gtest.h>

namespace audio_ident::ingest {
namespace {

TEST(AudioExtension, TakesMusicOfAnyCase) {
    for (const char* name : {"a.mp3", "b.FLAC", "c.d.Opus", "x.wv", "01 - Song.m4a", ".hidden.ogg", "x.WebM", "y.aiff",
                             "tune.MOD", "tune.xm"}) {
        EXPECT_TRUE(has_audio_extension(name)) << name;
    }
}

TEST(AudioExtension, LeavesOtherFilesAlone) {
    for (const char* name : {"cover.jpg", "mp3", ".mp3", "a.mp3.part", "notes.txt", "a.", "", "x.mp33", "list.m3u"}) {
        EXPECT_FALSE(has_audio_extension(name)) << name;
    }
}

}  // namespace
}  // namespace audio_ident::ingest
