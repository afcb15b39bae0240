#include "roundings.hpp"

namespace handgrad {

std::vector<double> rounding_of_jacobian(const AnyRecipe& recipe,
                                         const std::vector<Tensor<double>>& inputs,
                                         const Jacobian<long double>& jacobian) {
    std::vector<double> rounding(jacobian.entries.size(), 0.0);
    with_other_roundings(
        [&] { return forward_mode_jacobian(*recipe.forward<SparseDual<long double>>(), inputs); },
        [&](const Jacobian<long double>& again) {
            if (again.structure.input != jacobian.structure.input)
                return;
            for (auto at : range(rounding.size()))
                rounding[at] = std::max(
                    rounding[at],
                    room_for_other_roundings *
                        static_cast<double>(std::abs(again.entries[at] - jacobian.entries[at])));
        });
    return rounding;
}

} // namespace handgrad
