// Mistakes with the windows of max-pooling

#include "gradients.hpp"

#include "../../layers/max_pool2d.hpp"
#include <cmath>
#include <limits>

namespace handgrad::mistakes {

namespace {

// Calls visit(i, j, h, w) for every entry of dy
template <class Visit>
void for_each_output(const Gradient& dy, Visit visit) {
    for (auto i : range(dy.shape(0)))
        for (auto j : range(dy.shape(1)))
            for (auto h : range(dy.shape(2)))
                for (auto w : range(dy.shape(3)))
                    visit(i, j, h, w);
}

// What pooling's backward would give if `share` said which part of dy each entry of a window gets:
// it receives the entries of the window in `z` and returns their shares
template <class Share>
Gradient pooling(const Evidence& e, const Gradient& z, const Pair& stride, std::size_t top,
                 std::size_t left, Share share) {
    const Pair kernel = e.window->kernel;
    auto dz = zeros<double>(shape_of(z));
    for_each_output(e.dy, [&](auto i, auto j, auto h, auto w) {
        std::vector<double*> targets;
        std::vector<double> entries;
        for (auto m : range(kernel[0]))
            for (auto n : range(kernel[1])) {
                const auto p = stride[0] * h + m - top, q = stride[1] * w + n - left;
                if (p < z.shape(2) && q < z.shape(3)) {
                    targets.push_back(&dz(i, j, p, q));
                    entries.push_back(z(i, j, p, q));
                }
            }
        if (entries.empty())
            return;
        const std::vector<double> shares = share(entries);
        for (auto t : range(targets.size()))
            *targets[t] += shares[t] * e.dy(i, j, h, w);
    });
    return dz;
}

// Pooling's backward where each winner is put into the window at row 0, column 0
template <class Share>
Gradient in_first_window(const Evidence& e, const Pair& stride, Share share) {
    const auto& z = e.inputs[0];
    const Pair kernel = e.window->kernel;
    auto dz = zeros<double>(shape_of(z));
    for_each_output(e.dy, [&](auto i, auto j, auto h, auto w) {
        std::vector<double> entries;
        for (auto m : range(kernel[0]))
            for (auto n : range(kernel[1])) {
                const auto p = stride[0] * h + m, q = stride[1] * w + n;
                entries.push_back(p < z.shape(2) && q < z.shape(3)
                                      ? z(i, j, p, q)
                                      : -std::numeric_limits<double>::infinity());
            }
        const std::vector<double> shares = share(entries);
        for (auto t : range(shares.size()))
            if (shares[t] != 0)
                dz(i, j, t / kernel[1], t % kernel[1]) += shares[t] * e.dy(i, j, h, w);
    });
    return dz;
}

} // namespace

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

} // namespace handgrad::mistakes
