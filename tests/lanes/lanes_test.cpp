#include "playground/random.hpp"
#include "playground/trainer.hpp"
#include "playground/url.hpp"
#include "scalars/abreast.hpp"
#include "scalars/simd_lanes.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_lanes {
using namespace handgrad::playground;

namespace {

constexpr std::size_t lanes = SimdLanes::lanes;

std::uint64_t bits_of(double x) {
    return __builtin_bit_cast(std::uint64_t, x);
}

// Numbers of all sizes and signs, and those at which something changes
double some_number(Random& random) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr double special[] = {0.,       -0.,       1.,        -1.,  22.,
                                  -22.,     0x1p-28,   0x1p-29,   710., -746.,
                                  infinity, -infinity, 0x1p-1074, 0.5,  -0x1.62e43p-2};
    if (random() < 0.1)
        return special[static_cast<std::size_t>(random() * std::size(special))];
    const double scale = random() < 0.5 ? 1 : 30;
    return (2 * random() - 1) * scale;
}

// Does `operation` give each lane what it gives a single number?
template <class Operation>
void check_each_lane(Operation operation) {
    Random random("lanes");
    for (int trial = 0; trial < 2000; ++trial) {
        double a[lanes], b[lanes];
        for (auto lane : range(lanes)) {
            a[lane] = some_number(random);
            b[lane] = some_number(random);
        }
        const SimdLanes together =
            operation(SimdLanes::each([&](std::size_t lane) { return a[lane]; }),
                      SimdLanes::each([&](std::size_t lane) { return b[lane]; }));
        for (auto lane : range(lanes)) {
            CAPTURE(a[lane]);
            CAPTURE(b[lane]);
            const double alone = operation(Lanes<double>(a[lane]), Lanes<double>(b[lane])).lane(0);
            const double found = together.lane(lane);
            CHECK((bits_of(found) == bits_of(alone) || (std::isnan(found) && std::isnan(alone))));
        }
    }
}

} // namespace

TEST_SUITE("lanes") {
    TEST_CASE("a vector register has several lanes, a number one") {
        CHECK(lanes >= 2);
        CHECK(Lanes<double>::lanes == 1);
        static_assert(Scalar<SimdLanes> && Scalar<Lanes<double>>);
        const auto counted = SimdLanes::each([](std::size_t lane) { return double(lane) + 0.5; });
        for (auto lane : range(lanes))
            CHECK(counted.lane(lane) == double(lane) + 0.5);
    }

    TEST_CASE("every operation gives each lane what it gives a single number") {
        check_each_lane([](auto a, auto b) { return a + b; });
        check_each_lane([](auto a, auto b) { return a - b; });
        check_each_lane([](auto a, auto b) { return a * b; });
        check_each_lane([](auto a, auto b) { return a / b; });
        check_each_lane([](auto a, auto) { return -a; });
        check_each_lane([](auto a, auto) { return exp(a); });
        check_each_lane([](auto a, auto) { return tanh(a); });
        check_each_lane([](auto a, auto) { return abs(a); });
        check_each_lane([](auto a, auto b) { return with_sign_of(a, b); });
        check_each_lane([](auto a, auto b) { return select(a < b, a, b); });
        check_each_lane([](auto a, auto b) { return select(a > b, a, b); });
        check_each_lane([](auto a, auto b) { return select(a <= b, a, b); });
        check_each_lane([](auto a, auto b) { return select(a >= b, a, b); });
        check_each_lane([](auto a, auto b) { return select(a == b, a, -b); });
        check_each_lane([](auto a, auto b) { return a += b, a *= b, a -= b, a /= b; });
    }

    TEST_CASE("numbers abreast are numbers alone, bit by bit") {
        Random random("abreast");
        const auto check_function = [&](auto function) {
            for (int trial = 0; trial < 2000; ++trial) {
                SimdLanes z[3], found[3];
                for (auto& each : z)
                    each = SimdLanes::each([&](std::size_t) { return some_number(random); });
                function(Abreast<SimdLanes, 3>::load(z)).store(found);
                for (auto place : range(std::size_t(3)))
                    for (auto lane : range(lanes)) {
                        const double expected = function(z[place]).lane(lane);
                        CAPTURE(z[place].lane(lane));
                        CHECK(bits_of(found[place].lane(lane)) == bits_of(expected));
                    }
            }
        };
        check_function([](const auto& z) { return tanh(z); });
        check_function([]<class V>(const V& z) { return V(1) / (V(1) + exp(-z)); });
    }

    TEST_CASE("whole numbers and powers of two") {
        for (double k = -1022; k <= 1023; ++k) {
            CHECK(power_of_two(SimdLanes(k)).lane(lanes - 1) == std::ldexp(1, int(k)));
            CHECK(power_of_two(Lanes<double>(k)).lane(0) == std::ldexp(1, int(k)));
        }
        for (double x : {0., 0.5, 0.99, 1., 1.5, 2.5, 1e6 + 0.75, 2147483647.5})
            for (double signed_x : {x, -x}) {
                CHECK(truncate(SimdLanes(signed_x)).lane(0) == std::trunc(signed_x));
                CHECK(truncate(Lanes<double>(signed_x)).lane(0) == std::trunc(signed_x));
            }
    }

    TEST_CASE("one lane that is not finite is told") {
        const auto nearly = SimdLanes::each([](std::size_t lane) {
            return lane + 1 == lanes ? std::numeric_limits<double>::infinity() : 1.;
        });
        CHECK_FALSE(isfinite(nearly));
        CHECK(std::isinf(static_cast<double>(nearly)));
        CHECK(isfinite(SimdLanes(3)));
        CHECK(static_cast<double>(SimdLanes(3)) == 3);
    }

    TEST_CASE("a run among others is the run alone, bit by bit") {
        for (const std::string settings :
             {"networkShape=5,3", "activation=relu&regularization=L1&batchSize=7",
              "activation=sigmoid&regularization=L2&batchSize=30", "problem=regression"}) {
            CAPTURE(settings);
            std::vector<Configuration> configurations;
            for (auto lane : range(lanes))
                configurations.push_back(read_url(fmt::format(
                    "{}&seed={}&dataset={}&noise={}&learningRate={}&regularizationRate=0.0{}",
                    settings, lane, lane % 2 ? "spiral" : "xor", 5 * lane, lane % 2 ? 0.3 : 0.01,
                    lane)));
            Trainer<SimdLanes> together(configurations);
            std::vector<std::unique_ptr<Trainer<>>> alone;
            for (const auto& configuration : configurations)
                alone.push_back(std::make_unique<Trainer<>>(configuration));
            for (int epoch = 0; epoch < 5; ++epoch) {
                together.epoch();
                for (auto& trainer : alone)
                    trainer->epoch();
            }
            for (auto lane : range(lanes)) {
                CHECK(together.train_loss().lane(lane) == alone[lane]->train_loss().lane(0));
                CHECK(together.test_loss().lane(lane) == alone[lane]->test_loss().lane(0));
                CHECK(together.dead_weights(lane) == alone[lane]->dead_weights());
                for (auto place : range(together.parameters().size())) {
                    const auto& wide = together.parameters()[place].value;
                    const auto& narrow = alone[lane]->parameters()[place].value;
                    for (auto entry : range(wide.size()))
                        CHECK(wide.flat(entry).lane(lane) == narrow.flat(entry).lane(0));
                }
            }
        }
    }

    TEST_CASE("a run that is lost takes no other with it") {
        auto lost = read_url("#problem=regression&activation=linear&learningRate=1000");
        auto sound = read_url("#problem=regression&activation=linear&learningRate=0.003");
        Trainer<SimdLanes> trainer({sound, lost});
        for (int epoch = 0; epoch < 20; ++epoch)
            trainer.epoch();
        CHECK(trainer.train_loss().lane(0) < 0.01);
        CHECK_FALSE(std::isfinite(trainer.train_loss().lane(1)));
    }

    TEST_CASE("runs that cannot go side by side are refused with a sentence") {
        const auto refusal = [](std::vector<Configuration> configurations) {
            return testing::message_of<ValueError>(
                [&] { Trainer<SimdLanes> trainer(configurations); });
        };
        CHECK(refusal({}) ==
              fmt::format("there are 0 configurations, there may be from 1 to {}", lanes));
        const Configuration usual;
        CHECK(refusal(std::vector<Configuration>(lanes + 1, usual)) ==
              fmt::format("there are {} configurations, there may be from 1 to {}", lanes + 1,
                          lanes));
        CHECK(
            refusal({usual, read_url("#networkShape=3")}) ==
            "a run of classification on 50 % of the points, 2 inputs, hidden layers 3 of tanh, "
            "batches of 10, regularization none cannot be trained beside one of classification on "
            "50 % of the points, 2 inputs, hidden layers 4,2 of tanh, batches of 10, "
            "regularization none, the two must be alike");
        for (const std::string other : {"batchSize=9", "activation=relu", "regularization=L1",
                                        "percTrainData=60", "problem=regression", "xSquared=true"})
            CHECK_FALSE(refusal({usual, read_url("#" + other)}).empty());
    }
}

} // namespace handgrad::testing::of_lanes
