// Mistakes with the weight of a linear layer or a convolution

#include "gradients.hpp"

namespace handgrad::mistakes {

void suspect_weight(Catalogue& all, const Evidence& e, std::size_t place) {
    if (place != 0 || e.inputs.size() < 2 || e.inputs[1].dimension() < 2 || !e.gradient_at)
        return;
    const auto& weight = e.inputs[1];
    const auto rank = weight.dimension();
    const auto add = [&](const char* name, const char* sentence, const Gradient& changed) {
        all.push_back({name, sentence, [&e, changed] {
                           auto inputs = e.inputs;
                           inputs[1] = changed;
                           return gradient_of(e, 0, inputs);
                       }});
    };
    if (rank == 4) {
        add("kernel not flipped",
            "dz slides the kernel over dy as forward does; flip its rows and "
            "columns.",
            flipped(weight, {0, 1}));
        add("kernel flipped in its rows only", "dz pairs each tap with the wrong column.",
            flipped(weight, {0}));
        add("kernel flipped in its columns only", "dz pairs each tap with the wrong row.",
            flipped(weight, {1}));
    }
    if (weight.shape(rank - 1) == weight.shape(rank - 2))
        add(rank == 2 ? "weight not transposed" : "taps transposed",
            rank == 2 ? "dz is dy · weight, the sum over outputs; here it runs over inputs."
                      : "rows and columns of the kernel are exchanged in dz.",
            swapped(weight, rank - 1, rank - 2));
    if (rank == 4 && weight.shape(0) == weight.shape(1)) {
        add("channels exchanged", "weight(k, j) is used where weight(j, k) belongs.",
            swapped(weight, 0, 1));
        add("kernel not flipped, channels exchanged",
            "dz slides the kernel over dy as forward does, with weight(k, j) where weight(j, k) "
            "belongs.",
            swapped(flipped(weight, {0, 1}), 0, 1));
    }
    const auto taps = [&](auto keep) {
        auto kept = weight;
        const auto shape = shape_of(weight);
        for (auto position : range(kept.size())) {
            const auto index = index_at(shape, position);
            if (!keep(index[rank - 2], index[rank - 1]))
                kept.flat(position) = 0;
        }
        return kept;
    };
    if (rank == 4) {
        const auto k_H = weight.shape(2), k_W = weight.shape(3);
        add("only the first tap", "dz gets the kernel's tap at row 0, column 0 only; add all taps.",
            taps([](std::size_t m, std::size_t n) { return m == 0 && n == 0; }));
        add("last row and column of taps left out", "the loops over the kernel end one early.",
            taps([=](std::size_t m, std::size_t n) { return m + 1 < k_H && n + 1 < k_W; }));
        add("last row of taps left out", "the loop over the kernel's rows ends one early.",
            taps([=](std::size_t m, std::size_t) { return m + 1 < k_H; }));
        add("last column of taps left out", "the loop over the kernel's columns ends one early.",
            taps([=](std::size_t, std::size_t n) { return n + 1 < k_W; }));
    }
    const auto first = [&](std::size_t axis) {
        return rearranged(weight, [axis](auto& index) { index[axis] = 0; });
    };
    if (rank == 4 && weight.shape(1) > 1)
        add("weight of input channel 0 for all",
            "weight(j, 0) is used for every input channel k; weight(j, k) belongs.", first(1));
    if (weight.shape(0) > 1)
        add(rank == 4 ? "weight of output channel 0 for all" : "first row of weight for all",
            rank == 4 ? "weight(0, k) is used for every output channel j; weight(j, k) belongs."
                      : "weight(0, k) is used for every output j; weight(j, k) belongs.",
            first(0));
    add("weight ignored", "weight does not enter dz; multiply by it.",
        filled(shape_of(weight), 1.0));
    add("weight squared", "weight enters dz as weight²; multiply by it once.",
        elementwise(weight, [](double weight) { return weight * weight; }));
}

} // namespace handgrad::mistakes
