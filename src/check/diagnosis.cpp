#include "diagnosis.hpp"

#include "../layers/max_pool2d.hpp"
#include "contract.hpp"
#include "judge.hpp"

#include <cmath>
#include <cstdint>
#include <set>

namespace handgrad {

namespace {

using Gradient = Tensor<double>;

// A suspicion: a mistake and the gradient it would have given, worked out when it is tried
struct Suspicion {
    std::string name;
    std::string sentence;
    std::function<std::optional<Gradient>()> gradient;
};

// How many samples there are; a tensor without axes is one
std::size_t samples_in(const Gradient& tensor) {
    return tensor.dimension() == 0 ? 1 : tensor.shape(0);
}

// ── What the suspicions are made of ──────────────────────────────────────────────────────────────

// How many inputs there are in the tensors before one
std::size_t first_input(const Evidence& e, std::size_t place) {
    std::size_t first = 0;
    for (auto before : range(place))
        first += e.inputs[before].size();
    return first;
}

// Adds up dy ∂y/∂x for one input tensor, each product changed or dropped by `term`, which gets the
// output, the position in the gradient, and the entry of the Jacobian
template <class Term>
Gradient contract(const Evidence& e, std::size_t place, Term term) {
    auto gradient = zeros<double>(shape_of(e.inputs[place]));
    const std::size_t first = first_input(e, place);
    for (auto j : range(e.dy.size()))
        for (auto [at, end] = e.structure.row(j); at != end; ++at) {
            const std::size_t position = e.structure.input[at] - first;
            if (position < gradient.size()) // also false before `first`, as the difference wraps
                term(gradient.flat(position), j, e.jacobian[at]);
        }
    return gradient;
}

// The gradient with another upstream gradient in place of dy
template <class Upstream>
Gradient with_upstream(const Evidence& e, std::size_t place, Upstream upstream) {
    return contract(e, place,
                    [&](double& sum, std::size_t j, double slope) { sum += upstream(j) * slope; });
}

// Does every output depend on one input only?
bool is_elementwise(const Evidence& e) {
    return e.inputs.size() == 1 && e.structure.input.size() <= e.dy.size();
}

// The right gradient of one input tensor at other inputs
Gradient gradient_of(const Evidence& e, std::size_t place,
                     const std::vector<Tensor<double>>& inputs) {
    const auto flat = e.gradient_at(inputs);
    const auto first = static_cast<std::ptrdiff_t>(first_input(e, place));
    auto gradient = zeros<double>(shape_of(inputs[place]));
    std::copy_n(flat.begin() + first, gradient.size(), gradient.begin());
    return gradient;
}

// A tensor with its entries taken from elsewhere in it; none where `from` gives an index outside
template <class From>
Gradient rearranged(const Gradient& tensor, From from) {
    auto result = zeros<double>(shape_of(tensor));
    const auto shape = shape_of(tensor);
    for (auto position : range(tensor.size())) {
        auto index = index_at(shape, position);
        from(index);
        std::size_t source = 0;
        bool inside = true;
        for (auto axis : range(shape.size())) {
            inside = inside && index[axis] < shape[axis]; // what went below 0 is far above
            source = source * shape[axis] + index[axis];
        }
        if (inside)
            result.flat(position) = tensor.flat(source);
    }
    return result;
}

void flip(std::vector<std::size_t>& index, const Shape& shape, std::size_t axis) {
    index[axis] = shape[axis] - 1 - index[axis];
}

Gradient flipped(const Gradient& tensor, std::initializer_list<std::size_t> axes_from_last) {
    const auto shape = shape_of(tensor);
    return rearranged(tensor, [&](auto& index) {
        for (auto back : axes_from_last)
            flip(index, shape, shape.size() - 1 - back);
    });
}

Gradient swapped(const Gradient& tensor, std::size_t a, std::size_t b) {
    return rearranged(tensor, [&](auto& index) { std::swap(index[a], index[b]); });
}

// What convolution's backward would give with another geometry
struct ConvolutionGradients {
    Gradient dz, dweight;
};
// Where an entry outside of z goes, of so many rows or columns: what is beyond them is dropped
using Outside = std::size_t (*)(std::size_t position, std::size_t size);
std::size_t dropped(std::size_t position, std::size_t) {
    return position;
}
// Above SIZE_MAX / 2 stands what went below 0
std::size_t wrapped_around(std::size_t position, std::size_t size) {
    return (position > SIZE_MAX / 2 ? position + size : position) % size;
}
std::size_t at_the_border(std::size_t position, std::size_t size) {
    return position > SIZE_MAX / 2 ? 0 : std::min(position, size - 1);
}
ConvolutionGradients convolution(const Evidence& e, const Pair& stride, const Pair& dilation,
                                 std::size_t top, std::size_t left, Outside outside = dropped) {
    const auto& z = e.inputs[0];
    const auto& weight = e.inputs[1];
    ConvolutionGradients g{zeros<double>(shape_of(z)), zeros<double>(shape_of(weight))};
    for (auto i : range(e.dy.shape(0)))
        for (auto j : range(e.dy.shape(1)))
            for (auto h : range(e.dy.shape(2)))
                for (auto w : range(e.dy.shape(3)))
                    for (auto k : range(z.shape(1)))
                        for (auto m : range(weight.shape(2)))
                            for (auto n : range(weight.shape(3))) {
                                const auto p =
                                    outside(stride[0] * h + dilation[0] * m - top, z.shape(2));
                                const auto q =
                                    outside(stride[1] * w + dilation[1] * n - left, z.shape(3));
                                if (p >= z.shape(2) || q >= z.shape(3))
                                    continue;
                                g.dz(i, k, p, q) += e.dy(i, j, h, w) * weight(j, k, m, n);
                                g.dweight(j, k, m, n) += e.dy(i, j, h, w) * z(i, k, p, q);
                            }
    return g;
}

// What pooling's backward would give if `share` said which part of dy each entry of a window gets:
// it receives the entries of the window in `z` and returns their shares
template <class Share>
Gradient pooling(const Evidence& e, const Gradient& z, const Pair& stride, std::size_t top,
                 std::size_t left, Share share) {
    const auto [k_H, k_W] = e.window->kernel;
    auto dz = zeros<double>(shape_of(z));
    for (auto i : range(e.dy.shape(0)))
        for (auto j : range(e.dy.shape(1)))
            for (auto h : range(e.dy.shape(2)))
                for (auto w : range(e.dy.shape(3))) {
                    std::vector<double*> targets;
                    std::vector<double> entries;
                    for (auto m : range(k_H))
                        for (auto n : range(k_W)) {
                            const auto p = stride[0] * h + m - top, q = stride[1] * w + n - left;
                            if (p < z.shape(2) && q < z.shape(3)) {
                                targets.push_back(&dz(i, j, p, q));
                                entries.push_back(z(i, j, p, q));
                            }
                        }
                    if (entries.empty())
                        continue;
                    const std::vector<double> shares = share(entries);
                    for (auto t : range(targets.size()))
                        *targets[t] += shares[t] * e.dy(i, j, h, w);
                }
    return dz;
}

// Pooling's backward where each winner is put into the window at row 0, column 0
template <class Share>
Gradient in_first_window(const Evidence& e, const Pair& stride, Share share) {
    const auto& z = e.inputs[0];
    const auto [k_H, k_W] = e.window->kernel;
    auto dz = zeros<double>(shape_of(z));
    for (auto i : range(e.dy.shape(0)))
        for (auto j : range(e.dy.shape(1)))
            for (auto h : range(e.dy.shape(2)))
                for (auto w : range(e.dy.shape(3))) {
                    std::vector<double> entries;
                    for (auto m : range(k_H))
                        for (auto n : range(k_W)) {
                            const auto p = stride[0] * h + m, q = stride[1] * w + n;
                            entries.push_back(p < z.shape(2) && q < z.shape(3)
                                                  ? z(i, j, p, q)
                                                  : -std::numeric_limits<double>::infinity());
                        }
                    const std::vector<double> shares = share(entries);
                    for (auto t : range(shares.size()))
                        if (shares[t] != 0)
                            dz(i, j, t / k_W, t % k_W) += shares[t] * e.dy(i, j, h, w);
                }
    return dz;
}

// ── The catalogue ────────────────────────────────────────────────────────────────────────────────

using Catalogue = std::vector<Suspicion>;

void suspect_upstream(Catalogue& all, const Evidence& e, std::size_t place) {
    const auto add = [&](const char* name, const char* sentence, auto upstream) {
        all.push_back(
            {name, sentence, [&e, place, upstream] { return with_upstream(e, place, upstream); }});
    };
    add("upstream ignored", "dy does not enter; multiply by dy.", [](std::size_t) { return 1.0; });
    add("upstream squared", "dy enters as dy²; multiply by dy once.",
        [&e](std::size_t j) { return e.dy.flat(j) * e.dy.flat(j); });
    add("upstream clamped at 0", "negative entries of dy are dropped; dy may have any sign.",
        [&e](std::size_t j) { return std::max(e.dy.flat(j), 0.0); });
    add("positive upstream dropped", "positive entries of dy are dropped; dy may have any sign.",
        [&e](std::size_t j) { return std::min(e.dy.flat(j), 0.0); });
    add("upstream without its sign", "dy enters as |dy|; multiply by dy as it is.",
        [&e](std::size_t j) { return std::abs(e.dy.flat(j)); });
    add("only the sign of the upstream", "dy enters as its sign; multiply by dy as it is.",
        [&e](std::size_t j) { return e.dy.flat(j) > 0   ? 1.0
                                     : e.dy.flat(j) < 0 ? -1.0
                                                        : 0.0; });
    add("upstream clipped to ±1", "dy is clipped to [−1, 1]; multiply by dy as it is.",
        [&e](std::size_t j) { return std::clamp(e.dy.flat(j), -1.0, 1.0); });
    add("multiplied by y once more", "every product has a factor y too many.",
        [&e](std::size_t j) { return e.dy.flat(j) * e.y.flat(j); });
    double mean = 0;
    for (double entry : e.dy)
        mean += entry / static_cast<double>(e.dy.size());
    add("upstream replaced by its mean", "every output gets the mean of dy; give each its own.",
        [mean](std::size_t) { return mean; });
    const auto shape = shape_of(e.dy);
    const auto add_rearranged = [&](const char* name, const char* sentence, const Gradient& other) {
        add(name, sentence, [other](std::size_t j) { return other.flat(j); });
    };
    const auto first = [&](std::size_t axis) {
        return rearranged(e.dy, [axis](auto& index) { index[axis] = 0; });
    };
    if (shape_of(e.inputs[0]) == shape)
        add_rearranged("z for the upstream", "z stands where dy belongs.", e.inputs[0]);
    if (shape.size() >= 1 && shape[0] > 1)
        add_rearranged("upstream of sample 0 for all", "every sample gets the dy of sample 0.",
                       first(0));
    if (shape.size() == 4) {
        add_rearranged("upstream turned by 180°",
                       "the rows and columns of dy are read backwards; only the kernel is turned.",
                       flipped(e.dy, {0, 1}));
        if (shape[1] > 1) {
            add_rearranged("upstream of channel 0 for all",
                           "dy is read in channel 0 for every output channel.", first(1));
            auto sums = zeros<double>(shape);
            const auto space = shape[2] * shape[3], sample = shape[1] * space;
            for (auto j : range(sums.size()))
                for (auto channel : range(shape[1]))
                    sums.flat(j) += e.dy.flat(j / sample * sample + channel * space + j % space);
            add_rearranged("upstream summed over its channels",
                           "every output channel gets the sum of dy over all of them; give each "
                           "its own.",
                           sums);
        }
    }
    if (shape.size() >= 2 && shape[shape.size() - 1] == shape[shape.size() - 2])
        add("upstream transposed", "dy is read with its last two axes exchanged.",
            [turned = swapped(e.dy, shape.size() - 1, shape.size() - 2)](std::size_t j) {
                return turned.flat(j);
            });
}

void suspect_sums(Catalogue& all, const Evidence& e, std::size_t place) {
    const std::size_t N = samples_in(e.dy), sample = e.dy.size() / N;
    const auto add = [&](const char* name, const char* sentence, auto keep) {
        all.push_back({name, sentence, [&e, place, keep] {
                           return contract(e, place, [&](double& sum, std::size_t j, double slope) {
                               if (keep(j))
                                   sum += e.dy.flat(j) * slope;
                           });
                       }});
    };
    if (N > 1) {
        add("only the first sample",
            "samples after the first contribute nothing; sum over the "
            "batch.",
            [sample](std::size_t j) { return j < sample; });
        add("only the last sample", "each sample overwrites the one before; sum over the batch.",
            [sample, N](std::size_t j) { return j >= sample * (N - 1); });
    }
    if (N > 2) {
        add("the first sample forgotten", "the sum over the batch starts at the second sample.",
            [sample](std::size_t j) { return j >= sample; });
        add("the last sample forgotten", "the sum over the batch ends one sample early.",
            [sample, N](std::size_t j) { return j < sample * (N - 1); });
    }
    if (e.dy.dimension() == 4) {
        const auto H = e.dy.shape(2), W = e.dy.shape(3);
        add("sum over space missing",
            "only the output at row 0, column 0 counts; sum over all rows "
            "and columns.",
            [H, W](std::size_t j) { return j % (H * W) == 0; });
        add("space overwritten",
            "only the last output of every image counts; add instead of "
            "assigning.",
            [H, W](std::size_t j) { return j % (H * W) == H * W - 1; });
        add("last row and column of outputs left out", "the loops over the output end one early.",
            [H, W](std::size_t j) { return j / W % H + 1 < H && j % W + 1 < W; });
        add("last row of outputs left out", "the loop over the output rows ends one early.",
            [H, W](std::size_t j) { return j / W % H + 1 < H; });
        add("last column of outputs left out", "the loop over the output columns ends one early.",
            [W](std::size_t j) { return j % W + 1 < W; });
        add("sum over rows missing", "only output row 0 counts; sum over all rows.",
            [H, W](std::size_t j) { return j / W % H == 0; });
        add("sum over columns missing", "only output column 0 counts; sum over all columns.",
            [W](std::size_t j) { return j % W == 0; });
        const auto C = e.dy.shape(1);
        if (C > 1) {
            add("only the first output channel",
                "output channels after the first contribute nothing; sum over all of them.",
                [C, H, W](std::size_t j) { return j / (H * W) % C == 0; });
            add("only the last output channel",
                "each output channel overwrites the one before; add instead of assigning.",
                [C, H, W](std::size_t j) { return j / (H * W) % C == C - 1; });
        }
    } else if (e.dy.dimension() == 2 && e.dy.shape(1) > 1 && !is_elementwise(e)) {
        const auto outputs = e.dy.shape(1);
        add("only the first output", "outputs after the first contribute nothing; sum over them.",
            [outputs](std::size_t j) { return j % outputs == 0; });
        add("only the last output",
            "each output overwrites the one before; add instead of "
            "assigning.",
            [outputs](std::size_t j) { return j % outputs == outputs - 1; });
        if (outputs > 2) {
            add("the first output forgotten", "the sum over the outputs starts at the second.",
                [outputs](std::size_t j) { return j % outputs > 0; });
            add("the last output forgotten", "the sum over the outputs ends one early.",
                [outputs](std::size_t j) { return j % outputs + 1 < outputs; });
        }
    }
    all.push_back({"overwritten instead of accumulated",
                   "an entry that several outputs reach keeps only the last one's share; write += "
                   "where = stands.",
                   [&e, place] {
                       return contract(e, place, [&](double& sum, std::size_t j, double slope) {
                           sum = e.dy.flat(j) * slope;
                       });
                   }});
    all.push_back({"only the first share kept",
                   "an entry that several outputs reach keeps only the first one's share; add all.",
                   [&e, place] {
                       std::set<const double*> met;
                       return contract(e, place, [&](double& sum, std::size_t j, double slope) {
                           if (met.insert(&sum).second)
                               sum = e.dy.flat(j) * slope;
                       });
                   }});
    all.push_back(
        {"averaged instead of summed",
         "every entry is divided by how many outputs reach it; gradients add up.", [&e, place] {
             auto count = zeros<double>(shape_of(e.inputs[place]));
             auto sums = contract(e, place, [&](double& sum, std::size_t j, double slope) {
                 sum += e.dy.flat(j) * slope;
             });
             count = contract(e, place, [](double& sum, std::size_t, double) { sum += 1; });
             return elementwise(sums, count, [](double sum, double count) {
                 return count == 0 ? 0 : sum / count;
             });
         }});
}

void suspect_arrangement(Catalogue& all, const Gradient& right) {
    const auto shape = shape_of(right);
    const auto rank = shape.size();
    const auto add = [&](const char* name, const char* sentence, auto gradient) {
        all.push_back({name, sentence, gradient});
    };
    if (rank >= 2) {
        if (shape[rank - 1] == shape[rank - 2])
            add("transposed", "rows and columns of the gradient are exchanged.",
                [right, rank] { return swapped(right, rank - 1, rank - 2); });
        add("rows and columns reversed",
            "the gradient is turned by 180°: a kernel is flipped that "
            "should not be, or the other way round.",
            [right] {
                return flipped(right, {0, 1});
            });
        add("rows reversed", "the rows of the gradient run backwards.",
            [right] { return flipped(right, {1}); });
        add("columns reversed", "the columns of the gradient run backwards.",
            [right] { return flipped(right, {0}); });
    }
    if (rank == 4) {
        if (shape[0] == shape[1])
            add("first two axes exchanged",
                "input and output channels of the gradient are "
                "exchanged.",
                [right] { return swapped(right, 0, 1); });
        add("channels reversed", "the channels of the gradient run backwards.",
            [right] { return flipped(right, {2}); });
    }
    if (rank >= 1 && shape[0] > 1)
        add("first axis reversed", "the gradient runs backwards along its first axis.",
            [right, rank] { return flipped(right, {rank - 1}); });
    // A neighbour's entry, up to three places away
    if (rank >= 2)
        for (int rows = -3; rows <= 3; ++rows)
            for (int columns = -3; columns <= 3; ++columns)
                if (rows != 0 || columns != 0)
                    all.push_back(
                        {fmt::format("shifted by {} rows and {} columns", rows, columns),
                         "every entry stands where a neighbour belongs; look at the offset of "
                         "padding and at index arithmetic.",
                         [right, rank, rows, columns] {
                             return rearranged(right, [&](auto& index) {
                                 index[rank - 2] -= static_cast<std::size_t>(rows);
                                 index[rank - 1] -= static_cast<std::size_t>(columns);
                             });
                         }});
}

void suspect_left_out(Catalogue& all, const Gradient& right) {
    const auto shape = shape_of(right);
    const auto rank = shape.size();
    const auto add = [&](const char* name, const char* sentence, auto keep) {
        all.push_back({name, sentence, [right, shape, keep] {
                           auto gradient = right;
                           for (auto position : range(right.size()))
                               if (!keep(index_at(shape, position)))
                                   gradient.flat(position) = 0;
                           return gradient;
                       }});
    };
    using Index = std::vector<std::size_t>;
    if (rank >= 2) {
        const auto H = shape[rank - 2], W = shape[rank - 1];
        const auto row = [rank](const Index& index) { return index[rank - 2]; };
        const auto column = [rank](const Index& index) { return index[rank - 1]; };
        add("last row left at 0", "the loop over the rows of the gradient ends one early.",
            [=](const Index& index) { return row(index) + 1 < H; });
        add("last column left at 0", "the loop over the columns of the gradient ends one early.",
            [=](const Index& index) { return column(index) + 1 < W; });
        add("last row and column left at 0", "the loops over the gradient end one early.",
            [=](const Index& index) { return row(index) + 1 < H && column(index) + 1 < W; });
        add("first row left at 0", "the loop over the rows of the gradient starts one late.",
            [=](const Index& index) { return row(index) > 0; });
        add("first column left at 0", "the loop over the columns of the gradient starts one late.",
            [=](const Index& index) { return column(index) > 0; });
        add("border left at 0",
            "the loops over the gradient leave out its first and last rows and columns.",
            [=](const Index& index) {
                return row(index) > 0 && row(index) + 1 < H && column(index) > 0 &&
                       column(index) + 1 < W;
            });
    }
    if (rank == 4 && shape[1] > 1)
        add("only the first channel", "channels of the gradient after the first are left at 0.",
            [](const Index& index) { return index[1] == 0; });
}

// What the other tensors may have been mistaken for: gradients are worked out anew with them
void suspect_memory(Catalogue& all, const Evidence& e, std::size_t place) {
    if (!e.gradient_at)
        return;
    const auto add = [&](const char* name, const char* sentence, const Gradient& other_z) {
        all.push_back({name, sentence, [&e, place, other_z] {
                           auto inputs = e.inputs;
                           inputs[0] = other_z;
                           return gradient_of(e, place, inputs);
                       }});
    };
    const auto& z = e.inputs[0];
    const auto first = [&](std::size_t axis) {
        return rearranged(z, [axis](auto& index) { index[axis] = 0; });
    };
    if (place > 0) {
        add("z ignored", "z does not enter; multiply by it.", filled(shape_of(z), 1.0));
        if (samples_in(z) > 1)
            add("z of sample 0 for all", "every sample's dy is multiplied by the z of sample 0.",
                first(0));
        if (z.dimension() == 4 && z.shape(1) > 1)
            add("z of input channel 0 for all", "z is read in channel 0 for every input channel.",
                first(1));
        if (samples_in(z) > 1) {
            auto mean = first(0);
            const auto sample = z.size() / z.shape(0);
            for (auto position : range(z.size())) {
                double sum = 0;
                for (auto i : range(z.shape(0)))
                    sum += z.flat(i * sample + position % sample);
                mean.flat(position) = sum / static_cast<double>(z.shape(0));
            }
            add("z averaged over the batch",
                "every sample's dy is multiplied by the mean of z; multiply by its own z.", mean);
        }
        all.push_back({"the parameter for z", "the parameter stands where z belongs.", [&e, place] {
                           auto inputs = e.inputs;
                           inputs[0] = filled(shape_of(inputs[0]), 1.0);
                           return elementwise(gradient_of(e, place, inputs), e.inputs[place],
                                              [](double a, double b) { return a * b; });
                       }});
        if (shape_of(e.y) == shape_of(z))
            add("y for z", "the layer's output stands where its input belongs.", e.y);
        add("z squared", "z enters as z²; multiply by z once.",
            elementwise(z, [](double z) { return z * z; }));
    }
    add("the z of an earlier forward",
        "the gradient is that of another z, seen before; remember z anew in every forward.",
        another(z));
}

void suspect_parameter(Catalogue& all, const Evidence& e, std::size_t place,
                       const Gradient& right) {
    const auto times = [](double a, double b) { return a * b; };
    all.push_back(
        {place == 0 ? "multiplied by z once more" : "multiplied by the parameter",
         "every entry is multiplied by the variable that it is the gradient of.",
         [&e, place, right, times] { return elementwise(right, e.inputs[place], times); }});
    if (place == 0 || right.dimension() != 1)
        return;
    all.push_back({"summed over its first axis too",
                   "all entries hold one sum; each has its own share.", [right] {
                       double sum = 0;
                       for (double entry : right)
                           sum += entry;
                       return filled(shape_of(right), sum);
                   }});
    if (e.dy.dimension() == 2 && e.dy.shape(0) == right.size())
        all.push_back({"summed along the wrong axis",
                       "dy is summed over the outputs of each sample; sum over the samples.", [&e] {
                           auto sums = zeros<double>({e.dy.shape(0)});
                           for (auto i : range(e.dy.shape(0)))
                               for (auto j : range(e.dy.shape(1)))
                                   sums(i) += e.dy(i, j);
                           return sums;
                       }});
}

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

void suspect_convolution(Catalogue& all, const Evidence& e, std::size_t place) {
    if (!e.window || e.inputs.size() < 2 || e.inputs[1].dimension() != 4 ||
        e.inputs[0].dimension() != 4 || place > 1)
        return;
    const Window window = *e.window;
    const auto sides = padding_sides(window, e.inputs[0].shape(2), e.inputs[0].shape(3));
    const auto add = [&](const char* name, const char* sentence, Pair stride, Pair dilation,
                         std::size_t top, std::size_t left) {
        all.push_back({name, sentence, [&e, place, stride, dilation, top, left] {
                           auto g = convolution(e, stride, dilation, top, left);
                           return place == 0 ? g.dz : g.dweight;
                       }});
    };
    const Pair stride = window.stride, dilation = window.dilation;
    const Pair one{1, 1};
    if (stride != one)
        add("stride ignored", "backward moves the window by 1 where forward moves it by stride.",
            one, dilation, sides.top, sides.left);
    if (stride[0] != stride[1]) {
        add("stride exchanged", "stride[0] belongs to the rows and stride[1] to the columns.",
            {stride[1], stride[0]}, dilation, sides.top, sides.left);
        add("stride[0] for both", "stride[1] belongs to the columns.", {stride[0], stride[0]},
            dilation, sides.top, sides.left);
    }
    if (dilation != one)
        add("dilation ignored", "backward puts the taps side by side where forward spreads them.",
            stride, one, sides.top, sides.left);
    if (dilation[0] != dilation[1])
        add("dilation exchanged", "dilation[0] belongs to the rows and dilation[1] to the columns.",
            stride, {dilation[1], dilation[0]}, sides.top, sides.left);
    if (stride != one && dilation != one)
        add("stride and dilation ignored",
            "backward moves window and taps by 1 where forward moves them by stride and dilation.",
            one, one, sides.top, sides.left);
    const auto add_outside = [&](const char* name, const char* sentence, Outside outside) {
        all.push_back({name, sentence, [&e, place, stride, dilation, sides, outside] {
                           auto g =
                               convolution(e, stride, dilation, sides.top, sides.left, outside);
                           return place == 0 ? g.dz : g.dweight;
                       }});
    };
    if (sides.top + sides.left > 0) {
        add("padding ignored", "backward counts rows and columns without the padding before them.",
            stride, dilation, 0, 0);
        add_outside("padding wrapped around",
                    "what belongs to the padding is added at the other end of z, as a negative "
                    "index does in Python; drop it.",
                    wrapped_around);
    }
    if (sides.top + sides.left + sides.bottom + sides.right > 0)
        add_outside("padding added to the border",
                    "what belongs to the padding is added to the nearest row and column of z; drop "
                    "it.",
                    at_the_border);
    if (sides.top != sides.bottom || sides.left != sides.right)
        add("padding on the wrong side", "top and bottom, or left and right, are exchanged.",
            stride, dilation, sides.bottom, sides.right);
    if (sides.top != sides.left)
        add("padding exchanged", "top and left padding are exchanged.", stride, dilation,
            sides.left, sides.top);
}

void suspect_pooling(Catalogue& all, const Evidence& e, std::size_t place) {
    if (!e.window || e.inputs.size() != 1 || e.inputs[0].dimension() != 4 || place != 0)
        return;
    const auto sides = padding_sides(*e.window, e.inputs[0].shape(2), e.inputs[0].shape(3));
    const auto stride = e.window->stride;
    const auto taps = static_cast<double>(e.window->kernel[0] * e.window->kernel[1]);
    using Entries = std::vector<double>;
    const auto add = [&](const char* name, const char* sentence, const Pair& step, std::size_t top,
                         std::size_t left, auto share) {
        all.push_back({name, sentence, [&e, step, top, left, share] {
                           return pooling(e, e.inputs[0], step, top, left, share);
                       }});
    };
    const auto only = [](std::size_t size, std::ptrdiff_t place) {
        Entries shares(size, 0.0);
        shares[static_cast<std::size_t>(place)] = 1;
        return shares;
    };
    const auto first_maximum = [only](const Entries& z) {
        return only(z.size(), std::max_element(z.begin(), z.end()) - z.begin());
    };
    add("every tied entry credited",
        "where a maximum is tied, dy is given to each of the tied "
        "entries in full; give it to one.",
        stride, sides.top, sides.left, [](const Entries& z) {
            const double largest = *std::max_element(z.begin(), z.end());
            Entries shares;
            for (double entry : z)
                shares.push_back(entry == largest);
            return shares;
        });
    add("no tied entry credited",
        "where a maximum is tied, dy goes nowhere; give it to one of the tied entries.", stride,
        sides.top, sides.left, [](const Entries& z) {
            const double largest = *std::max_element(z.begin(), z.end());
            const bool tied = std::count(z.begin(), z.end(), largest) > 1;
            Entries shares;
            for (double entry : z)
                shares.push_back(entry == largest && !tied);
            return shares;
        });
    add("shared out over the window",
        "dy is spread evenly, as average pooling does; it belongs to "
        "the maximum.",
        stride, sides.top, sides.left,
        [taps](const Entries& z) { return Entries(z.size(), 1 / taps); });
    add("given to the whole window",
        "every entry of the window gets dy; it belongs to the maximum.", stride, sides.top,
        sides.left, [](const Entries& z) { return Entries(z.size(), 1.0); });
    add("given to the minimum", "dy goes to the smallest entry; it belongs to the largest.", stride,
        sides.top, sides.left, [only](const Entries& z) {
            return only(z.size(), std::min_element(z.begin(), z.end()) - z.begin());
        });
    add("given to the first entry",
        "dy goes to the first entry of the window; it belongs to the "
        "largest.",
        stride, sides.top, sides.left, [only](const Entries& z) { return only(z.size(), 0); });
    add("given to the last entry",
        "dy goes to the last entry of the window; it belongs to the "
        "largest.",
        stride, sides.top, sides.left, [only](const Entries& z) {
            return only(z.size(), static_cast<std::ptrdiff_t>(z.size()) - 1);
        });
    add("given to the largest magnitude", "dy goes to the entry with the largest |z|.", stride,
        sides.top, sides.left, [only](const Entries& z) {
            const auto place = std::max_element(
                z.begin(), z.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
            return only(z.size(), place - z.begin());
        });
    add("multiplied by the maximum", "dy is multiplied by the entry that it goes to.", stride,
        sides.top, sides.left, [](const Entries& z) {
            Entries shares(z.size(), 0.0);
            const auto place = std::max_element(z.begin(), z.end()) - z.begin();
            shares[static_cast<std::size_t>(place)] = z[static_cast<std::size_t>(place)];
            return shares;
        });
    if (stride != Pair{1, 1})
        add("stride ignored", "backward moves the window by 1 where forward moves it by stride.",
            {1, 1}, sides.top, sides.left, first_maximum);
    if (stride != e.window->kernel)
        add("stride taken for the kernel's size", "backward moves the window by its own size.",
            e.window->kernel, sides.top, sides.left, first_maximum);
    if (stride[0] != stride[1])
        add("stride exchanged", "stride[0] belongs to the rows and stride[1] to the columns.",
            {stride[1], stride[0]}, sides.top, sides.left, first_maximum);
    if (sides.top + sides.left > 0)
        add("padding ignored", "backward counts rows and columns without the padding before them.",
            stride, 0, 0, first_maximum);
    const auto shape = shape_of(e.inputs[0]);
    const auto add_winners = [&](const char* name, const char* sentence, std::size_t axis) {
        all.push_back({name, sentence, [&e, stride, sides, first_maximum, axis] {
                           const auto first =
                               rearranged(e.inputs[0], [axis](auto& index) { index[axis] = 0; });
                           return pooling(e, first, stride, sides.top, sides.left, first_maximum);
                       }});
    };
    if (shape[1] > 1)
        add_winners("winners of channel 0",
                    "every channel uses the winners of channel 0; each has its own.", 1);
    if (shape[0] > 1)
        add_winners("winners of sample 0",
                    "every sample uses the winners of sample 0; each has its own.", 0);
    if (e.window->kernel[0] == e.window->kernel[1])
        add("row and column of the winner exchanged",
            "a winner in row m, column n of its window is sought in row n, column m.", stride,
            sides.top, sides.left,
            [only, first_maximum, k = e.window->kernel[0]](const Entries& z) {
                const auto shares = first_maximum(z);
                const auto place = std::find(shares.begin(), shares.end(), 1.0) - shares.begin();
                const auto K = static_cast<std::ptrdiff_t>(k);
                return z.size() == k * k ? only(z.size(), place % K * K + place / K) : shares;
            });
    all.push_back({"place in the window taken for the place in z",
                   "a winner's row and column count from the corner of its window; add where the "
                   "window stands.",
                   [&e, stride, sides, first_maximum]() -> std::optional<Gradient> {
                       if (sides.top + sides.left > 0)
                           return std::nullopt;
                       return in_first_window(e, stride, first_maximum);
                   }});
}

// y(a) (dy(a) − Σ dy(b) y(b)) over rows of K entries, with a mistake
void suspect_softmax(Catalogue& all, const Evidence& e) {
    const auto K = e.y.shape(e.y.dimension() - 1);
    // Each entry of dz from its dy, its y, Σ dy(b) y(b) and Σ dy(b)
    const auto add = [&](const char* name, const char* sentence, std::size_t row_size, auto entry) {
        all.push_back({name, sentence, [&e, row_size, entry] {
                           auto dz = e.dy;
                           for (auto row : range(dz.size() / row_size)) {
                               double mean = 0, sum = 0;
                               for (auto b : range(row_size)) {
                                   const auto at = row * row_size + b;
                                   mean += e.dy.flat(at) * e.y.flat(at);
                                   sum += e.dy.flat(at);
                               }
                               for (auto a : range(row_size)) {
                                   const auto at = row * row_size + a;
                                   dz.flat(at) = entry(e.dy.flat(at), e.y.flat(at), mean, sum);
                               }
                           }
                           return dz;
                       }});
    };
    add("mean subtracted outside",
        "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is not multiplied by y(a).", K,
        [](double dy, double y, double mean, double) { return y * dy - mean; });
    add("sum not weighted by y", "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is Σ dy(b).",
        K, [](double dy, double y, double, double sum) { return y * (dy - sum); });
    add("sum added", "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is added.", K,
        [](double dy, double y, double mean, double) { return y * (dy + mean); });
    add("sum divided by K",
        "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); the weights y(b) make the sum a mean already.", K,
        [k = static_cast<double>(K)](double dy, double y, double mean, double) {
            return y * (dy - mean / k);
        });
    add("mean of dy subtracted",
        "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is Σ dy(b) / K.", K,
        [k = static_cast<double>(K)](double dy, double y, double, double sum) {
            return y * (dy - sum / k);
        });
    add("wrong sign off the diagonal",
        "∂y(a)/∂z(b) is −y(a) y(b) where a and b differ; here it is y(a) y(b).", K,
        [](double dy, double y, double mean, double) { return y * (dy - 2 * y * dy + mean); });
    add("only the sum", "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here dy(a) is forgotten.", K,
        [](double, double y, double mean, double) { return -y * mean; });
    if (e.y.dimension() == 2)
        all.push_back({"sum along the wrong axis",
                       "the sum Σ dy(b) y(b) runs over the entries of one sample, not over the "
                       "samples.",
                       [&e] {
                           auto dz = e.dy;
                           for (auto a : range(dz.shape(1))) {
                               double sum = 0;
                               for (auto i : range(dz.shape(0)))
                                   sum += e.dy(i, a) * e.y(i, a);
                               for (auto i : range(dz.shape(0)))
                                   dz(i, a) = e.y(i, a) * (e.dy(i, a) - sum);
                           }
                           return dz;
                       }});
    add("leading y left out", "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here y(a) is forgotten.", K,
        [](double dy, double, double mean, double) { return dy - mean; });
    add("sum over the whole batch", "the sum Σ dy(b) y(b) runs over one row, not over all.",
        e.dy.size(), [](double dy, double y, double mean, double) { return y * (dy - mean); });
    add("y − dy", "y minus the target is the gradient of softmax and cross-entropy together.", K,
        [](double dy, double y, double, double) { return y - dy; });
}

// Is the right gradient dy times this derivative, in every entry?
template <class Derivative>
bool is_derivative(const Evidence& e, const Gradient& right, Derivative derivative) {
    for (auto i : range(right.size()))
        if (!(std::abs(right.flat(i) - e.dy.flat(i) * derivative(e.y.flat(i))) <=
              10 * e.precision * std::abs(e.dy.flat(i))))
            return false;
    return true;
}

void suspect_elementwise(Catalogue& all, const Evidence& e, std::size_t place,
                         const Gradient& right) {
    const auto& z = e.inputs[0];
    if (place != 0 || e.inputs.size() != 1 || shape_of(z) != shape_of(e.y) || z.dimension() == 0)
        return;
    const auto add = [&](const char* name, const char* sentence,
                         double (*derivative)(double z, double y)) {
        all.push_back({name, sentence, [&e, &z, derivative] {
                           auto dz = e.dy;
                           for (auto i : range(dz.size()))
                               dz.flat(i) *= derivative(z.flat(i), e.y.flat(i));
                           return dz;
                       }});
    };
    const bool is_tanh = is_derivative(e, right, [](double y) { return 1 - y * y; });
    const bool is_sigmoid = is_derivative(e, right, [](double y) { return y * (1 - y); });
    add("derivative left out", "dz is dy as it came; multiply by the derivative.",
        [](double, double) { return 1.0; });
    if (is_tanh) {
        add("1 − z² for 1 − y²", "the derivative of tanh is 1 − y², in the output.",
            [](double z, double) { return 1 - z * z; });
        add("the derivative at y instead of z",
            "tanh is applied twice: y is already tanh(z), so the "
            "derivative is 1 − y².",
            [](double, double y) { return 1 - std::tanh(y) * std::tanh(y); });
        add("1 − y for 1 − y²", "the square of y is forgotten.",
            [](double, double y) { return 1 - y; });
        add("1 + y² for 1 − y²", "the sign of the square is wrong.",
            [](double, double y) { return 1 + y * y; });
        add("y² for 1 − y²", "the derivative of tanh is 1 − y².",
            [](double, double y) { return y * y; });
    } else if (is_elementwise(e)) {
        add("the derivative of tanh", "1 − y² belongs to tanh.",
            [](double, double y) { return 1 - y * y; });
    }
    if (is_sigmoid) {
        add("z (1 − z) for y (1 − y)", "the derivative of sigmoid is y (1 − y), in the output.",
            [](double z, double) { return z * (1 - z); });
        add("sigmoid applied twice", "y is already sigmoid(z), so the derivative is y (1 − y).",
            [](double, double y) {
                const double s = 1 / (1 + std::exp(-y));
                return s * (1 - s);
            });
        add("1 − y for y (1 − y)", "the factor y is forgotten.",
            [](double, double y) { return 1 - y; });
        add("y (1 + y) for y (1 − y)", "the sign in the bracket is wrong.",
            [](double, double y) { return y * (1 + y); });
    } else if (is_elementwise(e)) {
        add("the derivative of sigmoid", "y (1 − y) belongs to sigmoid.",
            [](double, double y) { return y * (1 - y); });
    }
    all.push_back(
        {"derivative squared", "the derivative enters twice; multiply by it once.", [&e, right] {
             return elementwise(right, e.dy, [](double right, double dy) {
                 return dy == 0 ? 0 : right * right / dy;
             });
         }});
    add("y for the derivative", "y is used where its derivative belongs.",
        [](double, double y) { return y; });
    add("z for the derivative", "z is used where the derivative belongs.",
        [](double z, double) { return z; });
    add("sign of z for the gate", "negative z passes −dy on; it must pass nothing.",
        [](double z, double) { return z > 0   ? 1.0
                                      : z < 0 ? -1.0
                                              : 0.0; });
    add("gate the wrong way round", "the gradient passes where z < 0; it must pass where z > 0.",
        [](double z, double) { return z < 0 ? 1.0 : 0.0; });
    all.push_back(
        {"gated by dy instead of z",
         "the gradient passes where dy > 0; it must pass where "
         "z > 0.",
         [&e] { return elementwise(e.dy, [](double dy) { return std::max(dy, 0.0); }); }});
    all.push_back({"gated by both dy and z",
                   "the gradient passes where z > 0 and dy > 0; the sign of "
                   "dy does not matter.",
                   [&e, &z] {
                       return elementwise(e.dy, z, [](double dy, double z) {
                           return z > 0 ? std::max(dy, 0.0) : 0.0;
                       });
                   }});
    // The Jacobian of a layer that mixes the entries of a row
    all.push_back({"only the diagonal of the Jacobian",
                   "each entry of z moves every entry of its row of y; sum over all of them.",
                   [&e] {
                       auto dz = zeros<double>(shape_of(e.dy));
                       for (auto j : range(e.dy.size()))
                           for (auto [at, end] = e.structure.row(j); at != end; ++at)
                               if (e.structure.input[at] == j)
                                   dz.flat(j) = e.dy.flat(j) * e.jacobian[at];
                       return dz;
                   }});
    suspect_softmax(all, e);
}

// ── Trying them ──────────────────────────────────────────────────────────────────────────────────

// Equal in every entry, to within the rounding of another order of summation
bool matches(const Gradient& candidate, const Gradient& wrong, double precision) {
    if (shape_of(candidate) != shape_of(wrong))
        return false;
    double scale = 0;
    for (auto position : range(wrong.size()))
        scale =
            std::max({scale, std::abs(wrong.flat(position)), std::abs(candidate.flat(position))});
    for (auto position : range(wrong.size()))
        if (!(std::abs(wrong.flat(position) - candidate.flat(position)) <= precision * scale))
            return false;
    return true;
}

// The one factor between two gradients, if there is one
std::optional<double> factor_between(const Gradient& wrong, const Gradient& right,
                                     double precision) {
    std::size_t largest = 0;
    for (auto position : range(right.size()))
        if (std::abs(right.flat(position)) > std::abs(right.flat(largest)))
            largest = position;
    if (right.size() < 2 || right.flat(largest) == 0 || wrong.flat(largest) == 0)
        return std::nullopt;
    const double factor = wrong.flat(largest) / right.flat(largest);
    const auto scaled = elementwise(right, [=](double entry) { return factor * entry; });
    return std::isfinite(factor) && matches(scaled, wrong, precision) ? std::optional(factor)
                                                                      : std::nullopt;
}

void name_factor(std::vector<Mistake>& found, const Evidence& e, double factor,
                 const std::string& section) {
    const auto is = [&](double other) { return std::abs(factor / other - 1) < 10 * e.precision; };
    const auto add = [&](const std::string& name, const std::string& sentence) {
        found.push_back({name, sentence, section});
    };
    if (is(1))
        return;
    const auto N = static_cast<double>(samples_in(e.dy));
    const double space =
        e.dy.dimension() == 4 ? static_cast<double>(e.dy.shape(2) * e.dy.shape(3)) : 1;
    if (is(-1))
        add("wrong sign", "every entry has the opposite sign.");
    if (N > 1 && is(1 / N))
        add("mean over the batch",
            "every entry is divided by N; gradients are sums over the batch.");
    if (N > 1 && is(N))
        add("multiplied by N", "every entry is N times too large.");
    if (e.dy.dimension() == 2 && e.dy.shape(1) > 1 && is(1 / static_cast<double>(e.dy.shape(1))))
        add("mean over the outputs", "every entry is divided by the number of outputs; gradients "
                                     "are sums.");
    if (e.window && e.inputs.size() > 1 && e.inputs[1].dimension() == 4 &&
        e.inputs[1].shape(1) > 1 && is(static_cast<double>(e.inputs[1].shape(1))))
        add("counted once for every input channel",
            "every entry is C_in times too large: it is added up inside the loop over the input "
            "channels.");
    if (space > 1 && is(1 / space))
        add("mean over space", "every entry is divided by H_out · W_out; gradients are sums.");
    if (space > 1 && N > 1 && is(1 / (N * space)))
        add("mean over batch and space",
            "every entry is divided by N · H_out · W_out; gradients are "
            "sums.");
    if (space > 1 && is(space))
        add("multiplied by the number of outputs", "every entry is H_out · W_out times too large.");
    if (e.window) {
        const auto steps = static_cast<double>(e.window->stride[0] * e.window->stride[1]);
        const auto taps = static_cast<double>(e.window->kernel[0] * e.window->kernel[1]);
        if (steps > 1 && (is(steps) || is(1 / steps)))
            add("scaled by the stride", "every entry is scaled by stride[0] · stride[1].");
        if (taps > 1 && (is(taps) || is(1 / taps)))
            add("scaled by the kernel's size", "every entry is scaled by k_H · k_W.");
    }
    if (found.empty()) {
        // As many digits as it takes to tell it from 1
        auto words = fmt::format("{:.6g}", factor);
        if (words == "1")
            words = fmt::format("{:.11g}", factor);
        add("a factor of " + words,
            fmt::format("every entry is {} times what it should be.", words));
    }
}

// What was added to the right gradient, if that has a name
void name_difference(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
                     const Gradient& wrong, const Gradient& right, const std::string& section) {
    const auto rest = elementwise(wrong, right, [](double a, double b) { return a - b; });
    // What rounding leaves of a difference must not be scaled up to something
    const double most = largest_of(rest);
    if (!(most > 1e-4 * largest_of(right)) || !std::isfinite(most))
        return;
    const double precision = 1e4 * e.precision;
    const auto times = [&](const Gradient& term) { return factor_between(rest, term, precision); };
    const auto is_one = [&](std::optional<double> factor) {
        return factor && std::abs(*factor - 1) < precision;
    };
    if (place > 0) {
        if (const auto factor = times(e.inputs[place]))
            found.push_back({"weight decay added",
                             fmt::format("{:.6g} times the parameter is added, which is no part of "
                                         "the layer's gradient.",
                                         *factor),
                             section});
        return;
    }
    if (shape_of(e.dy) == shape_of(rest))
        if (const auto factor = times(e.dy))
            found.push_back(
                {"upstream added",
                 fmt::format("{0:.6g} dy is added to dz, which is right for a y to which "
                             "{0:.6g} z is added.",
                             *factor),
                 section});
    if (e.inputs.size() < 2)
        return;
    const auto& last = e.inputs.back();
    if (last.dimension() == 1 && right.dimension() >= 2 && last.size() == right.shape(1)) {
        auto rows = right;
        const auto shape = shape_of(right);
        for (auto position : range(rows.size()))
            rows.flat(position) = last.flat(index_at(shape, position)[1]);
        if (is_one(times(rows)))
            found.push_back({"bias added", "bias is added to dz; it has no part in it.", section});
    }
    if (e.gradient_at) {
        auto inputs = e.inputs;
        inputs[1] = gradient_of(e, 1, e.inputs);
        const auto step = times(gradient_of(e, 0, inputs));
        if (step && *step < 0)
            found.push_back({"weight updated first",
                             fmt::format("dz is worked out with weight − {:.6g} dweight; work it "
                                         "out before the weight is updated.",
                                         -*step),
                             section});
    }
}

// What is told from the entries one by one: dz is dy or 0 everywhere, as it should be
void name_gate(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
               const Gradient& wrong, const Gradient& right, const std::string& section) {
    if (place != 0 || shape_of(e.dy) != shape_of(wrong))
        return;
    const auto is_gate = [&](const Gradient& dz, auto below) {
        for (auto position : range(dz.size()))
            if (dz.flat(position) != e.dy.flat(position) && !below(position))
                return false;
        return true;
    };
    if (!is_gate(right, [&](std::size_t at) { return right.flat(at) == 0; }))
        return;
    if (is_gate(wrong, [&](std::size_t at) { return wrong.flat(at) == 0; })) {
        found.push_back({"gate in the wrong place",
                         "dz is dy or 0, as it should be, but not at the right entries.", section});
        return;
    }
    // One slope for all that should be 0
    std::optional<double> slope;
    for (auto position : range(right.size()))
        if (right.flat(position) == 0 && e.dy.flat(position) != 0 && !slope)
            slope = wrong.flat(position) / e.dy.flat(position);
    const auto leaks = [&](std::size_t at) {
        return right.flat(at) == 0 && std::abs(wrong.flat(at) - *slope * e.dy.flat(at)) <=
                                          10 * e.precision * std::abs(e.dy.flat(at));
    };
    if (slope && is_gate(wrong, [&](std::size_t at) {
            return leaks(at) || (right.flat(at) == 0 && e.inputs[0].flat(at) == 0);
        }))
        found.push_back({"negative side leaks",
                         fmt::format("where dz should be 0 it is {:.6g} dy.", *slope), section});
}

// Each sample has the gradient of another one
void name_order_of_samples(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
                           const Gradient& wrong, const Gradient& right,
                           const std::string& section) {
    const auto N = samples_in(right), size = right.size() / std::max<std::size_t>(N, 1);
    if (place != 0 || N < 2)
        return;
    const double precision = 10 * e.precision * largest_of(right);
    const auto is_that_of = [&](std::size_t i, std::size_t other) {
        for (auto position : range(size))
            if (!(std::abs(wrong.flat(i * size + position) - right.flat(other * size + position)) <=
                  precision))
                return false;
        return true;
    };
    std::vector<std::size_t> from;
    for (auto i : range(N))
        for (auto other : range(N))
            if (from.size() == i && is_that_of(i, other))
                from.push_back(other);
    const std::set<std::size_t> met(from.begin(), from.end());
    std::size_t moved = 0;
    while (moved < from.size() && from[moved] == moved)
        ++moved;
    if (met.size() < N || moved == N)
        return;
    found.push_back({"samples in another order",
                     fmt::format("sample {} has the gradient of sample {}; each has its own.",
                                 moved, from[moved]),
                     section});
}

// One output enters as often as it should not: with the wrong sign, or not at all
void name_output(std::vector<Mistake>& found, const Evidence& e, std::size_t place,
                 const Gradient& wrong, const Gradient& right, const std::string& section) {
    const auto rest = elementwise(wrong, right, [](double a, double b) { return a - b; });
    const double precision = 10 * e.precision * largest_of(right);
    std::size_t most = 0;
    for (auto position : range(rest.size()))
        if (std::abs(rest.flat(position)) > std::abs(rest.flat(most)))
            most = position;
    const auto reaches = [&e](std::size_t j, std::size_t input) {
        for (auto [at, end] = e.structure.row(j); at != end; ++at)
            if (e.structure.input[at] == input)
                return true;
        return false;
    };
    for (auto j : range(e.dy.size())) {
        if (!reaches(j, first_input(e, place) + most))
            continue;
        const auto share = contract(e, place, [&](double& sum, std::size_t output, double slope) {
            if (output == j)
                sum += e.dy.flat(j) * slope;
        });
        // What reaches one entry explains everything
        if (std::count_if(share.begin(), share.end(), [](double entry) { return entry != 0; }) < 2)
            continue;
        const double more = rest.flat(most) / share.flat(most);
        bool explained = std::isfinite(more);
        for (auto position : range(rest.size()))
            explained = explained &&
                        std::abs(rest.flat(position) - more * share.flat(position)) <= precision;
        if (!explained)
            continue;
        const auto output = text(index_at(shape_of(e.dy), j));
        const double times = 1 + more, as_good_as = precision / std::abs(share.flat(most));
        found.push_back(
            {"an output with another factor",
             fmt::format("y{} enters {}; every output enters once.", output,
                         std::abs(times) <= as_good_as       ? std::string("not at all")
                         : std::abs(times + 1) <= as_good_as ? "with the wrong sign"
                                                             : fmt::format("{:.6g} times", times)),
             section});
        return;
    }
}

// One factor in all entries that are wrong, where others are right
void name_factor_of_some(std::vector<Mistake>& found, const Evidence& e, const Gradient& wrong,
                         const Gradient& right, const std::string& section) {
    const double precision = 10 * e.precision * largest_of(right);
    std::vector<std::size_t> apart;
    for (auto position : range(right.size()))
        if (!(std::abs(wrong.flat(position) - right.flat(position)) <= precision))
            apart.push_back(position);
    // One entry has always a factor
    if (apart.size() < 2 || right.flat(apart[0]) == 0)
        return;
    const double factor = wrong.flat(apart[0]) / right.flat(apart[0]);
    for (auto position : apart)
        if (!(std::abs(wrong.flat(position) - factor * right.flat(position)) <= precision))
            return;
    if (factor == 0)
        found.push_back(
            {"some entries left at 0",
             fmt::format("{} entries are 0 and should not be; the others are right.", apart.size()),
             section});
    else
        found.push_back(
            {fmt::format("a factor of {:.8g} in some entries", factor),
             fmt::format("{} entries are {:.8g} times what they should be; the others are right.",
                         apart.size(), factor),
             section});
}

} // namespace

std::vector<Mistake> diagnose(const Evidence& evidence, std::size_t place, const Gradient& wrong,
                              const Gradient& right) {
    const std::string section = evidence.layer + ".md#where-it-goes-wrong";
    std::vector<Mistake> found;
    const auto count_nan =
        std::count_if(wrong.begin(), wrong.end(), [](double entry) { return std::isnan(entry); });
    if (count_nan > 0 && place > 0) {
        found.push_back({"not assigned",
                         fmt::format("{} entries are never set, or added to what was there before; "
                                     "set every entry.",
                                     count_nan),
                         section});
        return found;
    }
    const auto count_infinite =
        std::count_if(wrong.begin(), wrong.end(), [](double entry) { return std::isinf(entry); });
    if (count_nan + count_infinite > 0) {
        found.push_back(
            {count_nan > 0 ? "not a number" : "infinite",
             fmt::format("{} entries are {}; look for a division by 0, a logarithm of 0 or an "
                         "exponential of a large number.",
                         count_nan + count_infinite,
                         count_infinite == 0 ? "not a number"
                         : count_nan == 0    ? "infinite"
                                             : "infinite or not a number"),
             section});
        return found;
    }
    if (std::all_of(wrong.begin(), wrong.end(), [](double entry) { return entry == 0; })) {
        found.push_back({"zero everywhere", "nothing was computed.", section});
        return found;
    }
    if (std::all_of(wrong.begin(), wrong.end(), [](double entry) { return entry == 1; })) {
        found.push_back({"1 everywhere", "neither dy nor anything else enters.", section});
        return found;
    }
    if (const auto factor = factor_between(wrong, right, evidence.precision))
        name_factor(found, evidence, *factor, section);
    name_order_of_samples(found, evidence, place, wrong, right, section);

    Catalogue catalogue;
    suspect_convolution(catalogue, evidence, place);
    suspect_pooling(catalogue, evidence, place);
    suspect_weight(catalogue, evidence, place);
    suspect_elementwise(catalogue, evidence, place, right);
    suspect_parameter(catalogue, evidence, place, right);
    suspect_upstream(catalogue, evidence, place);
    suspect_sums(catalogue, evidence, place);
    suspect_left_out(catalogue, right);
    suspect_arrangement(catalogue, right);
    suspect_memory(catalogue, evidence, place);
    for (const auto& suspicion : catalogue) {
        if (found.size() == 3)
            break;
        const auto candidate = suspicion.gradient();
        // A mistake that makes no difference here explains nothing
        if (candidate && matches(*candidate, wrong, evidence.precision) &&
            !matches(*candidate, right, evidence.precision))
            found.push_back({suspicion.name, suspicion.sentence, section});
    }
    if (found.empty())
        name_difference(found, evidence, place, wrong, right, section);
    if (found.empty())
        name_gate(found, evidence, place, wrong, right, section);
    // Each output is looked at in all of the Jacobian
    constexpr std::size_t most_work = 10'000'000;
    if (found.empty() && evidence.dy.size() * evidence.jacobian.size() <= most_work)
        name_output(found, evidence, place, wrong, right, section);
    if (found.empty())
        name_factor_of_some(found, evidence, wrong, right, section);
    return found;
}

} // namespace handgrad
