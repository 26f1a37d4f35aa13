#include "lib/openvino/module/weights.hpp"

#include <algorithm>
#include <cmath>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/multiply.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/util/gather_base.hpp>
#include <span>
#include <vector>

// The library contains this function, but its headers do not declare it.
namespace ov {
OPENVINO_API void mark_as_decompression(const std::shared_ptr<Node>& node);
}

namespace audio_ident::openvino {

namespace {

using ov::op::v0::Constant;
using ov::op::v0::Convert;
using ov::op::v0::MatMul;

constexpr float kMostHalf = 65504;  // The largest 16-bit float.
constexpr float kMostByte = 127;

/// The constant 32-bit matrix at this input; nullptr when the input is anything else.
std::shared_ptr<Constant> matrix(const ov::Input<ov::Node>& input) {
    auto constant = ov::as_type_ptr<Constant>(input.get_source_output().get_node_shared_ptr());
    if (!constant || constant->get_element_type() != ov::element::f32 || constant->get_shape().size() != 2) return {};
    return constant;
}

std::span<const float> numbers(const Constant& constant) {
    return {constant.get_data_ptr<float>(), ov::shape_size(constant.get_shape())};
}

void halve(const ov::Input<ov::Node>& input) {
    const auto wide = matrix(input);
    if (!wide) return;
    const auto values = numbers(*wide);
    if (!std::all_of(values.begin(), values.end(), [](float x) { return std::fabs(x) <= kMostHalf; })) return;
    const auto half = std::make_shared<Constant>(ov::element::f16, wide->get_shape(),
                                                 std::vector<ov::float16>(values.begin(), values.end()));
    const auto widened = std::make_shared<Convert>(half, ov::element::f32);
    ov::mark_as_decompression(widened);  // Without this mark OpenVINO would widen the weights permanently.
    input.replace_source_output(widened);
}

struct Bytes {
    std::vector<std::int8_t> values;
    std::vector<float> factors;  ///< one per group
};

Bytes bytes_of(std::span<const float> rows, std::size_t group) {
    Bytes bytes;
    for (; !rows.empty(); rows = rows.subspan(group)) {
        float most = 0;
        for (const float x : rows.first(group)) most = std::max(most, std::fabs(x));
        const float factor = most > 0 ? most / kMostByte : 1;
        for (const float x : rows.first(group)) {
            bytes.values.push_back(static_cast<std::int8_t>(std::lround(x / factor)));
        }
        bytes.factors.push_back(factor);
    }
    return bytes;
}

/// Returns one row per output number, whichever way the model stores the matrix.
std::vector<float> rows_of(const Constant& weights, bool transposed) {
    const auto values = numbers(weights);
    if (transposed) return {values.begin(), values.end()};
    const std::size_t inputs = weights.get_shape()[0];
    const std::size_t outputs = weights.get_shape()[1];
    std::vector<float> rows(values.size());
    for (std::size_t i = 0; i < inputs; ++i) {
        for (std::size_t o = 0; o < outputs; ++o) rows[o * inputs + i] = values[i * outputs + o];
    }
    return rows;
}

void quantise(MatMul& product) {
    const auto weights = matrix(product.input(1));
    if (!weights) return;
    const bool transposed = product.get_transpose_b();
    const std::size_t outputs = weights->get_shape()[transposed ? 0 : 1];
    const std::size_t inputs = weights->get_shape()[transposed ? 1 : 0];
    const std::size_t group = inputs % kWeightGroup == 0 ? kWeightGroup : inputs;
    const std::size_t groups = inputs / group;
    const Bytes bytes = bytes_of(rows_of(*weights, transposed), group);
    // The processor plugin recognises this form and multiplies with the bytes directly.
    const auto values = std::make_shared<Constant>(ov::element::i8, ov::Shape{outputs, groups, group}, bytes.values);
    const auto factors = std::make_shared<Constant>(ov::element::f32, ov::Shape{outputs, groups, 1}, bytes.factors);
    const auto widened =
        std::make_shared<ov::op::v1::Multiply>(std::make_shared<Convert>(values, ov::element::f32), factors);
    const auto shape = Constant::create(ov::element::i64, ov::Shape{2}, {outputs, inputs});
    product.input(1).replace_source_output(std::make_shared<ov::op::v1::Reshape>(widened, shape, false));
    product.set_transpose_b(true);
}

}  // namespace

void halve_weights(ov::Model& model) {
    for (const auto& node : model.get_ordered_ops()) {
        if (ov::is_type<MatMul>(node)) halve(node->input(1));
        if (ov::is_type<ov::op::util::GatherBase>(node)) halve(node->input(0));
    }
    model.validate_nodes_and_infer_types();
}

void quantise_weights(ov::Model& model) {
    for (const auto& node : model.get_ordered_ops()) {
        if (const auto product = ov::as_type_ptr<MatMul>(node)) quantise(*product);
    }
    model.validate_nodes_and_infer_types();
}

}  // namespace audio_ident::openvino
