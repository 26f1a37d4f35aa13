#include "embedding/musicnn.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <gmock/gmock.h>
#include <numeric>
#include <thread>

#include "support/decode.hpp"
#include "support/files.hpp"
#include "support/synth.hpp"

namespace audio_ident::embedding {
namespace {

using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

const Embedder& embedder() {
    static const auto made = make_musicnn(2);
    if (!made) throw std::runtime_error(made.error().message);
    return **made;
}

using Start = std::unique_ptr<EmbeddingStream> (Embedder::*)(const Deadline&) const;

Embedding embedding_of(std::span<const float> samples, std::size_t block = 16000, Start start = &Embedder::stream) {
    const auto stream = (embedder().*start)({});
    for (; !samples.empty(); samples = samples.subspan(std::min(block, samples.size()))) {
        if (auto done = stream->consume(samples.first(std::min(block, samples.size()))); !done) {
            throw std::runtime_error(done.error().message);
        }
    }
    auto embedding = stream->finish();
    if (!embedding) throw std::runtime_error(embedding.error().message);
    return std::move(*embedding);
}

double cosine(const Chunk& a, const Chunk& b) {
    return std::inner_product(a.vector.begin(), a.vector.end(), b.vector.begin(), 0.0);
}

// eval/musicnn_reference.py made the reference with TensorFlow and the package's own code.
TEST(Musicnn, GivesTheTagsOfTheOriginal) {
    const std::filesystem::path folder = std::filesystem::path(GOLDEN_FOLDER) / "musicnn";
    const auto bytes = test::read_file(folder / "reference.json");
    const auto reference = boost::json::parse({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    for (const auto& [name, tags] : reference.at("tags").as_object()) {
        const auto clip = test::decode(folder / std::string(name));
        ASSERT_TRUE(clip) << clip.error().message;
        const auto embedding = embedding_of(clip->samples);
        ASSERT_THAT(embedding.tags, SizeIs(tags.as_array().size()));
        for (std::size_t i = 0; i < embedding.tags.size(); ++i) {
            EXPECT_NEAR(embedding.tags[i], tags.at(i).to_number<double>(), 1e-4)
                << name << ' ' << embedder().model().tag_names[i];
        }
    }
}

TEST(Musicnn, GivesUnitVectorsFiveSecondsApart) {
    const auto embedding = embedding_of(test::music(1, 31, 16000).samples);
    ASSERT_THAT(embedding.chunks, SizeIs(5));
    for (std::size_t i = 0; i < embedding.chunks.size(); ++i) {
        const Chunk& chunk = embedding.chunks[i];
        EXPECT_THAT(chunk.vector, SizeIs(embedder().model().dimension));
        EXPECT_NEAR(cosine(chunk, chunk), 1, 1e-5);
        EXPECT_NEAR(chunk.start_seconds, embedder().model().hop_seconds * double(i), 1e-6);
        EXPECT_THAT(chunk.level_db, AllOf(Ge(-30), Le(0)));
    }
    EXPECT_THAT(embedding.tags, AllOf(SizeIs(embedder().model().tag_names.size()), Each(AllOf(Ge(0), Le(1)))));
}

TEST(Musicnn, TakesTheAirOutOfAClip) {
    for (const std::string name : {"hungarian_dance.flac", "vibe_ace.flac"}) {
        const auto clean = test::decode(std::filesystem::path(GOLDEN_FOLDER) / "musicnn" / name);
        ASSERT_TRUE(clean) << clean.error().message;
        const test::Clip music{16000, 1, clean->samples};
        const auto noisy = test::mix_at_snr(music, test::noise(1, music.seconds(), 16000), 5);
        const auto vector_of = [](const test::Clip& heard, Start start) {
            return embedding_of(heard.samples, 16000, start).chunks.at(0);
        };
        const Chunk recording = vector_of(music, &Embedder::stream);
        const double as_recording = cosine(vector_of(noisy, &Embedder::stream), recording);
        EXPECT_GT(cosine(vector_of(noisy, &Embedder::clip_stream), recording), as_recording + 0.1) << name;
        EXPECT_GT(cosine(vector_of(music, &Embedder::clip_stream), recording), 0.8) << name;
    }
}

TEST(Musicnn, DoesNotDependOnHowTheInputIsCut) {
    const auto samples = test::music(2, 14, 16000).samples;
    const auto whole = embedding_of(samples, samples.size());
    for (const std::size_t block : {777, 16384}) {
        const auto cut = embedding_of(samples, block);
        ASSERT_EQ(cut.chunks.size(), whole.chunks.size());
        for (std::size_t i = 0; i < cut.chunks.size(); ++i) EXPECT_EQ(cut.chunks[i].vector, whole.chunks[i].vector);
        EXPECT_EQ(cut.tags, whole.tags);
    }
}

TEST(Musicnn, HearsTheSameMusicAtAnyLevel) {
    const auto loud = test::music(3, 10, 16000);
    const auto quiet = test::amplify(loud, 0.03F);
    EXPECT_GT(cosine(embedding_of(loud.samples).chunks.at(0), embedding_of(quiet.samples).chunks.at(0)), 0.9999);
}

TEST(Musicnn, LeavesSilenceOut) {
    EXPECT_THAT(embedding_of(std::vector<float>(16000 * 20)).chunks, IsEmpty());
    EXPECT_THAT(embedding_of({}).chunks, IsEmpty());
    EXPECT_THAT(embedding_of({}).tags, IsEmpty());

    const auto music = test::music(4, 10.5, 16000);
    const auto later = test::concatenate(std::vector{test::silence(20, 16000), music, test::silence(30, 16000)});
    const auto embedding = embedding_of(later.samples);
    ASSERT_THAT(embedding.chunks, Not(IsEmpty()));
    EXPECT_THAT(embedding.chunks.front().start_seconds, AllOf(Ge(9.0), Le(20.0)));
    EXPECT_LE(embedding.chunks.back().start_seconds, 31);
}

TEST(Musicnn, GivesAShortClipOneChunk) {
    for (const double seconds : {0.1, 1.0, 3.0, 7.0}) {
        const auto embedding = embedding_of(test::music(5, seconds, 16000).samples);
        ASSERT_THAT(embedding.chunks, SizeIs(1)) << seconds;
        EXPECT_EQ(embedding.chunks[0].start_seconds, 0);
        EXPECT_NEAR(cosine(embedding.chunks[0], embedding.chunks[0]), 1, 1e-5);
    }
}

TEST(Musicnn, StandsWhatIsNoMusic) {
    std::vector<float> broken(16000 * 4, 1.0F);
    broken[5000] = std::nanf("");
    for (const auto& samples : {broken, test::tone(440, 4, 16000).samples, test::noise(1, 4, 16000).samples}) {
        for (const Chunk& chunk : embedding_of(samples).chunks) EXPECT_NEAR(cosine(chunk, chunk), 1, 1e-5);
    }
}

TEST(Musicnn, EmbedsSeveralRecordingsAtOnce) {
    const auto samples = test::music(6, 12, 16000).samples;
    const auto alone = embedding_of(samples);
    std::vector<Embedding> results(3);
    {
        std::vector<std::jthread> threads;
        for (Embedding& result : results) threads.emplace_back([&] { result = embedding_of(samples); });
    }
    for (const Embedding& result : results) EXPECT_EQ(result.chunks.at(0).vector, alone.chunks.at(0).vector);
}

TEST(Musicnn, EndsAtTheDeadline) {
    const auto stream = embedder().stream(Deadline::after(std::chrono::seconds(0)));
    const auto samples = test::music(7, 30, 16000).samples;
    auto consumed = stream->consume(samples);
    EXPECT_FALSE(consumed);
    EXPECT_EQ(consumed.error().kind, ErrorKind::timeout);
}

TEST(Musicnn, ReadsNoText) {
    const auto text = embedder().embed_text("slow dreamy piano", {});
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind, ErrorKind::unsupported);
    EXPECT_THAT(text.error().message, HasSubstr("model list"));
}

}  // namespace
}  // namespace audio_ident::embedding
