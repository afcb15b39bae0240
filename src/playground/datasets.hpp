#pragma once

/// @file
/// The points that the site asks the network to learn, drawn by its own formulas.

#include "../scalars/elementary.hpp"
#include "random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string_view>
#include <vector>

namespace handgrad::playground {

/// A point of the plane and what the network shall answer there: 1 or −1 in classification, a
/// number from −1 to 1 in regression.
struct Point {
    double x;     ///< to the right
    double y;     ///< upwards
    double label; ///< the answer
};

/// Draws `count` points with `noise` from 0 to 1; what the noise does depends on the dataset.
using Generator = std::vector<Point> (*)(Random& random, std::size_t count, double noise);

/// A disc within a ring: label 1 up to half the radius 5, label −1 from 0.7 of it outwards.
/// Noise moves the place where the label is looked up, not the point.
inline std::vector<Point> circle(Random& random, std::size_t count, double noise) {
    constexpr double radius = 5;
    std::vector<Point> points;
    const auto ring = [&](double inner, double outer) {
        for (std::size_t i = 0; i < count / 2; ++i) {
            const double r = random.between(inner, outer);
            const double angle = random.between(0, 2 * std::numbers::pi);
            const double x = r * elementary::sin(angle), y = r * elementary::cos(angle);
            const double noisy_x = x + random.between(-radius, radius) * noise;
            const double noisy_y = y + random.between(-radius, radius) * noise;
            const bool inside = std::sqrt(noisy_x * noisy_x + noisy_y * noisy_y) < radius * 0.5;
            points.push_back({x, y, inside ? 1. : -1.});
        }
    };
    ring(0, radius * 0.5);
    ring(radius * 0.7, radius);
    return points;
}

/// Points of a square with a cross left free: label 1 where x and y have one sign, else −1.
/// Noise moves the place where the label is looked up, not the point.
inline std::vector<Point> exclusive_or(Random& random, std::size_t count, double noise) {
    constexpr double half_width = 5, half_gap = 0.3;
    const auto coordinate = [&] {
        const double position = random.between(-half_width, half_width);
        return position + (position > 0 ? half_gap : -half_gap);
    };
    std::vector<Point> points;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = coordinate(), y = coordinate();
        const double noisy_x = x + random.between(-half_width, half_width) * noise;
        const double noisy_y = y + random.between(-half_width, half_width) * noise;
        points.push_back({x, y, noisy_x * noisy_y >= 0 ? 1. : -1.});
    }
    return points;
}

/// A number from the normal distribution, by Marsaglia's polar method as the site has it: it
/// throws two numbers until they lie in the unit circle and uses one of them.
inline double normal(Random& random, double mean, double variance) {
    double v, s;
    do {
        v = 2 * random() - 1;
        const double w = 2 * random() - 1;
        s = v * v + w * w;
    } while (s > 1);
    return mean + std::sqrt(variance) * (std::sqrt(-2 * elementary::log(s) / s) * v);
}

/// Two clouds, label 1 around (2, 2) and −1 around (−2, −2). Noise widens them: the variance
/// goes from 0.5 without noise to 4 at noise 0.5.
inline std::vector<Point> gauss(Random& random, std::size_t count, double noise) {
    const double t = noise / 0.5;
    const double variance = 0.5 * (1 - t) + 4 * t;
    std::vector<Point> points;
    const auto cloud = [&](double centre, double label) {
        for (std::size_t i = 0; i < count / 2; ++i) {
            const double x = normal(random, centre, variance);
            const double y = normal(random, centre, variance);
            points.push_back({x, y, label});
        }
    };
    cloud(2, 1);
    cloud(-2, -1);
    return points;
}

/// Two arms that turn 1¾ times while they grow from radius 0 to 5, the second half a turn ahead.
/// Noise moves the point by up to `noise` along each axis.
///
/// r = 5 i/n, t = 1.75 · 2π i/n + Δ, x = r sin t, y = r cos t, with n = count / 2 points an arm,
/// Δ = 0 for label 1 and Δ = π for label −1.
inline std::vector<Point> spiral(Random& random, std::size_t count, double noise) {
    const std::size_t n = count / 2;
    std::vector<Point> points;
    const auto arm = [&](double delta, double label) {
        for (std::size_t i = 0; i < n; ++i) {
            const double position = static_cast<double>(i), length = static_cast<double>(n);
            const double r = position / length * 5;
            const double t = 1.75 * position / length * 2 * std::numbers::pi + delta;
            const double x = r * elementary::sin(t) + random.between(-1, 1) * noise;
            const double y = r * elementary::cos(t) + random.between(-1, 1) * noise;
            points.push_back({x, y, label});
        }
    };
    arm(0, 1);
    arm(std::numbers::pi, -1);
    return points;
}

/// `count` points of the square from −6 to 6, labelled by `label(x, y)`. Noise moves the place
/// where the label is looked up, not the point.
template <class Label>
std::vector<Point> labelled_square(Random& random, std::size_t count, double noise, Label label) {
    constexpr double half_width = 6;
    std::vector<Point> points;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = random.between(-half_width, half_width);
        const double y = random.between(-half_width, half_width);
        const double noise_x = random.between(-half_width, half_width) * noise;
        const double noise_y = random.between(-half_width, half_width) * noise;
        points.push_back({x, y, label(x + noise_x, y + noise_y)});
    }
    return points;
}

/// Regression: the label is the plane (x + y) / 10.
inline std::vector<Point> plane(Random& random, std::size_t count, double noise) {
    return labelled_square(random, count, noise, [](double x, double y) {
        const double t = (x + y - -10) / (10 - -10);
        return -1 * (1 - t) + 1 * t;
    });
}

/// Regression: six cones of radius 2, three up and three down; the label is the height of the one
/// that is highest or deepest, 0 outside of all.
inline std::vector<Point> cones(Random& random, std::size_t count, double noise) {
    struct Cone {
        double x, y, sign;
    };
    static constexpr std::array<Cone, 6> all = {
        {{-4, 2.5, 1}, {0, 2.5, -1}, {4, 2.5, 1}, {-4, -2.5, -1}, {0, -2.5, 1}, {4, -2.5, -1}}};
    return labelled_square(random, count, noise, [](double x, double y) {
        double label = 0;
        for (const auto& cone : all) {
            const double dx = x - cone.x, dy = y - cone.y;
            const double t = std::clamp(std::sqrt(dx * dx + dy * dy) / 2, 0., 1.);
            const double height = cone.sign * (1 - t);
            if (std::abs(height) > std::abs(label))
                label = height;
        }
        return label;
    });
}

/// A dataset by the name that the site's links give it.
struct Dataset {
    std::string_view key; ///< as it stands in a link
    Generator generate;   ///< draws its points

    bool operator==(const Dataset& other) const { return key == other.key; }
};

/// The datasets whose labels are 1 and −1 (link key `dataset`).
inline constexpr std::array<Dataset, 4> classification_datasets = {
    {{"circle", circle}, {"xor", exclusive_or}, {"gauss", gauss}, {"spiral", spiral}}};

/// The datasets whose labels are numbers (link key `regDataset`).
inline constexpr std::array<Dataset, 2> regression_datasets = {
    {{"reg-plane", plane}, {"reg-gauss", cones}}};

/// Puts `points` in random order, from the last place down: each place gets one of those that
/// stand before it or its own.
inline void shuffle(Random& random, std::vector<Point>& points) {
    for (std::size_t counter = points.size(); counter > 0; --counter) {
        const double place = std::floor(random() * static_cast<double>(counter));
        std::swap(points[counter - 1], points[static_cast<std::size_t>(place)]);
    }
}

/// The points to learn from and those kept aside to test on.
struct Data {
    std::vector<Point> train; ///< in the order in which they are used
    std::vector<Point> test;  ///< never learned from
};

/// The first `percent` of the points train, the others test.
inline Data split(const std::vector<Point>& points, double percent) {
    const double size = static_cast<double>(points.size());
    const auto middle =
        points.begin() + static_cast<std::ptrdiff_t>(std::floor(size * percent / 100));
    return {{points.begin(), middle}, {middle, points.end()}};
}

} // namespace handgrad::playground
