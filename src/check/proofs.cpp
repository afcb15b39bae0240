#include "proofs.hpp"

#include "../layers/conv2d.hpp"
#include "../layers/flatten.hpp"
#include "../layers/linear.hpp"
#include "../layers/max_pool2d.hpp"
#include "../layers/relu.hpp"
#include "../layers/sigmoid.hpp"
#include "../layers/softmax.hpp"
#include "../layers/tanh.hpp"
#include "../losses/cross_entropy.hpp"
#include "../losses/loss_layer.hpp"
#include "../losses/squared_error.hpp"
#include "../oracles/symbolic_proof.hpp"

namespace handgrad {

namespace {

// The homework's hint, and two samples of two channels
const Shape hint{1, 1, 3, 3}, batch{2, 2, 3, 4};

// Of several regions, the others differ in nothing but which entries they are about
constexpr std::size_t one_region = 1;
// More than a small configuration has
constexpr std::size_t all_regions = 64;

std::vector<RegionProofs> prove_linear() {
    const auto linear = recipe<Linear>(signed_numbers({2, 3}), signed_numbers({2}));
    return {symbolic_proofs(linear, {1, 3}), symbolic_proofs(linear, {3, 3})};
}

// Proofs with the layer's options in their configuration
RegionProofs with_options(RegionProofs regions, const std::string& options) {
    for (auto& proof : regions.proofs)
        proof.configuration += ", " + options;
    return regions;
}

std::string padding_text(const Sides& sides) {
    return "padding " + text(std::array{sides.top, sides.bottom, sides.left, sides.right});
}

std::vector<RegionProofs> prove_conv2d() {
    const auto conv2d = [](const Shape& weight, const Conv2dOptions& options) {
        return recipe<Conv2d>(signed_numbers(weight), signed_numbers({weight[0]}), options);
    };
    const Pair stride{2, 1}, dilation{1, 2};
    const Sides padding{1, 0, 0, 2};
    return {symbolic_proofs(conv2d({1, 1, 2, 2}, {}), hint),
            with_options(symbolic_proofs(conv2d({3, 2, 2, 2}, {stride, padding, dilation}), batch),
                         fmt::format("stride {}, {}, dilation {}", text(stride),
                                     padding_text(padding), text(dilation)))};
}

std::vector<RegionProofs> prove_max_pool2d() {
    const auto pool = [](const Shape& shape, const Pair& kernel, const Pair& stride,
                         const Sides& padding, std::size_t at_most) {
        return with_options(
            symbolic_proofs(recipe<MaxPool2d>(MaxPool2dOptions{kernel, stride, padding}), shape,
                            at_most),
            fmt::format("kernel {}, stride {}, {}", text(kernel), text(stride),
                        padding_text(padding)));
    };
    // One window, two that overlap, and one region of many windows
    return {pool({1, 1, 2, 2}, {2, 2}, {2, 2}, {}, all_regions),
            pool({1, 1, 2, 3}, {2, 2}, {1, 1}, {}, all_regions),
            pool(batch, {3, 2}, {2, 1}, {1, 1, 0, 1}, one_region)};
}

// All regions of a few entries, and one region of many
template <template <class> class L>
std::vector<RegionProofs> prove_plain() {
    return {symbolic_proofs(recipe<L>(), {1, 3}, all_regions),
            symbolic_proofs(recipe<L>(), hint, one_region),
            symbolic_proofs(recipe<L>(), batch, one_region)};
}

template <template <class> class Loss>
RegionProofs prove_with_target(const Shape& shape, std::size_t at_most) {
    const auto loss = [shape]<class T>() {
        const auto target = signed_numbers(shape);
        using L = typename LossLayer<Loss>::template Over<T>;
        // The proof is for any target, not only for distributions
        if constexpr (std::is_same_v<T, Symbolic>)
            return L(variables("target", target));
        else
            return L(tensor_cast<T>(target));
    };
    return symbolic_proofs(loss, shape, at_most);
}

template <template <class> class Loss>
std::vector<RegionProofs> prove_loss() {
    return {prove_with_target<Loss>({1, 3}, all_regions),
            prove_with_target<Loss>({3, 4}, one_region)};
}

} // namespace

const std::vector<ProofSubject>& proof_subjects() {
    static const std::vector<ProofSubject> all{
        {"linear", prove_linear},
        {"conv2d", prove_conv2d},
        {"max_pool2d", prove_max_pool2d},
        {"tanh", prove_plain<Tanh>},
        {"relu", prove_plain<ReLU>},
        {"sigmoid", prove_plain<Sigmoid>},
        {"softmax", prove_plain<Softmax>},
        {"flatten", prove_plain<Flatten>},
        {"squared_error", prove_loss<SquaredError>},
        {"cross_entropy", prove_loss<CrossEntropy>},
    };
    return all;
}

const ProofSubject& proof_subject(std::string_view name) {
    std::string known;
    for (const auto& candidate : proof_subjects()) {
        if (candidate.name == name)
            return candidate;
        known += (known.empty() ? "" : ", ") + candidate.name;
    }
    throw NameError(fmt::format("there is no layer \"{}\"; there are {}", name, known));
}

} // namespace handgrad
