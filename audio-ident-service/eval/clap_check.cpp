// Compares CLAP with the reference that `eval/clap_reference.py --full FOLDER` wrote: clap-check FOLDER
//
// Prints, for each precision, the cosine and the largest difference for sounds and for texts. Exits with 1 when a
// cosine is below 0.9999 with 32 bits, or below 0.999 with the other precisions.

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <stdexcept>

#include "embedding/clap.hpp"
#include "support/clap_reference.hpp"

using namespace audio_ident;
using openvino::Precision;

namespace {

struct Difference {
    std::vector<double> cosines;
    double largest = 0;  ///< largest difference between components of the unit vectors
    std::string where;

    void add(const std::string& name, const std::vector<float>& vector, const boost::json::value& reference) {
        const auto expected = boost::json::value_to<std::vector<double>>(reference);
        if (vector.size() != expected.size()) throw std::runtime_error("another dimension");
        cosines.push_back(std::inner_product(vector.begin(), vector.end(), expected.begin(), 0.0));
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const double difference = std::fabs(vector[i] - expected[i]);
            if (difference <= largest) continue;
            largest = difference;
            where = fmt::format("number {} of \"{}\": {:.5f}, reference {:.5f}", i, name, vector[i], expected[i]);
        }
    }

    double least() const { return *std::min_element(cosines.begin(), cosines.end()); }

    void print(std::string_view precision, std::string_view what) const {
        auto sorted = cosines;
        std::sort(sorted.begin(), sorted.end());
        fmt::print("{:6} {} {:6} cosine at least {:.7f}, median {:.7f}; largest difference {:.1e} ({})\n", precision,
                   cosines.size(), what, sorted.front(), sorted[sorted.size() / 2], largest, where);
    }
};

std::vector<float> heard(const embedding::Embedder& embedder, const std::vector<float>& samples) {
    const auto stream = embedder.stream({});
    if (!stream->consume(samples)) throw std::runtime_error("the sound could not be embedded");
    return stream->finish().value().chunks.at(0).vector;
}

bool check(const embedding::ModelFolder& folder, std::string_view name, Precision precision, double bound) {
    const auto embedder = embedding::open_clap(folder, 1, precision);
    if (!embedder) throw std::runtime_error(embedder.error().message);
    const auto reference = test::clap_reference(folder.path);
    Difference sounds;
    for (const auto& [sound, samples] : test::clap_sounds()) {
        sounds.add(sound, heard(**embedder, samples), reference.at("sounds").at(sound).at("embedding"));
    }
    Difference texts;
    for (const auto& each : reference.at("texts").as_array()) {
        const std::string text(each.at("text").as_string());
        texts.add(text, (*embedder)->embed_text(text, {}).value(), each.at("embedding"));
    }
    sounds.print(name, "sounds");
    texts.print(name, "texts");
    return sounds.least() >= bound && texts.least() >= bound;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: clap-check FOLDER\n");
        return 2;
    }
    try {
        const auto folder = test::clap_model(argv[1]);
        const bool well = check(folder, "f32", Precision::f32, 0.9999);
        const bool half = check(folder, "half", Precision::half, 0.999);
        const bool bytes = check(folder, "bytes", Precision::bytes, 0.999);
        return well && half && bytes ? 0 : 1;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
