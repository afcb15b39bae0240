#include "mutant.hpp"

namespace handgrad::mutants {

const std::vector<Mutant>& all_mutants() {
    static const std::vector<Mutant> all = [] {
        std::vector<Mutant> joined;
        for (const auto& mutants :
             {conv2d_mutants(), max_pool2d_mutants(), linear_mutants(), tanh_mutants(),
              relu_mutants(), sigmoid_mutants(), softmax_mutants()})
            joined.insert(joined.end(), mutants.begin(), mutants.end());
        return joined;
    }();
    return all;
}

} // namespace handgrad::mutants
