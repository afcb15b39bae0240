#include "playground/trainer.hpp"
#include "playground/url.hpp"
#include "reference.hpp"
#include "study/run.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_trainer {
using namespace handgrad::playground;

namespace {

// All weights and biases, as bits: a NaN is equal to itself, and −0 is not 0
template <class T, template <class> class Network>
std::vector<std::uint64_t> numbers_of(const Trainer<T, Network>& trainer) {
    std::vector<std::uint64_t> numbers;
    for (const auto& parameter : trainer.parameters())
        for (const T& entry : parameter.value)
            numbers.push_back(__builtin_bit_cast(std::uint64_t, entry.lane(0)));
    return numbers;
}

double number(std::uint64_t bits) {
    return __builtin_bit_cast(double, bits);
}

} // namespace

TEST_SUITE("trainer") {
    TEST_CASE("loses what the site loses, epoch by epoch and bit by bit") {
        for (const auto& reference : testing::reference_runs) {
            CAPTURE(reference.title);
            Trainer<> trainer(read_url(reference.url));
            for (const auto& expected : reference.losses) {
                CAPTURE(expected.epoch);
                while (trainer.epochs() < expected.epoch)
                    trainer.epoch();
                CHECK(trainer.train_loss().lane(0) == expected.train);
                CHECK(trainer.test_loss().lane(0) == expected.test);
            }
            CHECK(trainer.dead_weights() == reference.dead_weights);
        }
    }

    TEST_CASE("learns what this project's layers learn, bit by bit") {
        for (const auto& reference : testing::reference_runs) {
            CAPTURE(reference.title);
            Trainer<> flat(read_url(reference.url));
            Trainer<Lanes<double>, LayerNetwork> layers(read_url(reference.url));
            for (int epoch = 0; epoch < 10; ++epoch) {
                flat.epoch();
                layers.epoch();
                REQUIRE(numbers_of(flat) == numbers_of(layers));
            }
        }
    }

    TEST_CASE("starts with weights drawn link by link and biases 0.1") {
        const auto configuration = read_url("#networkShape=3&seed=start");
        Trainer<> trainer(configuration);
        Random random("start");
        make_data(configuration, random);

        REQUIRE(trainer.parameters().size() == 4);
        for (const auto& [name, value, gradient] : trainer.parameters())
            for (const auto& entry : value)
                CHECK(entry.lane(0) == (value.dimension() == 2 ? random() - 0.5 : 0.1));
        CHECK(trainer.parameters()[0].value.shape(0) == 3);
        CHECK(trainer.parameters()[0].value.shape(1) == 2);
    }

    TEST_CASE("one step by hand") {
        // One point, one neuron without hidden layer: y = tanh(w x + b). With all numbers 0 at
        // the start, y = 0 and dL/db = (y − label)(1 − y²) = −label, dL/dw = −label · x
        const auto configuration = read_url(
            "#networkShape=&y=false&initZero=true&percTrainData=1&batchSize=5&learningRate=0.5");
        Trainer<> trainer(configuration);
        REQUIRE(trainer.data().train.size() == 5);
        double dw = 0, db = 0;
        for (const auto& point : trainer.data().train) {
            dw += -point.label * point.x;
            db += -point.label;
        }
        trainer.epoch();
        CHECK(number(numbers_of(trainer)[0]) == -(0.5 / 5 * dw));
        CHECK(number(numbers_of(trainer)[1]) == -(0.5 * db / 5));
    }

    TEST_CASE("left-over points wait for the next epoch") {
        // 5 training points in batches of 3: the first epoch learns from 0, 1, 2 alone, the
        // second from 3, 4 and 0, 1, 2 together
        const auto configuration = read_url(
            "#networkShape=&y=false&initZero=true&percTrainData=1&batchSize=3&learningRate=0.5");
        Trainer<> trainer(configuration);
        const auto& points = trainer.data().train;
        double w = 0, b = 0;
        const auto learn = [&](const std::vector<std::size_t>& batch) {
            double dw = 0, db = 0;
            for (auto place : batch) {
                const auto& point = points[place];
                const double y = elementary::tanh(b + w * point.x);
                const double slope = (y - point.label) * (1 - y * y);
                dw += slope * point.x;
                db += slope;
            }
            const double N = static_cast<double>(batch.size());
            w -= 0.5 / N * dw;
            b -= 0.5 * db / N;
        };
        trainer.epoch();
        learn({0, 1, 2});
        CHECK(number(numbers_of(trainer)[0]) == w);
        CHECK(number(numbers_of(trainer)[1]) == b);
        trainer.epoch();
        learn({3, 4, 0, 1, 2});
        CHECK(number(numbers_of(trainer)[0]) == w);
        CHECK(number(numbers_of(trainer)[1]) == b);
    }

    TEST_CASE("L1 sets weights to 0 for good, and never a bias") {
        Trainer<> trainer(read_url("#regularization=L1&regularizationRate=0.1&seed=short"));
        std::size_t before = 0;
        for (int epoch = 0; epoch < 50; ++epoch) {
            trainer.epoch();
            CHECK(trainer.dead_weights() >= before);
            before = trainer.dead_weights();
        }
        std::size_t zeros = 0;
        for (const auto& [name, value, gradient] : trainer.parameters())
            for (const auto& entry : value)
                if (entry.lane(0) == 0) {
                    ++zeros;
                    CHECK(value.dimension() == 2);
                }
        CHECK(before > 0);
        CHECK(zeros == before);
    }

    TEST_CASE("the same configuration gives the same bits") {
        const auto configuration = read_url("#dataset=spiral&networkShape=8&noise=10&seed=twice");
        Trainer<> one(configuration), other(configuration);
        for (int epoch = 0; epoch < 10; ++epoch) {
            one.epoch();
            other.epoch();
            // Measuring changes nothing
            one.test_loss();
            one.output({{1, 2, 0}});
        }
        CHECK(numbers_of(one) == numbers_of(other));
    }

    TEST_CASE("a good configuration solves the spiral") {
        const auto configuration = read_url("#dataset=spiral&sinX=true&sinY=true&networkShape=8,8"
                                            "&learningRate=0.1&seed=1");
        Trainer<> trainer(configuration);
        CHECK(trainer.test_loss().lane(0) > 0.4);
        while (trainer.epochs() < 200)
            trainer.epoch();
        // Every test point is answered with the right sign, but for those within 0.2 of the
        // origin, where the arms meet and a label is anyone's guess
        const auto& points = trainer.data().test;
        const auto y = trainer.output(points);
        std::size_t judged = 0;
        for (auto i : range(points.size()))
            if (std::hypot(points[i].x, points[i].y) > 0.2) {
                CHECK(y(i, 0).lane(0) * points[i].label > 0);
                ++judged;
            }
        CHECK(judged > 230);
    }

    TEST_CASE("a run is measured up to a hundred times, and says when it reached a target") {
        const auto configuration =
            read_url("#dataset=gauss&seed=easy&networkShape=2&learningRate=0.003");
        const auto run = study::train(configuration, 250);
        REQUIRE(run.curve.epoch.size() == 85);
        CHECK(run.curve.epoch.front() == 0);
        CHECK(run.curve.epoch[1] == 3);
        CHECK(run.curve.epoch.back() == 250);
        CHECK_FALSE(run.diverged());
        CHECK(study::train(configuration, 100).curve.epoch.size() == 101);

        const double early = run.curve.test[4];
        CHECK(run.epochs_to(early) == run.curve.epoch[4]);
        CHECK(run.epochs_to(early / 1e9) == std::nullopt);
        CHECK(run.epochs_to(1e9) == std::size_t(0));
    }

    TEST_CASE("a step too large is called divergence") {
        const auto run = study::train(read_url("#dataset=xor&learningRate=10&activation=relu"), 20);
        CHECK(run.diverged());
        study::Run lost = run;
        lost.curve.train.back() = std::nan("");
        CHECK(lost.diverged());
    }

    TEST_CASE("a boundary has its top row first and its left column first") {
        // Without hidden layer the answer is tanh(b + w_x x + w_y y): it grows along the weights
        const auto configuration = read_url("#dataset=gauss&networkShape=");
        Trainer<> trainer(configuration);
        for (int epoch = 0; epoch < 20; ++epoch)
            trainer.epoch();
        const auto boundary = study::make_boundary(configuration, study::weights_of(trainer, 0));
        REQUIRE(boundary.values.size() == boundary.size);
        REQUIRE(boundary.values[0].size() == boundary.size);
        // The cloud of label 1 is at (2, 2), up on the right
        CHECK(boundary.values[10][50] > 0.9);
        CHECK(boundary.values[50][10] < -0.9);
        // The first cell's centre is half a cell, 0.1, inside
        const auto y = trainer.output({{-5.9, 5.9, 0}});
        CHECK(boundary.values[0][0] == doctest::Approx(y(0, 0).lane(0)).epsilon(1e-12));
    }
}

} // namespace handgrad::testing::of_trainer
