// The only code that is linked with OpenVINO: a module, so that the program starts fast and works without it.

#include <openvino/openvino.hpp>

#include "lib/openvino/network.hpp"

namespace audio_ident::openvino {

namespace {

class CpuRequest : public Request {
  public:
    explicit CpuRequest(ov::InferRequest request) : request_(std::move(request)) {}

    Result<void> run(std::span<const float> values, std::span<const std::size_t> shape) override {
        try {
            ov::Tensor input(ov::element::f32, ov::Shape(shape.begin(), shape.end()));
            if (input.get_size() != values.size()) {
                return fail(ErrorKind::internal, "{} values for a shape of {}", values.size(), input.get_size());
            }
            std::copy(values.begin(), values.end(), input.data<float>());
            request_.set_input_tensor(input);
            request_.infer();
            return {};
        } catch (const std::exception& error) {
            return fail(ErrorKind::internal, "OpenVINO: {}", error.what());
        }
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

Result<std::unique_ptr<Network>> load(std::span<const std::byte> onnx, const NetworkOptions& options) {
    try {
        auto model =
            core().read_model(std::string(reinterpret_cast<const char*>(onnx.data()), onnx.size()), ov::Tensor());
        const int streams = static_cast<int>(options.streams);
        // 32 bits whatever the processor has: 16 are emulated, many times slower, where it has them not, and a vector
        // must not depend on the machine. No pinning: the ingest's own threads are there too.
        return std::make_unique<CpuNetwork>(core().compile_model(
            model, "CPU", ov::hint::inference_precision(ov::element::f32), ov::num_streams(ov::streams::Num(streams)),
            ov::inference_num_threads(streams), ov::hint::enable_cpu_pinning(false)));
    } catch (const std::exception& error) {
        return fail(ErrorKind::corrupt, "OpenVINO cannot read the model: {}", error.what());
    }
}

}  // namespace

extern "C" __attribute__((visibility("default"))) void audio_ident_load_network(
    std::span<const std::byte> onnx, const NetworkOptions& options, Result<std::unique_ptr<Network>>& loaded) {
    loaded = load(onnx, options);
}

}  // namespace audio_ident::openvino
