// The only code that links to OpenVINO. It is a separate module, so that the program starts fast and works without it.

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <openvino/openvino.hpp>
#include <optional>

#include "lib/openvino/module/weights.hpp"
#include "lib/openvino/network.hpp"
#include "util/atomic_file.hpp"
#include "util/mapped_file.hpp"

namespace audio_ident::openvino {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDevice = "CPU";

class CpuRequest : public Request {
  public:
    explicit CpuRequest(ov::InferRequest request) : request_(std::move(request)) {}

    Result<void> run(std::span<const float> values, std::span<const std::size_t> shape) override {
        return guarded([&]() -> Result<void> {
            ov::Tensor input(ov::element::f32, ov::Shape(shape.begin(), shape.end()));
            if (input.get_size() != values.size()) {
                return fail(ErrorKind::internal, "got {} values for an input of {}", values.size(), input.get_size());
            }
            std::copy(values.begin(), values.end(), input.data<float>());
            request_.set_input_tensor(input);
            request_.infer();
            return {};
        });
    }

    Result<void> run_tokens(std::span<const std::int64_t> tokens) override {
        return guarded([&]() -> Result<void> {
            const auto model = request_.get_compiled_model();
            for (const auto& input : model.inputs()) {
                ov::Tensor row(ov::element::i64, ov::Shape{1, tokens.size()});
                if (input.get_any_name() == "input_ids")
                    std::copy(tokens.begin(), tokens.end(), row.data<std::int64_t>());
                else if (input.get_any_name() == "attention_mask")
                    std::fill_n(row.data<std::int64_t>(), tokens.size(), 1);
                else return fail(ErrorKind::corrupt, "the model needs the unknown input \"{}\"", input.get_any_name());
                request_.set_tensor(input, row);
            }
            request_.infer();
            return {};
        });
    }

    std::span<const float> output(std::string_view name) const override {
        try {
            const ov::Tensor tensor = request_.get_tensor(std::string(name));
            return {tensor.data<const float>(), tensor.get_size()};
        } catch (const std::exception&) {
            return {};
        }
    }

  private:
    template <typename Work>
    static Result<void> guarded(const Work& work) {
        try {
            return work();
        } catch (const std::exception& error) {
            return fail(ErrorKind::internal, "OpenVINO: {}", error.what());
        }
    }

    mutable ov::InferRequest request_;
};

class CpuNetwork : public Network {
  public:
    explicit CpuNetwork(ov::CompiledModel model) : model_(std::move(model)) {}
    std::unique_ptr<Request> request() const override {
        return std::make_unique<CpuRequest>(model_.create_infer_request());
    }

  private:
    mutable ov::CompiledModel model_;
};

ov::Core& core() {
    // Never destroyed, because its libraries may be unloaded first at exit.
    static ov::Core* const made = new ov::Core();
    return *made;
}

bool has_native_bf16() {
    const auto all = core().get_property(kDevice, ov::device::capabilities);
    return std::find(all.begin(), all.end(), ov::device::capability::BF16) != all.end();
}

/// Resolves `fast` for this processor; other values stay as they are.
Precision resolved(Precision precision) {
    if (precision != Precision::fast) return precision;
    return has_native_bf16() ? Precision::half : Precision::bytes;
}

ov::AnyMap properties(Precision precision, unsigned streams) {
    // Use bf16 only where the processor supports it; emulation is many times slower. Threads are not pinned, because
    // they share the cores with ingest's own threads.
    const bool bf16 = precision == Precision::half && has_native_bf16();
    const int threads = static_cast<int>(streams);
    return {ov::hint::inference_precision(bf16 ? ov::element::bf16 : ov::element::f32),
            ov::hint::dynamic_quantization_group_size(precision == Precision::bytes ? kWeightGroup : 0),
            ov::num_streams(ov::streams::Num(threads)), ov::inference_num_threads(threads),
            ov::hint::enable_cpu_pinning(false)};
}

std::shared_ptr<ov::Model> read(const NetworkSource& onnx) {
    if (const auto* path = std::get_if<std::filesystem::path>(&onnx)) return core().read_model(path->string());
    const auto bytes = std::get<std::span<const std::byte>>(onnx);
    return core().read_model(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), ov::Tensor());
}

ov::CompiledModel compile(const NetworkSource& onnx, Precision precision, unsigned streams) {
    const auto model = read(onnx);
    if (precision == Precision::half) halve_weights(*model);
    if (precision == Precision::bytes) quantise_weights(*model);
    return core().compile_model(model, kDevice, properties(precision, streams));
}

/// Identifies the OpenVINO version and the processor. A compiled network fits only the combination that compiled it.
std::string machine_key() {
    std::string all = ov::get_openvino_version().buildNumber + core().get_property(kDevice, ov::device::full_name);
    for (const auto& each : core().get_property(kDevice, ov::device::capabilities)) all += " " + each;
    return fmt::format("{:016x}", std::hash<std::string>{}(all));
}

constexpr const char* name_of(Precision precision) {
    return precision == Precision::half ? "half" : precision == Precision::bytes ? "bytes" : "f32";
}

/// Removes networks that another processor or OpenVINO version compiled.
void remove_others(const fs::path& folder, const std::string& key) {
    std::error_code ignored;
    std::vector<fs::path> others;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        if (!entry.path().filename().string().ends_with(key)) others.push_back(entry.path());
    }
    for (const auto& other : others) fs::remove_all(other, ignored);
}

/// Stores the compiled network for the next start. If that fails, the next start compiles it again.
void keep(ov::CompiledModel& network, const fs::path& file) {
    std::error_code ignored;
    fs::create_directories(file.parent_path(), ignored);
    // A cache, but OpenVINO does not check the numbers in it: a damaged one would give wrong vectors.
    auto fresh = util::AtomicFile::create(file, util::Durability::power_cut);
    if (!fresh) return;
    std::ofstream stream(fresh->temporary(), std::ios::binary);
    network.export_model(stream);
    stream.close();
    if (stream) static_cast<void>(fresh->commit());
}

/// Loads the network that an earlier start compiled, if there is a matching one.
std::optional<ov::CompiledModel> kept(const fs::path& path, Precision precision, unsigned streams) {
    const auto file = std::const_pointer_cast<util::MappedFile>(util::MappedFile::open(path));
    if (!file) return {};
    try {
        // A tensor wants to be able to write; nobody does.
        auto* data = const_cast<std::byte*>(file->bytes().data());
        const ov::Tensor bytes(ov::Tensor(ov::element::u8, ov::Shape{file->bytes().size()}, data), file);
        auto network = core().import_model(bytes, kDevice, properties(precision, streams));
        file->forget_pages();  // OpenVINO has copied most pages into the layout that the processor needs.
        return network;
    } catch (const std::exception&) {
        return {};  // The stored network is damaged, so it is compiled again.
    }
}

ov::CompiledModel load_or_compile(const NetworkSource& onnx, const NetworkOptions& options) {
    const Precision precision = resolved(options.precision);
    const auto* path = std::get_if<fs::path>(&onnx);
    if (!path || options.cache_folder.empty()) return compile(onnx, precision, options.streams);
    const std::string key = machine_key();
    const fs::path file =
        options.cache_folder / fmt::format("{}-{}-{}", path->stem().string(), name_of(precision), key);
    if (auto network = kept(file, precision, options.streams)) return std::move(*network);
    auto network = compile(onnx, precision, options.streams);
    remove_others(options.cache_folder, key);
    keep(network, file);
    // This network does not refer to the weights in the ONNX file.
    auto smaller = kept(file, precision, options.streams);
    return smaller ? std::move(*smaller) : network;
}

Result<std::unique_ptr<Network>> load(const NetworkSource& onnx, const NetworkOptions& options) {
    try {
        return std::make_unique<CpuNetwork>(load_or_compile(onnx, options));
    } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, "OpenVINO cannot read the model: {}", error.what());
    }
}

}  // namespace

extern "C" __attribute__((visibility("default"))) void audio_ident_load_network(
    const NetworkSource& onnx, const NetworkOptions& options, Result<std::unique_ptr<Network>>& loaded) {
    loaded = load(onnx, options);
}

}  // namespace audio_ident::openvino
