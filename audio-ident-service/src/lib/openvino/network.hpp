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

/// One use of a network at a time: for one thread.
class Request {
  public:
    virtual ~Request() = default;

    /// Runs the network on its only input, the first size of whose shape is the number of rows.
    virtual Result<void> run(std::span<const float> values, std::span<const std::size_t> shape) = 0;
    /// The same for a network that reads one row of tokens: `input_ids`, and `attention_mask` of ones where it has that.
    virtual Result<void> run_tokens(std::span<const std::int64_t> tokens) = 0;
    /// An output of the last run, row after row; valid until the next. Empty when there is none of that name.
    virtual std::span<const float> output(std::string_view name) const = 0;
};

/// A network that is ready to run on this machine's processor. Thread-safe.
class Network {
  public:
    virtual ~Network() = default;
    virtual std::unique_ptr<Request> request() const = 0;
};

/// How large networks are kept and computed.
enum class Precision {
    f32,    ///< as the model was trained, the same on every machine
    half,   ///< weights in 16 bits; bfloat16 where the processor has it, otherwise 32 bits
    bytes,  ///< weights, and what they are multiplied with, in 8 bits a number and a factor for 64; the rest in 32 bits
    fast,   ///< half where the processor has bfloat16, otherwise bytes
};

struct NetworkOptions {
    unsigned streams = 1;  ///< requests that run at the same time, on one thread each; more wait for their turn
    Precision precision = Precision::f32;
    /// Of a network in a file: where it is kept as made for this processor, so that it loads faster from the second time
    /// on. Empty: nowhere.
    std::filesystem::path cache_folder = {};
};

/// An ONNX file, in memory or on disk.
using NetworkSource = std::variant<std::span<const std::byte>, std::filesystem::path>;

/// OpenVINO is loaded with the first network: a program that runs none does without it.
/// Fails with not_available when OpenVINO or the file is not there, corrupt when the file is no network.
Result<std::unique_ptr<Network>> load_network(const NetworkSource& onnx, const NetworkOptions& options);

/// What the module with OpenVINO in it exports under kLoadFunction.
using LoadFunction = void (*)(const NetworkSource& onnx, const NetworkOptions& options,
                              Result<std::unique_ptr<Network>>& loaded);
inline constexpr const char* kLoadFunction = "audio_ident_load_network";

}  // namespace audio_ident::openvino
