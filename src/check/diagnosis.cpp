#include "diagnosis.hpp"

#include "mistakes/naming.hpp"

#include <cmath>

namespace handgrad {

using namespace mistakes;

std::vector<Mistake> diagnose(const Evidence& evidence, std::size_t place, const Gradient& wrong,
                              const Gradient& right) {
    const std::string section = evidence.layer + ".md#where-it-goes-wrong";
    std::vector<Mistake> found;
    const auto count_nan =
        std::count_if(wrong.begin(), wrong.end(), [](double entry) { return std::isnan(entry); });
    if (count_nan > 0 && place > 0) {
        found.push_back({"not assigned",
                         fmt::format("{} entries are never set, or added to what was there before; "
                                     "set every entry.",
                                     count_nan),
                         section});
        return found;
    }
    const auto count_infinite =
        std::count_if(wrong.begin(), wrong.end(), [](double entry) { return std::isinf(entry); });
    if (count_nan + count_infinite > 0) {
        found.push_back(
            {count_nan > 0 ? "not a number" : "infinite",
             fmt::format("{} entries are {}; look for a division by 0, a logarithm of 0 or an "
                         "exponential of a large number.",
                         count_nan + count_infinite,
                         count_infinite == 0 ? "not a number"
                         : count_nan == 0    ? "infinite"
                                             : "infinite or not a number"),
             section});
        return found;
    }
    if (std::all_of(wrong.begin(), wrong.end(), [](double entry) { return entry == 0; })) {
        found.push_back({"zero everywhere", "nothing was computed.", section});
        return found;
    }
    if (std::all_of(wrong.begin(), wrong.end(), [](double entry) { return entry == 1; })) {
        found.push_back({"1 everywhere", "neither dy nor anything else enters.", section});
        return found;
    }
    if (const auto factor = factor_between(wrong, right, evidence.precision))
        name_factor(found, evidence, *factor, section);
    name_order_of_samples(found, evidence, place, wrong, right, section);

    Catalogue catalogue;
    suspect_convolution(catalogue, evidence, place);
    suspect_pooling(catalogue, evidence, place);
    suspect_weight(catalogue, evidence, place);
    suspect_elementwise(catalogue, evidence, place, right);
    suspect_parameter(catalogue, evidence, place, right);
    suspect_upstream(catalogue, evidence, place);
    suspect_sums(catalogue, evidence, place);
    suspect_left_out(catalogue, right);
    suspect_arrangement(catalogue, right);
    suspect_memory(catalogue, evidence, place);
    for (const auto& suspicion : catalogue) {
        if (found.size() == 3)
            break;
        const auto candidate = suspicion.gradient();
        // A mistake that makes no difference here explains nothing
        if (candidate && matches(*candidate, wrong, evidence.precision) &&
            !matches(*candidate, right, evidence.precision))
            found.push_back({suspicion.name, suspicion.sentence, section});
    }
    if (found.empty())
        name_difference(found, evidence, place, wrong, right, section);
    if (found.empty())
        name_gate(found, evidence, place, wrong, right, section);
    // Each output is looked at in all of the Jacobian
    constexpr std::size_t most_work = 10'000'000;
    if (found.empty() && evidence.dy.size() * evidence.jacobian.size() <= most_work)
        name_output(found, evidence, place, wrong, right, section);
    if (found.empty())
        name_factor_of_some(found, evidence, wrong, right, section);
    return found;
}

} // namespace handgrad
