#include "means.hpp"

#include "../tensor.hpp"

#include <cmath>
#include <limits>

namespace handgrad {

namespace {

using Column = std::vector<double>;

// A pivot of less is what rounding leaves of 0: the other pieces already span this one
constexpr double nothing = 1e-14;

// The size of the largest entry; infinity where one is not finite
double largest(const Column& column) {
    double most = 0;
    for (double entry : column) {
        if (!std::isfinite(entry))
            return std::numeric_limits<double>::infinity();
        most = std::max(most, std::abs(entry));
    }
    return most;
}

// What weights at least 0 make of columns, as near to a target as can be
class NearestMean {
public:
    // All divided by `size`; one row more says that the weights add up to 1
    NearestMean(const Column& point, const std::vector<Column>& pieces, double size)
        : target_(extended(point, size)), weights_(pieces.size(), 0.0),
          active_(pieces.size(), false) {
        for (const auto& piece : pieces)
            columns_.push_back(extended(piece, size));
    }

    // What is left of the target beside the mean
    Column rest() const { return rest_of(weights_); }

    // Takes in the column that helps most; false where none does
    bool improve(const Column& rest) {
        const auto best = most_helpful(rest);
        if (best == columns_.size())
            return false;
        active_[best] = true;
        while (step_towards(solution())) {
        }
        return true;
    }

private:
    Column target_;
    std::vector<Column> columns_;
    Column weights_;
    std::vector<bool> active_;

    static Column extended(Column column, double size) {
        for (double& entry : column)
            entry /= size;
        column.push_back(1);
        return column;
    }

    static double inner(const Column& a, const Column& b) {
        double sum = 0;
        for (auto row : range(a.size()))
            sum += a[row] * b[row];
        return sum;
    }

    Column rest_of(const Column& weights) const {
        auto rest = target_;
        for (auto k : range(columns_.size()))
            if (weights[k] != 0)
                for (auto row : range(rest.size()))
                    rest[row] -= weights[k] * columns_[k][row];
        return rest;
    }

    std::size_t most_helpful(const Column& rest) const {
        std::size_t best = columns_.size();
        double gain = 0;
        for (auto k : range(columns_.size()))
            if (const double descent = inner(columns_[k], rest); !active_[k] && descent > gain) {
                gain = descent;
                best = k;
            }
        return best;
    }

    // Least squares over the active columns. What rounding left of the first solution, the second
    // takes away
    Column solution() const {
        auto solution = solution_for(target_);
        const auto correction = solution_for(rest_of(solution));
        for (auto k : range(solution.size()))
            solution[k] += correction[k];
        return solution;
    }

    // By the normal equations: the active columns are few
    Column solution_for(const Column& target) const {
        std::vector<std::size_t> used;
        for (auto k : range(columns_.size()))
            if (active_[k])
                used.push_back(k);
        std::vector<Column> system;
        for (auto a : used) {
            auto& equation = system.emplace_back();
            for (auto b : used)
                equation.push_back(inner(columns_[a], columns_[b]));
            equation.push_back(inner(columns_[a], target));
        }
        eliminate(system);
        Column solution(columns_.size(), 0.0);
        for (auto a : range(used.size()))
            if (std::abs(system[a][a]) >= nothing)
                solution[used[a]] = system[a].back() / system[a][a];
        return solution;
    }

    // Gauss and Jordan's elimination, with the largest pivot of each column
    static void eliminate(std::vector<Column>& system) {
        for (auto a : range(system.size())) {
            auto pivot = a;
            for (auto b = a + 1; b < system.size(); ++b)
                if (std::abs(system[b][a]) > std::abs(system[pivot][a]))
                    pivot = b;
            std::swap(system[a], system[pivot]);
            if (std::abs(system[a][a]) < nothing)
                continue;
            for (auto b : range(system.size()))
                if (b != a) {
                    const double factor = system[b][a] / system[a][a];
                    for (auto column : range(system[b].size()))
                        system[b][column] -= factor * system[a][column];
                }
        }
    }

    // Goes to `solution`, or to where the first weight would turn negative, and drops that one.
    // @return was one dropped, so that there is another solution?
    bool step_towards(const Column& solution) {
        bool negative = false;
        double step = 1;
        for (auto k : range(columns_.size()))
            if (active_[k] && solution[k] < 0) {
                negative = true;
                step = std::min(step, weights_[k] / (weights_[k] - solution[k]));
            }
        for (auto k : range(columns_.size()))
            if (active_[k]) {
                weights_[k] += step * (solution[k] - weights_[k]);
                if (negative && weights_[k] <= nothing) {
                    weights_[k] = 0;
                    active_[k] = false;
                }
            }
        return negative;
    }
};

} // namespace

double distance_from_means(const std::vector<double>& point,
                           const std::vector<std::vector<double>>& pieces, double near_enough) {
    double size = largest(point);
    for (const auto& piece : pieces)
        size = std::max(size, largest(piece));
    if (size == 0 || std::isinf(size))
        return size;
    NearestMean mean(point, pieces, size);
    double least = largest(mean.rest());
    // A bound on the rounds, should rounding make them go in circles
    for (std::size_t round = 0; round < 3 * pieces.size() + 3 && least * size > near_enough;
         ++round) {
        if (!mean.improve(mean.rest()))
            break;
        least = std::min(least, largest(mean.rest()));
    }
    return least * size;
}

} // namespace handgrad
