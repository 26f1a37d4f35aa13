#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"

namespace audio_ident::openvino {

/// Runs a network, one run at a time. Not thread-safe.
class Request {
  public:
    virtual ~Request() = default;

    /// Runs the network on its only input. The first dimension of `shape` is the number of rows.
    virtual Result<void> run(std::span<const float> values, std::span<const std::size_t> shape) = 0;
    /// Runs a network that reads one row of tokens: sets `input_ids`, and `attention_mask` to ones if the network has
    /// it.
    virtual Result<void> run_tokens(std::span<const std::int64_t> tokens) = 0;
    /// An output of the last run, row-major, valid until the next run. Empty when there is no output with that name.
    virtual std::span<const float> output(std::string_view name) const = 0;
};

/// A network that is ready to run on this machine's processor. Thread-safe.
class Network {
  public:
    virtual ~Network() = default;
    virtual std::unique_ptr<Request> request() const = 0;
};

/// How the weights are stored and computed with.
enum class Precision {
    f32,    ///< as trained; gives the same results on every machine
    half,   ///< 16-bit weights; computes in bfloat16 where the processor supports it, otherwise in 32 bits
    bytes,  ///< 8-bit weights and activations in products, with one factor per 64 numbers; the rest in 32 bits
    fast,   ///< half where the processor supports bfloat16, otherwise bytes
};

struct NetworkOptions {
    unsigned streams = 1;  ///< number of requests that run at the same time, one thread each; further ones wait
    Precision precision = Precision::f32;
    /// For a network in a file: the folder that keeps the compiled form, so that later starts load faster. Empty: do
    /// not keep it.
    std::filesystem::path cache_folder = {};
};

/// An ONNX model, in memory or as a file.
using NetworkSource = std::variant<std::span<const std::byte>, std::filesystem::path>;

/// Loads a network. OpenVINO itself is loaded with the first network, so a program that runs none works without it.
/// Fails with not_available when OpenVINO or the file is missing, and with corrupt when the file is not a network.
Result<std::unique_ptr<Network>> load_network(const NetworkSource& onnx, const NetworkOptions& options);

/// The function that the OpenVINO module exports under kLoadFunction.
using LoadFunction = void (*)(const NetworkSource& onnx, const NetworkOptions& options,
                              Result<std::unique_ptr<Network>>& loaded);
inline constexpr const char* kLoadFunction = "audio_ident_load_network";

}  // namespace audio_ident::openvino
