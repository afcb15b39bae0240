#include "kinks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace handgrad {

namespace {

// z and all parameters moved by `step` times `direction`, which counts through all of them. Large
// numbers are moved further: 2⁻³⁴ |z| / 2¹² is 64 units in the last place of z.
std::vector<Tensor<double>> moved(const std::vector<Tensor<double>>& inputs, const Flat& direction,
                                  double step) {
    auto result = inputs;
    std::size_t i = 0;
    for (auto& tensor : result)
        for (auto& entry : tensor)
            entry += step * std::max(1.0, std::abs(entry) / 0x1p12) * direction[i++];
    return result;
}

// Is `point` a mean of `pieces`, with weights that are not negative and add up to 1? Solves for
// the weights by Lawson and Hanson's algorithm ("Solving Least Squares Problems", 1974, chapter
// 23) and looks at what remains.
// @param tolerance how far the mean may be from the point, relative to the largest entry
bool is_mean_of(const Flat& point, const std::vector<Flat>& pieces, double tolerance) {
    double size = 0;
    for (const auto& piece : pieces)
        for (double entry : piece)
            size = std::max(size, std::abs(entry));
    for (double entry : point)
        size = std::max(size, std::abs(entry));
    if (size == 0)
        return true;
    const std::size_t n = pieces.size(), rows = point.size() + 1;
    // One row more says that the weights add up to 1
    const auto entry = [&](std::size_t row, std::size_t k) {
        return row + 1 < rows ? pieces[k][row] / size : 1.0;
    };
    Flat weights(n, 0.0);
    std::vector<bool> active(n, false);
    const auto residual = [&](std::size_t row) {
        double rest = row + 1 < rows ? point[row] / size : 1.0;
        for (auto k : range(n))
            rest -= weights[k] * entry(row, k);
        return rest;
    };
    // Least squares over the active pieces, by the normal equations (they are few)
    const auto solve = [&] {
        std::vector<std::size_t> used;
        for (auto k : range(n))
            if (active[k])
                used.push_back(k);
        std::vector<Flat> system(used.size(), Flat(used.size() + 1, 0.0));
        for (auto a : range(used.size()))
            for (auto row : range(rows)) {
                for (auto b : range(used.size()))
                    system[a][b] += entry(row, used[a]) * entry(row, used[b]);
                system[a].back() +=
                    entry(row, used[a]) * (row + 1 < rows ? point[row] / size : 1.0);
            }
        for (auto a : range(used.size())) {
            auto pivot = a;
            for (auto b = a + 1; b < used.size(); ++b)
                if (std::abs(system[b][a]) > std::abs(system[pivot][a]))
                    pivot = b;
            std::swap(system[a], system[pivot]);
            if (std::abs(system[a][a]) < 1e-14)
                continue; // a piece that the others already span
            for (auto b : range(used.size()))
                if (b != a) {
                    const double factor = system[b][a] / system[a][a];
                    for (auto column : range(used.size() + 1))
                        system[b][column] -= factor * system[a][column];
                }
        }
        Flat solution(n, 0.0);
        for (auto a : range(used.size()))
            solution[used[a]] =
                std::abs(system[a][a]) < 1e-14 ? 0.0 : system[a].back() / system[a][a];
        return solution;
    };
    for (std::size_t round = 0; round < 3 * n + 3; ++round) {
        // Take in the piece that helps most
        std::size_t best = n;
        double gain = 1e-13;
        for (auto k : range(n)) {
            double descent = 0;
            for (auto row : range(rows))
                descent += entry(row, k) * residual(row);
            if (!active[k] && descent > gain) {
                gain = descent;
                best = k;
            }
        }
        if (best == n)
            break;
        active[best] = true;
        auto solution = solve();
        // Step back to where the first weight would turn negative
        for (bool negative = true; negative;) {
            negative = false;
            double step = 1;
            for (auto k : range(n))
                if (active[k] && solution[k] < 0) {
                    negative = true;
                    step = std::min(step, weights[k] / (weights[k] - solution[k]));
                }
            for (auto k : range(n))
                if (active[k]) {
                    weights[k] += step * (solution[k] - weights[k]);
                    if (negative && weights[k] <= 1e-14) {
                        weights[k] = 0;
                        active[k] = false;
                    }
                }
            if (negative)
                solution = solve();
        }
    }
    double rest = 0;
    for (auto row : range(rows))
        rest = std::max(rest, std::abs(residual(row)));
    return rest <= tolerance;
}

} // namespace

std::vector<std::size_t> outputs_on_kinks(const AnyRecipe& recipe,
                                          const std::vector<Tensor<double>>& inputs,
                                          const Structure& structure,
                                          const std::vector<long double>& jacobian,
                                          std::vector<std::size_t>& no_derivative) {
    // Small enough to stay on the pieces that meet at z, large enough to be seen over rounding:
    // values nearer to one another than this count as tied
    constexpr double step = 0x1p-34;
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    Draw draw(structure.input.size());
    const auto random = readable_probe({structure.inputs}, draw);
    const Flat direction(random.begin(), random.end());

    const auto forward = recipe.forward<double>();
    const auto y = forward->forward_of(inputs);
    const auto moved_up = moved(inputs, direction, step),
               moved_down = moved(inputs, direction, -step);
    const auto above = forward->forward_of(moved_up), below = forward->forward_of(moved_down);
    // How far each input was really moved, which rounding makes differ from what was intended
    Flat input, up, down;
    double furthest = 0;
    for (auto place : range(inputs.size()))
        for (auto position : range(inputs[place].size())) {
            input.push_back(inputs[place].flat(position));
            up.push_back(moved_up[place].flat(position) - input.back());
            down.push_back(moved_down[place].flat(position) - input.back());
            furthest = std::max(furthest, std::abs(up.back()));
        }
    // A smooth slope may change by several times its size over a distance of 1
    const double bend = std::max(1e-7, 8 * furthest);
    std::vector<std::size_t> kinks;
    for (auto j : range(y.size())) {
        double rise = 0, fall = 0, change = 0, size = std::abs(y.flat(j)) + std::abs(above.flat(j));
        const auto [first, last] = structure.row(j);
        for (auto at = first; at != last; ++at) {
            const auto i = structure.input[at];
            const auto slope = static_cast<double>(jacobian[at]);
            rise += slope * up[i];
            fall += slope * down[i];
            change += std::abs(slope) * (std::abs(up[i]) + std::abs(down[i]));
            size += std::abs(slope * input[i]);
        }
        const double noise =
            (static_cast<double>(last - first) + 64) * epsilon * size + bend * change;
        const double risen = above.flat(j) - y.flat(j), fallen = below.flat(j) - y.flat(j);
        if (std::abs((risen - rise) + (fallen - fall)) > 2 * noise)
            kinks.push_back(j);
        else if (std::abs(risen - rise) > 2 * noise)
            no_derivative.push_back(j);
    }
    return kinks;
}

namespace {

// A word for the choice that backward makes among the pieces.
std::string convention_of(const KinkedOutput& kink) {
    const auto close = [](const Flat& a, const Flat& b) {
        for (auto i : range(a.size()))
            if (std::abs(a[i] - b[i]) > 1e-9 * (std::abs(a[i]) + std::abs(b[i])))
                return false;
        return true;
    };
    const auto zero = Flat(kink.claimed.size(), 0.0);
    Flat sum = zero, mean = zero;
    bool has_zero = false;
    for (const auto& piece : kink.pieces) {
        has_zero = has_zero || close(piece, zero);
        for (auto i : range(sum.size())) {
            sum[i] += piece[i];
            mean[i] += piece[i] / static_cast<double>(kink.pieces.size());
        }
    }
    if (close(kink.claimed, mean))
        return "split evenly";
    if (has_zero)
        return close(kink.claimed, zero)  ? "zero"
               : close(kink.claimed, sum) ? "not zero"
                                          : "another";
    if (close(kink.claimed, kink.pieces.front()))
        return "first";
    if (close(kink.claimed, kink.pieces.back()))
        return "last";
    return close(kink.claimed, sum) ? "all" : "another";
}

} // namespace

std::vector<KinkedOutput> judge_kinks(AnyLayer<double>& layer, const AnyRecipe& recipe,
                                      const std::vector<Tensor<double>>& inputs,
                                      const Tensor<double>& dy,
                                      const std::vector<std::size_t>& outputs) {
    std::vector<KinkedOutput> kinks;
    forward_of_copy(layer, inputs[0]);
    const auto forward = recipe.forward<SparseDual<long double>>();
    std::size_t most_credited = 0;
    for (auto j : outputs) {
        auto alone = zeros<double>(shape_of(dy));
        alone.flat(j) = dy.flat(j);
        const auto passes = backward_from_nan(layer, alone);
        KinkedOutput kink;
        kink.output = j;
        kink.claimed.assign(passes.dz.begin(), passes.dz.end());
        for (const auto& gradient : passes.gradients)
            kink.claimed.insert(kink.claimed.end(), gradient.begin(), gradient.end());
        most_credited =
            std::max(most_credited,
                     kink.claimed.size() - static_cast<std::size_t>(std::count(
                                               kink.claimed.begin(), kink.claimed.end(), 0.0)));
        kinks.push_back(std::move(kink));
    }

    // Look at the pieces nearby: in random directions, then towards each credited entry in turn
    constexpr std::size_t random_looks = 8, most_looks = 40;
    constexpr double nearby = 0x1p-30;
    const auto looks = 2 * random_looks + std::min(most_looks, most_credited);
    Draw draw(outputs.size());
    for (auto look : range(looks)) {
        const auto random = readable_probe({kinks.front().claimed.size()}, draw);
        Flat direction(random.begin(), random.end());
        // All up and all down first: where a constant is tied with them, it wins in one of the two
        if (look < 2)
            for (auto& entry : direction)
                entry = std::abs(entry);
        if (look >= 2 * random_looks)
            for (const auto& kink : kinks) {
                std::size_t credited = 0;
                for (auto i : range(kink.claimed.size()))
                    if (kink.claimed[i] != 0 && credited++ == look - 2 * random_looks)
                        direction[i] = 4; // beyond every random one
            }
        const auto there =
            moved(inputs, direction, look % 2 && look < 2 * random_looks ? -nearby : nearby);
        const auto [structure, jacobian] = forward_mode_jacobian(*forward, there);
        for (auto& kink : kinks) {
            Flat piece(kink.claimed.size(), 0.0);
            for (auto [at, end] = structure.row(kink.output); at != end; ++at)
                piece[structure.input[at]] =
                    dy.flat(kink.output) * static_cast<double>(jacobian[at]);
            const auto near = [&](const Flat& known) {
                for (auto i : range(piece.size()))
                    if (std::abs(known[i] - piece[i]) > 1e-6 * std::abs(dy.flat(kink.output)))
                        return false;
                return true;
            };
            if (std::none_of(kink.pieces.begin(), kink.pieces.end(), near))
                kink.pieces.push_back(std::move(piece));
        }
    }
    for (auto& kink : kinks) {
        // The piece that credits the earliest entry comes first
        std::sort(kink.pieces.begin(), kink.pieces.end(), [](const Flat& a, const Flat& b) {
            const auto first = [](const Flat& piece) {
                return std::find_if(piece.begin(), piece.end(), [](double d) { return d != 0; }) -
                       piece.begin();
            };
            return first(a) < first(b);
        });
        // The pieces are differentiated a distance `nearby` from z, where they may bend
        kink.subgradient = is_mean_of(kink.claimed, kink.pieces, 1e-6);
        kink.convention = convention_of(kink);
    }
    return kinks;
}

} // namespace handgrad
