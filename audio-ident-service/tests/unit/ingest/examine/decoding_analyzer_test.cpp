#include "ingest/examine/decoding_analyzer.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

#include "fingerprint/extractor.hpp"
#include "fingerprint/params.hpp"
#include "support/encode.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::ingest {
namespace {

using audio_ident::test::Clip;
using audio_ident::test::TempFolder;

class DecodingAnalyzerTest : public testing::Test {
  protected:
    Result<Analysis> analyse(const Clip& clip) {
        audio_ident::test::write_wav(folder_ / "clip.wav", clip);
        return analyzer_->analyse(folder_ / "clip.wav", {}, Deadline());
    }

    TempFolder folder_;
    std::unique_ptr<audio::Decoder> decoder_ = audio::make_ffmpeg_decoder();
    std::unique_ptr<Analyzer> analyzer_ = decoding_analyzer(*decoder_)();
};

TEST_F(DecodingAnalyzerTest, GivesTheFingerprintOfTheDecodedSamples) {
    const Clip clip = audio_ident::test::music(1, 20, fingerprint::kSampleRateHz);
    const auto analysis = analyse(clip);
    ASSERT_TRUE(analysis) << analysis.error().message;
    EXPECT_DOUBLE_EQ(analysis->decoded.duration_seconds, 20);
    EXPECT_EQ(analysis->decoded.info.format, "wav");
    audio::Waveform waveform;
    waveform.consume(clip.samples);
    EXPECT_EQ(analysis->waveform, waveform.finish());
    fingerprint::Extractor extractor;
    extractor.consume(clip.samples);
    const fingerprint::Fingerprint expected = extractor.finish();
    EXPECT_EQ(analysis->fingerprint.peaks, expected.peaks);
    EXPECT_EQ(analysis->fingerprint.frames, expected.frames);
    EXPECT_TRUE(analysis->chromaprint);
    EXPECT_NEAR(analysis->chromaprint_seconds, 20, 0.01);
}

TEST_F(DecodingAnalyzerTest, AnalysesOneFileAfterAnotherAsIfItWereTheFirst) {
    const Clip clip = audio_ident::test::music(2, 10);
    const auto first = analyse(clip);
    ASSERT_TRUE(analyse(audio_ident::test::music(3, 15)));
    ASSERT_FALSE(analyzer_->analyse(folder_ / "missing", {}, Deadline()));
    ASSERT_FALSE(analyse(audio_ident::test::silence(10)));
    const auto again = analyse(clip);
    ASSERT_TRUE(first && again);
    EXPECT_EQ(first->fingerprint.peaks, again->fingerprint.peaks);
    EXPECT_EQ(first->chromaprint, again->chromaprint);
}

TEST_F(DecodingAnalyzerTest, SilenceIsNoMusicToIndex) {
    const auto analysis = analyse(audio_ident::test::silence(10));
    ASSERT_FALSE(analysis);
    EXPECT_EQ(analysis.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(analysis.error().message, "no music to index: the audio is silent");
}

TEST_F(DecodingAnalyzerTest, LessThanASecondIsNoMusicToIndex) {
    const auto analysis = analyse(audio_ident::test::music(1, 0.9));
    ASSERT_FALSE(analysis);
    EXPECT_EQ(analysis.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(analysis.error().message, "no music to index: 0.90 s of audio, at least 1 s are needed");
    EXPECT_TRUE(analyse(audio_ident::test::music(1, 1.5)));
}

TEST_F(DecodingAnalyzerTest, MusicTooShortForAChromaprintIsIndexedWithoutOne) {
    const auto analysis = analyse(audio_ident::test::music(1, 3));
    ASSERT_TRUE(analysis) << analysis.error().message;
    EXPECT_FALSE(analysis->chromaprint);
}

class BrokenDecoder : public audio::Decoder {
  public:
    Result<audio::DecodeSummary> decode(const audio::Source&, const audio::DecodeOptions&,
                                        const audio::PcmSink&) const override {
        throw std::runtime_error("out of luck");
    }
    Result<audio::StreamInfo> probe(const audio::Source&, const Deadline&) const override {
        return fail(ErrorKind::internal, "unused");
    }
};

TEST(DecodingAnalyzer, WhatALibraryThrowsIsAnError) {
    const BrokenDecoder decoder;
    const auto analysis = decoding_analyzer(decoder)()->analyse("x", {}, Deadline());
    ASSERT_FALSE(analysis);
    EXPECT_EQ(analysis.error().kind, ErrorKind::internal);
    EXPECT_NE(analysis.error().message.find("out of luck"), std::string::npos);
}

}  // namespace
}  // namespace audio_ident::ingest
