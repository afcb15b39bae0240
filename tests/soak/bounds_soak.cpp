#include "scalars/bounded.hpp"
#include "soak.hpp"
#include "values.hpp"

namespace handgrad::soak {

namespace {

// Operations of an expression: each takes one or two earlier results
enum class Operation { Add, Subtract, Multiply, Divide, Negate, Exp, Log, Tanh, Sqrt, Sin, Cos };

struct Step {
    Operation operation;
    std::size_t a, b;
};

// 12 operations are as long as the chain from z to dz in any layer of the project but a sum, and
// sums are long chains of additions: every third expression is one
constexpr std::size_t operations = 12;

std::vector<Step> any_program(std::size_t inputs, Draw& draw, bool only_sums) {
    std::vector<Step> program;
    for (std::size_t result = inputs; result < inputs + operations; ++result) {
        const auto operation = static_cast<Operation>(draw.below(only_sums ? 3 : 11));
        // Build on the newest result, so that errors are carried through the whole program
        program.push_back({operation, result - 1, draw.below(result)});
    }
    return program;
}

// Beyond these the next number is too large for exp, or has lost its place in the period
constexpr double most_for_exp = 20, most_for_sin = 100;

// Runs a program; stops before an operation that has no value, or one beyond any layer's numbers
template <class T>
std::vector<T> run(const std::vector<Step>& program, const std::vector<double>& inputs,
                   std::size_t most_steps) {
    using std::cos, std::exp, std::log, std::sin, std::sqrt, std::tanh;
    std::vector<T> results(inputs.begin(), inputs.end());
    for (const auto& [operation, left, right] : program) {
        if (results.size() == inputs.size() + most_steps)
            break;
        const T a = results[left], b = results[right];
        const auto size = std::abs(static_cast<double>(value_of(a)));
        switch (operation) {
        case Operation::Add:
            results.push_back(a + b);
            break;
        case Operation::Subtract:
            results.push_back(a - b);
            break;
        case Operation::Multiply:
            results.push_back(a * b);
            break;
        case Operation::Divide:
            results.push_back(value_of(b) == 0 ? a : a / b);
            break;
        case Operation::Negate:
            results.push_back(-a);
            break;
        case Operation::Exp:
            results.push_back(size > most_for_exp ? a : T(exp(a)));
            break;
        case Operation::Log:
            results.push_back(value_of(a) > 0 ? T(log(a)) : a);
            break;
        case Operation::Tanh:
            results.push_back(tanh(a));
            break;
        case Operation::Sqrt:
            results.push_back(value_of(a) > 0 ? T(sqrt(a)) : a);
            break;
        case Operation::Sin:
            results.push_back(size > most_for_sin ? a : T(sin(a)));
            break;
        case Operation::Cos:
            results.push_back(size > most_for_sin ? a : T(cos(a)));
            break;
        }
    }
    return results;
}

// Bound over error, of every result that has one
template <class T>
std::vector<double>& ratios() {
    static std::vector<double> all;
    return all;
}

// The computed value is within its bound of what a wider type computes, whose own error is known
// in the same way and is 2¹¹ times smaller for double
template <class T>
void bound_holds() {
    using Wide = long double;
    Draw draw(*rc::gen::noShrink(rc::gen::arbitrary<std::uint64_t>()));
    const std::size_t inputs = 3;
    const auto kind = *rc::gen::elementOf(every_kind);
    const auto size = std::pow(10.0, *rc::gen::inRange(-8, 9));
    std::vector<double> numbers;
    for (std::size_t i = 0; i < inputs; ++i)
        numbers.push_back(static_cast<double>(
            static_cast<T>(kind == Kind::Readable ? static_cast<double>(draw.below(4001)) / 1000 - 2
                                                  : number(kind, size, draw))));
    const auto program = any_program(inputs, draw, draw.below(3) == 0);
    const auto most_steps = count(1, operations);
    const auto computed = run<Bounded<T>>(program, numbers, most_steps);
    const auto wide = run<Bounded<Wide>>(program, numbers, most_steps);
    for (auto i : range(computed.size())) {
        // Beyond the range of T, or where rounding may have decided a branch, no bound is claimed
        const bool finite = std::isfinite(computed[i].value) && std::isfinite(computed[i].bound);
        const auto sure_of = [&, size = computed[i].size()](double border) {
            return computed[i].bound < std::abs(size - border);
        };
        const bool branch_is_sure = computed[i].bound < 1e-3 * computed[i].size() &&
                                    sure_of(most_for_exp) && sure_of(most_for_sin);
        if (!finite || !std::isfinite(wide[i].value) || !branch_is_sure)
            return;
        const auto error =
            static_cast<double>(std::abs(static_cast<Wide>(computed[i].value) - wide[i].value));
        RC_ASSERT(error <= computed[i].bound + wide[i].bound);
        if (i + 1 == computed.size() && error > wide[i].bound)
            ratios<T>().push_back(computed[i].bound / error);
    }
}

template <class T>
double median_ratio() {
    auto& all = ratios<T>();
    if (all.empty())
        return 0;
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), middle, all.end());
    return *middle;
}

} // namespace

const std::vector<Property>& bound_properties() {
    static const std::vector<Property> all{
        {"the bound of Bounded<float> holds", bound_holds<float>},
        {"the bound of Bounded<double> holds", bound_holds<double>},
    };
    return all;
}

std::vector<Looseness> looseness() {
    // One rounding is off by a quarter of a unit in the middle, of which the bound claims a half
    // for the smallest mantissa and a whole for the largest: 3 times too much. n independent
    // roundings add up like √n, the bound like n. Library functions claim 4 roundings and commit
    // about one.
    const double may_be = 3 * 4 * std::sqrt(static_cast<double>(operations));
    return {{"float", median_ratio<float>(), may_be}, {"double", median_ratio<double>(), may_be}};
}

} // namespace handgrad::soak
