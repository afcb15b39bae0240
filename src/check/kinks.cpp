#include "kinks.hpp"

#include "means.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

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

// What a step to both sides does to every output beyond its slope.
struct Beyond {
    Flat even;  // the same to both sides: a kink grows with the step, a bend with its square
    Flat odd;   // opposite to both sides: what the slope is wrong by, or a bend with its cube
    Flat noise; // what rounding may make of either
};

// @return none where the layer refuses to be moved: it stands on its border, and shows nothing
std::optional<Beyond>
beyond_slopes(AnyForward<double>& forward, const std::vector<Tensor<double>>& inputs,
              const Tensor<double>& y, const Flat& rounding_of_y, const Structure& structure,
              const std::vector<long double>& jacobian, const Flat& direction, double step) {
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    const auto moved_up = moved(inputs, direction, step),
               moved_down = moved(inputs, direction, -step);
    Tensor<double> above, below;
    try {
        above = forward.forward_of(moved_up);
        below = forward.forward_of(moved_down);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {
        return std::nullopt;
    }
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
    Beyond beyond;
    for (auto j : range(y.size())) {
        double rise = 0, fall = 0, change = 0, size = 0;
        const auto [first, last] = structure.row(j);
        for (auto at = first; at != last; ++at) {
            const auto i = structure.input[at];
            const auto slope = static_cast<double>(jacobian[at]);
            rise += slope * up[i];
            fall += slope * down[i];
            change += std::abs(slope) * (std::abs(up[i]) + std::abs(down[i]));
            size += std::abs(slope * input[i]);
        }
        const double up_beyond = above.flat(j) - y.flat(j) - rise,
                     down_beyond = below.flat(j) - y.flat(j) - fall;
        beyond.even.push_back(up_beyond + down_beyond);
        beyond.odd.push_back(up_beyond - down_beyond);
        // y is taken four times, and differences of it are rounded
        const double rounding_alone =
            epsilon * (std::abs(y.flat(j)) + std::abs(above.flat(j)) + std::abs(below.flat(j))) +
            4 * std::numeric_limits<double>::denorm_min();
        const double rounding =
            std::isfinite(rounding_of_y[j])
                ? 4 * rounding_of_y[j] + rounding_alone
                : 2 * (static_cast<double>(last - first) + 64) * (rounding_alone + epsilon * size);
        beyond.noise.push_back(rounding + 2 * bend * change);
    }
    return beyond;
}

// How far rounding takes every output, as `Bounded` says; infinite where it computes another y.
Flat rounding_of_outputs(const AnyRecipe& recipe, const std::vector<Tensor<double>>& inputs,
                         const Tensor<double>& y) {
    std::vector<Tensor<Bounded<double>>> lifted;
    for (const auto& tensor : inputs)
        lifted.push_back(tensor_cast<Bounded<double>>(tensor));
    const auto bounded = recipe.layer<Bounded<double>>()->forward_of(lifted);
    Flat rounding(y.size(), std::numeric_limits<double>::infinity());
    for (auto j : range(std::min(y.size(), bounded.size())))
        if (bounded.flat(j).value == y.flat(j))
            rounding[j] = bounded.flat(j).bound;
    return rounding;
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
    Draw draw(structure.input.size());
    const auto forward = recipe.forward<double>();
    const auto y = forward->forward_of(inputs);
    const auto rounding = rounding_of_outputs(recipe, inputs, y);
    std::vector<bool> on_kink(y.size(), false), apart(y.size(), false);
    // Two tied entries may be moved almost alike by one direction, not by three
    for ([[maybe_unused]] auto time : range(3)) {
        const auto random = readable_probe({structure.inputs}, draw);
        const Flat direction(random.begin(), random.end());
        const auto whole =
            beyond_slopes(*forward, inputs, y, rounding, structure, jacobian, direction, step);
        if (!whole)
            continue;
        const auto even = [&](std::size_t j) { return std::abs(whole->even[j]) > whole->noise[j]; };
        const auto odd = [&](std::size_t j) {
            return std::abs(whole->odd[j]) > 2 * whole->noise[j];
        };
        std::vector<std::size_t> suspects;
        for (auto j : range(y.size()))
            if (even(j) || odd(j))
                suspects.push_back(j);
        if (suspects.empty())
            continue;
        // Half the step leaves half of a kink, a quarter of a bend; half of a wrong slope, an
        // eighth of what bends to both sides
        const auto half =
            beyond_slopes(*forward, inputs, y, rounding, structure, jacobian, direction, step / 2);
        if (!half)
            continue;
        std::vector<std::size_t> steeper;
        for (auto j : suspects) {
            const double of_kink = 4 * half->even[j] - whole->even[j];
            const double of_slope = (8 * half->odd[j] - whole->odd[j]) / 3;
            if (even(j) && std::abs(of_kink) > std::abs(whole->even[j]) / 2)
                on_kink[j] = true;
            else if (odd(j) && std::abs(of_slope) > std::abs(whole->odd[j]) / 2)
                steeper.push_back(j);
        }
        if (steeper.empty())
            continue;
        // A wrong slope is as wrong close by; a kink a little away is not there
        const auto close_by =
            beyond_slopes(*forward, inputs, y, rounding, structure, jacobian, direction, step / 8);
        for (auto j : steeper)
            if (close_by && std::abs(close_by->odd[j]) > std::abs(whole->odd[j]) / 16)
                apart[j] = true;
    }
    std::vector<std::size_t> kinks;
    for (auto j : range(y.size()))
        if (on_kink[j])
            kinks.push_back(j);
        else if (apart[j])
            no_derivative.push_back(j);
    return kinks;
}

FewEntries::FewEntries(const Flat& all) {
    for (auto i : range(all.size()))
        if (all[i] != 0)
            add(static_cast<std::uint32_t>(i), all[i]);
}

double FewEntries::operator[](std::size_t index) const {
    const auto at =
        std::lower_bound(entries_.begin(), entries_.end(), index,
                         [](const auto& entry, std::size_t index) { return entry.first < index; });
    return at != entries_.end() && at->first == index ? at->second : 0;
}

namespace {

// The entries that any of the vectors keeps, vector by vector; the first is `point`.
std::vector<Flat> side_by_side(const FewEntries& point, const std::vector<FewEntries>& others) {
    std::vector<std::uint32_t> kept;
    const auto keep = [&](const FewEntries& few) {
        for (const auto& entry : few)
            kept.push_back(entry.first);
    };
    keep(point);
    for (const auto& few : others)
        keep(few);
    std::sort(kept.begin(), kept.end());
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    std::vector<Flat> all;
    const auto spread = [&](const FewEntries& few) {
        all.emplace_back();
        for (auto index : kept)
            all.back().push_back(few[index]);
    };
    spread(point);
    for (const auto& few : others)
        spread(few);
    return all;
}

double largest_entry(const FewEntries& few) {
    double largest = 0;
    for (const auto& entry : few)
        largest = std::max(largest, std::abs(entry.second));
    return largest;
}

// How far apart two vectors are, in the entry where they are furthest.
double distance(const FewEntries& a, const FewEntries& b) {
    double most = 0;
    for (const auto& [index, entry] : a)
        most = std::max(most, std::abs(entry - b[index]));
    for (const auto& [index, entry] : b)
        most = std::max(most, std::abs(entry - a[index]));
    return most;
}

// A piece where the way to it starts, from its end and from halfway.
FewEntries extrapolated(const FewEntries& there, const FewEntries& closer) {
    FewEntries piece;
    for (const auto& [index, entry] : closer)
        piece.add(index, entry + (entry - there[index]));
    return piece;
}

// Are they the same piece, looked at from two places?
bool same_piece(const FewEntries& a, const FewEntries& b) {
    return distance(a, b) <= 1e-6 * std::max(largest_entry(a), largest_entry(b));
}

// A word for the choice that backward makes among the pieces.
std::string convention_of(const KinkedOutput& kink) {
    const auto close = [](const Flat& a, const Flat& b) {
        for (auto i : range(a.size()))
            if (std::abs(a[i] - b[i]) > 1e-9 * (std::abs(a[i]) + std::abs(b[i])))
                return false;
        return true;
    };
    const auto all = side_by_side(kink.claimed, kink.pieces);
    const auto& claimed = all.front();
    const auto zero = Flat(claimed.size(), 0.0);
    Flat sum = zero, mean = zero;
    bool has_zero = false;
    for (auto piece = all.begin() + 1; piece != all.end(); ++piece) {
        has_zero = has_zero || close(*piece, zero);
        for (auto i : range(sum.size())) {
            sum[i] += (*piece)[i];
            mean[i] += (*piece)[i] / static_cast<double>(kink.pieces.size());
        }
    }
    if (close(claimed, mean))
        return "split evenly";
    if (has_zero)
        return close(claimed, zero) ? "zero" : close(claimed, sum) ? "not zero" : "another";
    if (close(claimed, all[1]))
        return "first";
    if (close(claimed, all.back()))
        return "last";
    return close(claimed, sum) ? "all" : "another";
}

// What backward gives for a dy that is 0 but in one output.
template <class T>
Tensor<T> alone(const Tensor<double>& dy, std::size_t output) {
    auto result = zeros<T>(shape_of(dy));
    result.flat(output) = T(dy.flat(output));
    return result;
}

// Looks at the pieces that meet in kinked outputs.
class Looks {
public:
    Looks(const AnyRecipe& recipe, const std::vector<Tensor<double>>& inputs,
          const Tensor<double>& dy, std::vector<KinkedOutput>& kinks)
        : forward_(recipe.forward<SparseDual<long double>>()), inputs_(inputs), dy_(dy),
          kinks_(kinks), bend_(kinks.size(), 0.0) {}

    // Differentiates a little away in a direction, and where `halfway` is set halfway too: that
    // shows how far each piece bends.
    void look(const Flat& direction, bool halfway) {
        constexpr double nearby = 0x1p-30;
        const auto there = pieces_at(direction, nearby);
        if (there.empty())
            return;
        const auto closer = halfway ? pieces_at(direction, nearby / 2) : std::vector<FewEntries>();
        for (auto place : range(kinks_.size())) {
            take(place, there[place]);
            if (closer.empty())
                continue;
            // On the whole way it bends twice as far as on half of it; in another direction, which
            // is at most twice as long, twice as far again
            const double bend = distance(there[place], closer[place]);
            bend_[place] = std::max(bend_[place], 4 * bend);
            take(place, extrapolated(there[place], closer[place]));
        }
    }

    // How far the pieces of a kink bend on the way to where they were looked at.
    double bend(std::size_t place) const { return bend_[place]; }

private:
    std::unique_ptr<AnyForward<SparseDual<long double>>> forward_;
    const std::vector<Tensor<double>>& inputs_;
    const Tensor<double>& dy_;
    std::vector<KinkedOutput>& kinks_;
    std::vector<double> bend_;

    // The gradient of every kinked output; none where the layer refuses to be moved
    std::vector<FewEntries> pieces_at(const Flat& direction, double step) {
        std::vector<FewEntries> pieces;
        try {
            const auto [structure, jacobian] =
                forward_mode_jacobian(*forward_, moved(inputs_, direction, step));
            for (const auto& kink : kinks_) {
                auto& piece = pieces.emplace_back();
                for (auto [at, end] = structure.row(kink.output); at != end; ++at)
                    if (const auto slope = static_cast<double>(jacobian[at]); slope != 0)
                        piece.add(structure.input[at], dy_.flat(kink.output) * slope);
            }
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception&) {
            pieces.clear();
        }
        return pieces;
    }

    void take(std::size_t place, const FewEntries& piece) {
        auto& known = kinks_[place].pieces;
        if (std::none_of(known.begin(), known.end(),
                         [&](const FewEntries& other) { return same_piece(piece, other); }))
            known.push_back(piece);
    }
};

// How far rounding may take what backward gives for one output alone, in the entry where it is
// most; 0 where `Bounded` does not know.
class RoundingAlone {
public:
    RoundingAlone(const AnyRecipe& recipe, const std::vector<Tensor<double>>& inputs,
                  const Tensor<double>& dy)
        : layer_(recipe.layer<Bounded<double>>()), dy_(dy) {
        for (const auto& tensor : inputs)
            inputs_.push_back(tensor_cast<Bounded<double>>(tensor));
        layer_->forward_of(inputs_);
    }

    double operator()(std::size_t output) {
        double most = 0;
        const auto take = [&](const Tensor<Bounded<double>>& gradient) {
            for (const auto& entry : gradient)
                if (std::isfinite(entry.bound))
                    most = std::max(most, entry.bound);
        };
        take(layer_->backward(alone<Bounded<double>>(dy_, output)));
        for (const auto& parameter : layer_->parameters())
            take(parameter.gradient);
        return most;
    }

private:
    std::unique_ptr<AnyLayer<Bounded<double>>> layer_;
    std::vector<Tensor<Bounded<double>>> inputs_;
    const Tensor<double>& dy_;
};

// Random numbers of both signs for all inputs; all up or all down first: where a constant is tied
// with them, it wins in one of the two.
Flat direction_of(std::size_t look, std::size_t inputs, Draw& draw) {
    const auto random = readable_probe({inputs}, draw);
    Flat direction(random.begin(), random.end());
    for (auto& entry : direction)
        if (look < 2)
            entry = std::abs(entry);
        else if (look < 4)
            entry = -std::abs(entry);
    return direction;
}

} // namespace

std::vector<KinkedOutput> judge_kinks(AnyLayer<double>& layer, const AnyRecipe& recipe,
                                      const std::vector<Tensor<double>>& inputs,
                                      const Tensor<double>& dy,
                                      const std::vector<std::size_t>& outputs) {
    const auto arithmetic = layer.arithmetic();
    std::vector<KinkedOutput> kinks;
    forward_of_copy(layer, inputs[0]);
    std::size_t size = 0;
    for (auto j : outputs) {
        const auto passes = backward_from_nan(layer, alone<double>(dy, j));
        Flat claimed(passes.dz.begin(), passes.dz.end());
        for (const auto& gradient : passes.gradients)
            claimed.insert(claimed.end(), gradient.begin(), gradient.end());
        size = claimed.size();
        kinks.push_back({j, FewEntries(claimed), {}, false, ""});
    }
    const auto judge = [&](auto more_allowed) {
        bool all = true;
        for (auto place : range(kinks.size())) {
            auto& kink = kinks[place];
            if (kink.subgradient || kink.pieces.empty())
                continue;
            auto vectors = side_by_side(kink.claimed, kink.pieces);
            const auto claimed = vectors.front();
            vectors.erase(vectors.begin());
            double largest = largest_entry(kink.claimed);
            for (const auto& piece : kink.pieces)
                largest = std::max(largest, largest_entry(piece));
            const double allowed =
                static_cast<double>(claimed.size() + 64) * arithmetic.epsilon * largest +
                arithmetic.smallest;
            const double far = distance_from_means(claimed, vectors, allowed);
            // What may be off by more than a tight bound verifies nothing
            kink.subgradient = far <= allowed || (far <= arithmetic.tight * largest &&
                                                  far <= allowed + more_allowed(place));
            all = all && kink.subgradient;
        }
        return all;
    };
    const auto nothing_more = [](std::size_t) { return 0.0; };

    // In random directions
    constexpr std::size_t random_looks = 16;
    Looks looks(recipe, inputs, dy, kinks);
    Draw draw(outputs.size());
    for (auto look : range(random_looks))
        looks.look(direction_of(look, size, draw), false);
    if (!judge(nothing_more)) {
        // One tensor up or down and all others where they are: biases alone reach what they tie
        std::size_t first = 0;
        for (const auto& tensor : inputs) {
            for (const double sign : {1.0, -1.0}) {
                Flat direction(size, 0.0);
                const auto random = direction_of(0, tensor.size(), draw);
                for (auto position : range(tensor.size()))
                    direction[first + position] = sign * random[position];
                looks.look(direction, false);
            }
            first += tensor.size();
        }
        // Towards each entry that backward credits and should perhaps not
        std::size_t most_credited = 0;
        for (const auto& kink : kinks)
            if (!kink.subgradient)
                most_credited = std::max(most_credited, kink.claimed.size());
        for (auto credited : range(most_credited)) {
            auto direction = direction_of(random_looks, size, draw);
            for (const auto& kink : kinks)
                if (!kink.subgradient && credited < kink.claimed.size())
                    direction[(kink.claimed.begin() + static_cast<std::ptrdiff_t>(credited))
                                  ->first] = 4; // beyond every random one
            looks.look(direction, false);
        }
        if (!judge(nothing_more)) {
            // Pieces that bend, and what rounding does to backward
            for (auto look : range(random_looks))
                looks.look(direction_of(look, size, draw), true);
            RoundingAlone rounding(recipe, inputs, dy);
            judge([&](std::size_t place) {
                return looks.bend(place) + rounding(kinks[place].output);
            });
        }
    }
    for (auto& kink : kinks) {
        // The piece that credits the earliest entry comes first
        std::sort(kink.pieces.begin(), kink.pieces.end(),
                  [size](const FewEntries& a, const FewEntries& b) {
                      const auto first = [size](const FewEntries& piece) {
                          return piece.size() == 0 ? size : piece.begin()->first;
                      };
                      return first(a) < first(b);
                  });
        kink.convention = convention_of(kink);
    }
    return kinks;
}

} // namespace handgrad
