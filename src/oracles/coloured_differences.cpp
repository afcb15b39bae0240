#include "coloured_differences.hpp"

#include "colouring.hpp"

#include <new>

namespace handgrad {

namespace {

// A layer over double at four places at a time.
class ForwardOfFour {
public:
    ForwardOfFour(AnyForward<Four>& four, AnyForward<double>& one) : four_(four), one_(one) {}

    // @param places z, then the parameters in the layer's order
    Tensor<Four> operator()(const std::vector<Tensor<Four>>& places) {
        try {
            Witnesses::parted() = false;
            auto y = four_.forward_of(places);
            if (!Witnesses::parted())
                return y;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception&) {
            // Whose fault it is, the layer will say alone
        }
        return one_by_one(places);
    }

private:
    AnyForward<Four>& four_;
    AnyForward<double>& one_;

    Tensor<Four> one_by_one(const std::vector<Tensor<Four>>& places) {
        Tensor<Four> y;
        for (auto k : range(4)) {
            std::vector<Tensor<double>> place;
            for (const auto& tensor : places) {
                place.push_back(zeros<double>(shape_of(tensor)));
                std::transform(tensor.begin(), tensor.end(), place.back().begin(),
                               [k](const Four& entry) { return entry[k]; });
            }
            const auto y_k = one_.forward_of(place);
            if (k == 0)
                y = zeros<Four>(shape_of(y_k));
            for (auto position : range(y.size()))
                y.flat(position).set(k, y_k.flat(position));
        }
        return y;
    }
};

} // namespace

std::vector<Estimate> coloured_differences(AnyForward<Four>& forward_of_four,
                                           AnyForward<double>& forward_of_one,
                                           const std::vector<Tensor<double>>& inputs,
                                           const Tensor<double>& dy, const Structure& structure,
                                           const std::vector<bool>& skip) {
    const auto [colour_of, colours] = colouring_of(structure);
    std::vector<Tensor<Four>> places;
    std::vector<Ladder> ladders;
    for (const auto& tensor : inputs) {
        places.push_back(tensor_cast<Four>(tensor));
        for (double entry : tensor)
            ladders.emplace_back(entry);
    }
    std::vector<Four*> entries;
    for (auto& tensor : places)
        for (auto& entry : tensor)
            entries.push_back(&entry);

    // The inputs of each colour, and which of them an output depends on
    struct Reached {
        std::uint32_t output, input;
    };
    std::vector<std::vector<std::uint32_t>> members_of(colours);
    std::vector<std::vector<Reached>> reached_by(colours);
    for (auto i : range(structure.inputs))
        members_of[colour_of[i]].push_back(static_cast<std::uint32_t>(i));
    std::vector<std::size_t> sizes(colours, 0);
    for (auto i : structure.input)
        ++sizes[colour_of[i]];
    for (auto colour : range(colours))
        reached_by[colour].reserve(sizes[colour]);
    for (auto j : range(dy.size()))
        for (auto [at, end] = structure.row(j); at != end && !skip[j]; ++at)
            reached_by[colour_of[structure.input[at]]].push_back(
                {static_cast<std::uint32_t>(j), structure.input[at]});

    ForwardOfFour forward(forward_of_four, forward_of_one);
    for (auto colour : range(colours)) {
        const auto& members = members_of[colour];
        std::vector<Four> before;
        for (auto i : members)
            before.push_back(*entries[i]);
        const auto unfinished = [&](std::uint32_t i) { return !ladders[i].done(); };
        while (std::any_of(members.begin(), members.end(), unfinished)) {
            // Two rungs at once: no ladder ends before the second
            for (auto i : members)
                for (int rung : {0, 1}) {
                    const auto k = static_cast<std::size_t>(2 * rung);
                    entries[i]->set(k, ladders[i].above(rung));
                    entries[i]->set(k + 1, ladders[i].below(rung));
                }
            const auto y = forward(places);
            for (std::size_t k = 0; k < 4; k += 2) {
                for (auto [j, i] : reached_by[colour])
                    if (!ladders[i].done())
                        ladders[i].add(dy.flat(j), y.flat(j)[k], y.flat(j)[k + 1]);
                for (auto i : members)
                    if (!ladders[i].done())
                        ladders[i].climb_down();
            }
        }
        for (auto m : range(members.size()))
            *entries[members[m]] = before[m];
    }
    std::vector<Estimate> estimates;
    for (const auto& ladder : ladders)
        estimates.push_back(ladder.best());
    return estimates;
}

} // namespace handgrad
