#include "diagnosis.hpp"

#include "../layers/max_pool2d.hpp"

#include <cmath>
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

// ── What the suspicions are made of ──────────────────────────────────────────────────────────────

// Adds up dy ∂y/∂x for one input tensor, each product changed or dropped by `term`, which gets the
// output, the position in the gradient, and the entry of the Jacobian
template <class Term>
Gradient contract(const Evidence& e, std::size_t place, Term term) {
    auto gradient = zeros<double>(shape_of(e.inputs[place]));
    std::size_t first = 0;
    for (auto before : range(place))
        first += e.inputs[before].size();
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

// What convolution's backward would give with another geometry; entries outside are dropped
struct ConvolutionGradients {
    Gradient dz, dweight;
};
ConvolutionGradients convolution(const Evidence& e, const Pair& stride, const Pair& dilation,
                                 std::size_t top, std::size_t left) {
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
                                const auto p = stride[0] * h + dilation[0] * m - top;
                                const auto q = stride[1] * w + dilation[1] * n - left;
                                if (p >= z.shape(2) || q >= z.shape(3))
                                    continue;
                                g.dz(i, k, p, q) += e.dy(i, j, h, w) * weight(j, k, m, n);
                                g.dweight(j, k, m, n) += e.dy(i, j, h, w) * z(i, k, p, q);
                            }
    return g;
}

// What pooling's backward would give if `share` said which part of dy each entry of a window gets:
// it receives the entries of the window and returns their shares
template <class Share>
Gradient pooling(const Evidence& e, const Pair& stride, std::size_t top, std::size_t left,
                 Share share) {
    const auto& z = e.inputs[0];
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
    if (shape.size() >= 2 && shape[shape.size() - 1] == shape[shape.size() - 2])
        add("upstream transposed", "dy is read with its last two axes exchanged.",
            [turned = swapped(e.dy, shape.size() - 1, shape.size() - 2)](std::size_t j) {
                return turned.flat(j);
            });
}

void suspect_sums(Catalogue& all, const Evidence& e, std::size_t place) {
    const std::size_t N = e.dy.shape(0), sample = e.dy.size() / N;
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
    } else if (e.dy.dimension() == 2 && e.dy.shape(1) > 1) {
        const auto outputs = e.dy.shape(1);
        add("only the first output", "outputs after the first contribute nothing; sum over them.",
            [outputs](std::size_t j) { return j % outputs == 0; });
        add("only the last output",
            "each output overwrites the one before; add instead of "
            "assigning.",
            [outputs](std::size_t j) { return j % outputs == outputs - 1; });
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

void suspect_weight(Catalogue& all, const Evidence& e, std::size_t place) {
    if (place != 0 || e.inputs.size() < 2 || e.inputs[1].dimension() < 2 || !e.gradient_at)
        return;
    const auto& weight = e.inputs[1];
    const auto rank = weight.dimension();
    const auto add = [&](const char* name, const char* sentence, const Gradient& changed) {
        all.push_back({name, sentence, [&e, changed] {
                           auto inputs = e.inputs;
                           inputs[1] = changed;
                           const auto flat = e.gradient_at(inputs);
                           auto dz = zeros<double>(shape_of(e.inputs[0]));
                           std::copy_n(flat.begin(), dz.size(), dz.begin());
                           return dz;
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
    if (rank == 4 && weight.shape(0) == weight.shape(1))
        add("channels exchanged", "weight(k, j) is used where weight(j, k) belongs.",
            swapped(weight, 0, 1));
    add("weight ignored", "weight does not enter dz; multiply by it.",
        filled(shape_of(weight), 1.0));
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
    const auto [stride, dilation] = std::pair(window.stride, window.dilation);
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
    if (sides.top + sides.left > 0)
        add("padding ignored", "backward counts rows and columns without the padding before them.",
            stride, dilation, 0, 0);
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
                           return pooling(e, step, top, left, share);
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
}

void suspect_elementwise(Catalogue& all, const Evidence& e, std::size_t place) {
    const auto& z = e.inputs[0];
    if (place != 0 || e.inputs.size() != 1 || shape_of(z) != shape_of(e.y))
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
    add("derivative left out", "dz is dy as it came; multiply by the derivative.",
        [](double, double) { return 1.0; });
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
    add("the derivative of tanh", "1 − y² belongs to tanh.",
        [](double, double y) { return 1 - y * y; });
    add("the derivative of sigmoid", "y (1 − y) belongs to sigmoid.",
        [](double, double y) { return y * (1 - y); });
    add("z (1 − z) for y (1 − y)", "the derivative of sigmoid is y (1 − y), in the output.",
        [](double z, double) { return z * (1 - z); });
    add("sigmoid applied twice", "y is already sigmoid(z), so the derivative is y (1 − y).",
        [](double, double y) {
            const double s = 1 / (1 + std::exp(-y));
            return s * (1 - s);
        });
    add("y for the derivative", "y is used where its derivative belongs.",
        [](double, double y) { return y; });
    add("z for the derivative", "z is used where the derivative belongs.",
        [](double z, double) { return z; });
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
    all.push_back({"mean subtracted outside",
                   "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is not multiplied by y(a).",
                   [&e] {
                       const auto K = e.y.shape(e.y.dimension() - 1);
                       auto dz = e.dy;
                       for (auto row : range(e.dy.size() / K)) {
                           double mean = 0;
                           for (auto b : range(K))
                               mean += e.dy.flat(row * K + b) * e.y.flat(row * K + b);
                           for (auto a : range(K)) {
                               const auto at = row * K + a;
                               dz.flat(at) = e.y.flat(at) * e.dy.flat(at) - mean;
                           }
                       }
                       return dz;
                   }});
    all.push_back({"sum not weighted by y",
                   "dz(a) is y(a) (dy(a) − Σ dy(b) y(b)); here the sum is Σ dy(b).", [&e] {
                       const auto K = e.y.shape(e.y.dimension() - 1);
                       auto dz = e.dy;
                       for (auto row : range(e.dy.size() / K)) {
                           double sum = 0;
                           for (auto b : range(K))
                               sum += e.dy.flat(row * K + b);
                           for (auto a : range(K)) {
                               const auto at = row * K + a;
                               dz.flat(at) = e.y.flat(at) * (e.dy.flat(at) - sum);
                           }
                       }
                       return dz;
                   }});
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
    const auto N = static_cast<double>(e.dy.shape(0));
    const double space =
        e.dy.dimension() == 4 ? static_cast<double>(e.dy.shape(2) * e.dy.shape(3)) : 1;
    if (is(-1))
        add("wrong sign", "every entry has the opposite sign.");
    if (N > 1 && is(1 / N))
        add("mean over the batch",
            "every entry is divided by N; gradients are sums over the batch.");
    if (N > 1 && is(N))
        add("multiplied by N", "every entry is N times too large.");
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
    if (found.empty())
        add(fmt::format("a factor of {:.6g}", factor),
            fmt::format("every entry is {:.6g} times what it should be.", factor));
}

} // namespace

std::vector<Mistake> diagnose(const Evidence& evidence, std::size_t place, const Gradient& wrong,
                              const Gradient& right) {
    const std::string section = evidence.layer + ".md#where-it-goes-wrong";
    std::vector<Mistake> found;
    const auto count_nan =
        std::count_if(wrong.begin(), wrong.end(), [](double entry) { return std::isnan(entry); });
    if (count_nan > 0) {
        found.push_back({"not assigned",
                         fmt::format("{} entries are never set, or added to what was there before; "
                                     "set every entry.",
                                     count_nan),
                         section});
        return found;
    }
    if (std::all_of(wrong.begin(), wrong.end(), [](double entry) { return entry == 0; })) {
        found.push_back({"zero everywhere", "nothing was computed.", section});
        return found;
    }
    if (const auto factor = factor_between(wrong, right, evidence.precision))
        name_factor(found, evidence, *factor, section);

    Catalogue catalogue;
    suspect_convolution(catalogue, evidence, place);
    suspect_pooling(catalogue, evidence, place);
    suspect_weight(catalogue, evidence, place);
    suspect_elementwise(catalogue, evidence, place);
    suspect_upstream(catalogue, evidence, place);
    suspect_sums(catalogue, evidence, place);
    suspect_arrangement(catalogue, right);
    for (const auto& suspicion : catalogue) {
        if (found.size() == 3)
            break;
        const auto candidate = suspicion.gradient();
        // A mistake that makes no difference here explains nothing
        if (candidate && matches(*candidate, wrong, evidence.precision) &&
            !matches(*candidate, right, evidence.precision))
            found.push_back({suspicion.name, suspicion.sentence, section});
    }
    return found;
}

} // namespace handgrad
