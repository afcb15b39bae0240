#include "arbitration.hpp"

#include <cmath>

namespace handgrad {

bool agree(const Opinion& a, const Opinion& b) {
    return std::abs(a.value - b.value) <= a.bound + b.bound;
}

std::string arbitrate(const Opinion& backward, const Opinions& opinions) {
    const auto& [forward_mode, complex_step, differences] = opinions;
    const bool backward_right = agree(backward, forward_mode);
    const bool dual_and_differences = agree(forward_mode, differences);
    const bool complex_and_dual = complex_step && agree(*complex_step, forward_mode);
    const bool complex_and_differences = complex_step && agree(*complex_step, differences);

    if (complex_and_dual && dual_and_differences)
        return backward_right ? "nobody: backward and all three oracles agree"
                              : "backward: forward mode, the complex step and central differences "
                                "agree, and share nothing but forward";
    if (complex_and_dual)
        return backward_right
                   ? "central differences: rounding in forward hides the slope from every step "
                     "that "
                     "is small enough; forward mode and the complex step agree with backward"
                   : "backward: forward mode and the complex step agree; central differences see "
                     "the slope too badly to say";
    if (dual_and_differences)
        return std::string(backward_right ? "the complex step" : "backward") +
               ": forward mode and central differences agree; over complex numbers forward does "
               "something else, as where it takes an absolute value";
    if (complex_and_differences)
        return agree(backward, *complex_step)
                   ? "forward, not backward: over dual numbers it loses a derivative, as by "
                     "converting to double; the complex step and central differences agree with "
                     "backward"
                   : "forward and backward: over dual numbers forward loses a derivative, as by "
                     "converting to double, and backward gives neither what that leaves nor what "
                     "the complex step and central differences agree on";
    return "nobody can say: no two oracles agree; does z stand beside a kink, or forward change "
           "from call to call";
}

} // namespace handgrad
