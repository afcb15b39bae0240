#include "lanes.hpp"

#include "../scalars/simd_lanes.hpp"

#include <map>

namespace handgrad::study {

std::size_t most_lanes() {
    return SimdLanes::lanes;
}

std::vector<Run> train_in_lanes(const std::vector<Configuration>& configurations,
                                std::size_t epochs, const std::function<bool()>& stop) {
    return train_side_by_side<SimdLanes>(configurations, epochs, stop);
}

Boundary boundary_in_lanes(const Configuration& configuration, const std::vector<double>& weights,
                           std::size_t size) {
    return boundary_side_by_side<SimdLanes>(configuration, weights, size);
}

std::vector<std::vector<std::size_t>> side_by_side(const std::vector<Configuration>& configurations,
                                                   std::size_t most) {
    std::vector<std::vector<std::size_t>> groups;
    std::map<std::string, std::size_t> open; // the group of each shape that is not full
    for (auto position : range(configurations.size())) {
        const auto shape = playground::run_shape(configurations[position]);
        const auto [entry, is_new] = open.try_emplace(shape, groups.size());
        if (is_new)
            groups.emplace_back();
        auto& group = groups[entry->second];
        group.push_back(position);
        if (group.size() == most)
            open.erase(entry);
    }
    return groups;
}

} // namespace handgrad::study
