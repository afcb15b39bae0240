#include "roundings.hpp"

namespace handgrad {

std::vector<double> rounding_of_jacobian(const AnyRecipe& recipe,
                                         const std::vector<Tensor<double>>& inputs,
                                         const Jacobian<long double>& jacobian) {
    std::vector<double> moved(jacobian.entries.size(), 0.0);
    for (int direction : other_roundings) {
        const auto again = [&] {
            const Rounding rounding(direction);
            return forward_mode_jacobian(*recipe.forward<SparseDual<long double>>(), inputs);
        }();
        if (again.structure.input != jacobian.structure.input)
            continue;
        for (auto at : range(moved.size()))
            moved[at] = std::max(
                moved[at], static_cast<double>(std::abs(again.entries[at] - jacobian.entries[at])));
    }
    for (double& entry : moved)
        entry *= room_for_other_roundings;
    return moved;
}

} // namespace handgrad
