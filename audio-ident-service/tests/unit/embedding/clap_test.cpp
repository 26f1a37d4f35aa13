#include "embedding/clap.hpp"

#include <gmock/gmock.h>
#include <numeric>

#include "support/clap_reference.hpp"
#include "support/files.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::embedding {
namespace {

using openvino::Precision;
using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

constexpr int kRate = ClapMel::kSampleRateHz;

/// The tiny model in a folder of its own, because compiled networks are stored beside it.
ModelFolder model_in(const test::TempFolder& folder) {
    for (const char* name : {"audio_model.onnx", "text_model.onnx", "tokenizer.json", "model.json"}) {
        std::filesystem::copy(test::clap_folder() / name, folder.path() / name);
    }
    return test::clap_model(folder.path());
}

const Embedder& embedder() {
    static const test::TempFolder folder;
    static const auto made = open_clap(model_in(folder), 2, Precision::f32);
    if (!made) throw std::runtime_error(made.error().message);
    return **made;
}

Embedding embedding_of(std::span<const float> samples, std::size_t block = 48000, const Embedder& by = embedder()) {
    const auto stream = by.stream({});
    for (; !samples.empty(); samples = samples.subspan(std::min(block, samples.size()))) {
        if (auto done = stream->consume(samples.first(std::min(block, samples.size()))); !done) {
            throw std::runtime_error(done.error().message);
        }
    }
    auto embedding = stream->finish();
    if (!embedding) throw std::runtime_error(embedding.error().message);
    return std::move(*embedding);
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

void expect_near(const std::vector<float>& vector, const boost::json::value& reference) {
    const auto expected = boost::json::value_to<std::vector<float>>(reference);
    ASSERT_THAT(vector, SizeIs(expected.size()));
    EXPECT_GE(cosine(vector, expected), 0.9999);
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(vector[i], expected[i], 1e-4) << i;
}

TEST(Clap, HearsWhatTheReferenceHears) {
    const auto reference = test::clap_reference();
    const auto frames = boost::json::value_to<std::vector<std::size_t>>(reference.at("frames"));
    ClapMel mel;
    for (const auto& [name, samples] : test::clap_sounds()) {
        if (samples.size() != ClapMel::kSamples) continue;
        const auto& expected = reference.at("sounds").at(name).at("features").as_array();
        const auto features = mel.features(samples);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const std::size_t at = frames[i / ClapMel::kBands] * ClapMel::kBands + i % ClapMel::kBands;
            EXPECT_NEAR(features[at], expected[i].to_number<double>(), 1e-4) << name << ' ' << at;
        }
    }
}

// eval/clap_reference.py made the model, which has random weights, and the reference.
TEST(Clap, EmbedsSoundAsTheReferenceDoes) {
    const auto reference = test::clap_reference();
    for (const auto& [name, samples] : test::clap_sounds()) {
        SCOPED_TRACE(name);
        const auto embedding = embedding_of(samples);
        ASSERT_THAT(embedding.chunks, SizeIs(1));
        expect_near(embedding.chunks[0].vector, reference.at("sounds").at(name).at("embedding"));
    }
}

TEST(Clap, EmbedsTextAsTheReferenceDoes) {
    EXPECT_TRUE(embedder().model().reads_text);
    const auto reference = test::clap_reference();
    for (const auto& each : reference.at("texts").as_array()) {
        SCOPED_TRACE(std::string(each.at("text").as_string()));
        const auto vector = embedder().embed_text(std::string_view(each.at("text").as_string()), {});
        ASSERT_TRUE(vector) << vector.error().message;
        expect_near(*vector, each.at("embedding"));
    }
}

TEST(Clap, DiffersLittleWithFewerBits) {
    const auto reference = test::clap_reference();
    for (const Precision precision : {Precision::half, Precision::bytes}) {
        SCOPED_TRACE(static_cast<int>(precision));
        const test::TempFolder folder;
        const auto smaller = open_clap(model_in(folder), 1, precision);
        ASSERT_TRUE(smaller) << smaller.error().message;
        for (const auto& [name, samples] : test::clap_sounds()) {
            const auto vector = embedding_of(samples, 48000, **smaller).chunks.at(0).vector;
            const auto& expected = reference.at("sounds").at(name).at("embedding");
            EXPECT_GE(cosine(vector, boost::json::value_to<std::vector<float>>(expected)), 0.999) << name;
        }
        for (const auto& each : reference.at("texts").as_array()) {
            const auto vector = (*smaller)->embed_text(std::string_view(each.at("text").as_string()), {}).value();
            EXPECT_GE(cosine(vector, boost::json::value_to<std::vector<float>>(each.at("embedding"))), 0.999);
        }
    }
}

TEST(Clap, KeepsWhatItHasCompiled) {
    const test::TempFolder folder;
    const ModelFolder model = model_in(folder);
    const auto sound = test::music(1, 10, kRate).samples;
    const auto vector = [&] {
        const auto clap = open_clap(model, 1);
        if (!clap) throw std::runtime_error(clap.error().message);
        return embedding_of(sound, 48000, **clap).chunks.at(0).vector;
    };
    std::filesystem::create_directory(model.compiled());
    test::write_file(model.compiled() / "of another version", "");
    const auto first = vector();
    const std::vector<std::filesystem::path> kept{std::filesystem::directory_iterator(model.compiled()), {}};
    ASSERT_THAT(kept, SizeIs(1));
    const auto bytes = test::read_file(kept[0]);

    const auto expect_kept = [&] {
        test::write_file(model.file("audio"), "\x08");  // The file is not read again.
        EXPECT_EQ(vector(), first);
        std::filesystem::copy(test::clap_folder() / "audio_model.onnx", model.file("audio"),
                              std::filesystem::copy_options::overwrite_existing);
    };
    expect_kept();
    for (const std::size_t size : {std::size_t(0), bytes.size() / 2}) {
        test::write_file(kept[0], test::Bytes(bytes.begin(), bytes.begin() + std::ptrdiff_t(size)));
        EXPECT_EQ(vector(), first) << "the damaged cache must be replaced";
        expect_kept();
    }
}

TEST(Clap, TakesTextsOfAnyLength) {
    std::string long_text;
    for (int i = 0; i < 3000; ++i) long_text += "slow piano ";
    const auto vector = embedder().embed_text(long_text, {});
    ASSERT_TRUE(vector) << vector.error().message;
    EXPECT_NEAR(cosine(*vector, *vector), 1, 1e-5);
}

TEST(Clap, GivesAWindowEachFiveSeconds) {
    const auto embedding = embedding_of(test::music(1, 28, kRate).samples);
    // Chunks at 0, 5, 10 and 15 s, and one that ends where the recording ends.
    ASSERT_THAT(embedding.chunks, SizeIs(5));
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(embedding.chunks[i].start_seconds, 5.0 * double(i), 1e-9);
    EXPECT_NEAR(embedding.chunks[4].start_seconds, 18, 1e-9);
    for (const Chunk& chunk : embedding.chunks) {
        EXPECT_NEAR(cosine(chunk.vector, chunk.vector), 1, 1e-5);
        EXPECT_THAT(chunk.level_db, AllOf(Ge(-30), Le(0)));
    }
    EXPECT_THAT(embedding.tags, IsEmpty());
}

TEST(Clap, DoesNotDependOnHowTheInputIsCut) {
    const auto samples = test::music(2, 21, kRate).samples;
    const auto whole = embedding_of(samples, samples.size());
    const auto cut = embedding_of(samples, 7777);
    ASSERT_EQ(cut.chunks.size(), whole.chunks.size());
    for (std::size_t i = 0; i < cut.chunks.size(); ++i) EXPECT_EQ(cut.chunks[i].vector, whole.chunks[i].vector);
}

TEST(Clap, StandsWhatIsNoMusic) {
    EXPECT_THAT(embedding_of({}).chunks, IsEmpty());
    EXPECT_THAT(embedding_of(std::vector<float>(12 * kRate)).chunks, IsEmpty());
    std::vector<float> broken(4 * kRate, 1.0F);
    broken[5000] = std::nanf("");
    for (const auto& samples : {broken, test::tone(440, 0.01, kRate).samples}) {
        const auto embedding = embedding_of(samples);
        ASSERT_THAT(embedding.chunks, SizeIs(1));
        EXPECT_NEAR(cosine(embedding.chunks[0].vector, embedding.chunks[0].vector), 1, 1e-5);
    }
}

TEST(Clap, EndsAtTheDeadline) {
    const auto stream = embedder().stream(Deadline::after(std::chrono::seconds(0)));
    const auto consumed = stream->consume(test::music(3, 11, kRate).samples);
    ASSERT_FALSE(consumed);
    EXPECT_EQ(consumed.error().kind, ErrorKind::timeout);
}

TEST(Clap, SaysWhichFileIsDamaged) {
    const test::TempFolder folder;
    for (const char* name : {"text_model.onnx", "tokenizer.json", "model.json"}) {
        std::filesystem::copy(test::clap_folder() / name, folder.path() / name);
    }
    const auto missing = open_clap(test::clap_model(folder.path()), 1);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::not_available);
    EXPECT_THAT(missing.error().message, HasSubstr("audio_model.onnx"));

    auto bytes = test::read_file(test::clap_folder() / "audio_model.onnx");
    bytes.resize(bytes.size() / 2);
    for (const auto& content : {bytes, test::Bytes(1000)}) {
        test::write_file(folder.path() / "audio_model.onnx", content);
        const auto damaged = open_clap(test::clap_model(folder.path()), 1);
        ASSERT_FALSE(damaged);
        EXPECT_EQ(damaged.error().kind, ErrorKind::corrupt);
        EXPECT_THAT(damaged.error().message, HasSubstr("audio-ident model verify clap-htsat-large"));
    }
}

}  // namespace
}  // namespace audio_ident::embedding
