// The only code that is linked with OpenVINO: a module, so that the program starts fast and works without it.

#include <openvino/openvino.hpp>

#include "lib/openvino/network.hpp"

namespace audio_ident::openvino {

namespace {

class CpuRequest : public Request {
  public:
    explicit CpuRequest(ov::InferRequest request) : request_(std::move(request)) {}

    Result<void> run(std::span<const float> values, std::span<const std::size_t> shape) override {
        return guarded([&]() -> Result<void> {
            ov::Tensor input(ov::element::f32, ov::Shape(shape.begin(), shape.end()));
            if (input.get_size() != values.size()) {
                return fail(ErrorKind::internal, "{} values for a shape of {}", values.size(), input.get_size());
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
                else
                    return fail(ErrorKind::corrupt, "the model wants \"{}\", which nothing gives",
                                input.get_any_name());
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
    static ov::Core* const made = new ov::Core();  // never destroyed: its libraries may be gone at the end
    return *made;
}

ov::CompiledModel compile(const NetworkSource& onnx, const ov::AnyMap& properties) {
    if (const auto* path = std::get_if<std::filesystem::path>(&onnx)) {
        return core().compile_model(path->string(), "CPU", properties);
    }
    const auto bytes = std::get<std::span<const std::byte>>(onnx);
    const auto model =
        core().read_model(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), ov::Tensor());
    return core().compile_model(model, "CPU", properties);
}

Result<std::unique_ptr<Network>> load(const NetworkSource& onnx, const NetworkOptions& options) {
    try {
        const int streams = static_cast<int>(options.streams);
        // 32 bits whatever the processor has: 16 are emulated, many times slower, where it has them not, and a vector
        // must not depend on the machine. No pinning: the ingest's own threads are there too.
        ov::AnyMap properties{ov::hint::inference_precision(ov::element::f32),
                              ov::num_streams(ov::streams::Num(streams)), ov::inference_num_threads(streams),
                              ov::hint::enable_cpu_pinning(false)};
        if (!options.cache_folder.empty()) properties.insert(ov::cache_dir(options.cache_folder.string()));
        return std::make_unique<CpuNetwork>(compile(onnx, properties));
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
