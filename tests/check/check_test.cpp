#include "check/catalogue.hpp"
#include "check/examination.hpp"
#include "handgrad.hpp"
#include "oracles/central_difference.hpp"
#include "testing.hpp"

namespace handgrad::testing::of_check {

namespace {

// A right layer to plant mistakes in: y = z³, entry by entry
struct Cube {
    static constexpr std::string_view name = "cube";
    Tensor<double> z;

    Tensor<double> forward(const Tensor<double>& input) {
        z = input;
        return elementwise(z, [](double z) { return z * z * z; });
    }
    Tensor<double> backward(const Tensor<double>& dy) {
        return elementwise(dy, z, [](double dy, double z) { return dy * 3 * z * z; });
    }
};

// The same layer, its dz changed by a function of dy, z and the position
struct ChangedCube : Cube {
    using Change = std::function<double(double dz, double dy, double z, std::size_t position)>;

    Change change;
    explicit ChangedCube(Change change) : change(std::move(change)) {}

    Tensor<double> backward(const Tensor<double>& dy) {
        auto dz = Cube::backward(dy);
        for (auto position : range(dz.size()))
            dz.flat(position) =
                change(dz.flat(position), dy.flat(position), z.flat(position), position);
        return dz;
    }
};

// A linear layer with the wrong sign in dbias
template <class T>
struct NegatedBias : Linear<T> {
    using Linear<T>::Linear;
    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = Linear<T>::backward(dy);
        for (auto& entry : this->dbias)
            entry = -entry;
        return dz;
    }
};

// y = slope · max(z, 0), with a part of the slope at 0
template <class T>
struct ScaledReLU {
    static constexpr std::string_view name = "scaled relu";
    double slope, part_at_zero;
    Tensor<T> z;
    ScaledReLU(double slope, double part_at_zero) : slope(slope), part_at_zero(part_at_zero) {}

    Tensor<T> forward(const Tensor<T>& input) {
        z = input;
        return elementwise(z, [&](const T& z) { return value_of(z) > 0 ? T(slope) * z : T(0); });
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, z, [&](const T& dy, const T& z) {
            return dy * T(value_of(z) > 0 ? slope : value_of(z) < 0 ? 0.0 : slope * part_at_zero);
        });
    }
};

// y = tanh(steepness · z), its gradient times a factor
template <class T>
struct SteepTanh {
    static constexpr std::string_view name = "steep tanh";
    double steepness, factor;
    Tensor<T> y;
    SteepTanh(double steepness, double factor) : steepness(steepness), factor(factor) {}

    Tensor<T> forward(const Tensor<T>& z) {
        y = elementwise(z, [&](const T& z) {
            using std::tanh;
            return T(tanh(T(steepness) * z));
        });
        return y;
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, y, [&](const T& dy, const T& y) {
            return dy * T(steepness * factor) * (T(1) - y * y);
        });
    }
};

// y = log(z), which refuses what it is not defined for
template <class T>
struct Log {
    static constexpr std::string_view name = "log";
    Tensor<T> z;

    Tensor<T> forward(const Tensor<T>& input) {
        for (const auto& entry : input)
            if (!(value_of(entry) > 0))
                throw ValueError("log: every entry of z must be above 0");
        z = input;
        return elementwise(z, [](const T& z) {
            using std::log;
            return T(log(z));
        });
    }
    Tensor<T> backward(const Tensor<T>& dy) {
        return elementwise(dy, z, [](const T& dy, const T& z) { return dy / z; });
    }
};

Tensor<double> probe(const Shape& shape, std::uint64_t seed = 7) {
    Draw draw(seed);
    return readable_probe(shape, draw);
}

TensorReport report_on(const ChangedCube::Change& change) {
    ChangedCube layer(change);
    return check(layer, probe({4, 5})).tensor("dz");
}

} // namespace

TEST_SUITE_BEGIN("check");

TEST_CASE("a right gradient is verified in every entry") {
    Cube cube;
    const auto report = check(cube, probe({4, 5}));
    CHECK(report.passed());
    CHECK(report.layer == "cube");
    REQUIRE(report.tensors.size() == 1);
    CHECK(report.tensors[0].verified == 20);
    CHECK(report.tensors[0].failing.empty());
}

TEST_CASE("a mistake of one part in a million is found, in the entry where it is") {
    const auto report = report_on([](double dz, double, double, std::size_t position) {
        return position == 13 ? dz * (1 + 1e-6) : dz;
    });
    CHECK(!report.passed());
    CHECK(report.wrong == 1);
    CHECK(report.worst.index == std::vector<std::size_t>{2, 3});
    CHECK(report.worst.verdict == Verdict::Wrong);
    REQUIRE(report.failing.size() == 1);
    CHECK(report.failing[0].index == report.worst.index);
}

TEST_CASE("rounding is no mistake") {
    const auto report =
        report_on([](double dz, double, double, std::size_t) { return dz * (1 + 1e-15); });
    CHECK(report.passed());
}

TEST_CASE("dy drawn at random shows what an upstream gradient of one would hide") {
    CHECK(report_on([](double, double dy, double z, std::size_t) {
              return dy * dy * 3 * z * z;
          }).wrong > 0);
    CHECK(report_on([](double, double dy, double z, std::size_t) {
              return std::max(dy, 0.0) * 3 * z * z;
          }).wrong > 0);
    CHECK(report_on([](double, double, double z, std::size_t) { return 3 * z * z; }).wrong > 0);
}

TEST_CASE("what is not a number is wrong") {
    const auto report = report_on([](double dz, double, double, std::size_t position) {
        return position == 3 ? std::nan("") : dz;
    });
    CHECK(report.wrong == 1);
    CHECK(report.worst.index == std::vector<std::size_t>{0, 3});
}

TEST_CASE("a gradient that is zero everywhere is verified only where the truth is") {
    CHECK(report_on([](double, double, double, std::size_t) { return 0.0; }).wrong == 20);
    ReLU<double> relu;
    const Tensor<double> dead{{-1.0, -0.5}};
    CHECK(check(relu, dead).tensor("dz").verified == 2);
}

TEST_CASE("a dy that adds up to 0 hides a factor of dbias from one comparison, not from two") {
    const auto negated = recipe<NegatedBias>(probe({1, 3}, 1), probe({1}, 2));
    const auto report = check(negated, probe({2, 3}), reshaped(Tensor<double>{1.5, -1.5}, {2, 1}));
    CHECK(report.tensor("dbias").passed());
    CHECK(!report.passed());
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].rule == "right for every dy");
}

TEST_CASE("where an entry is wrong, the smallest such case is worked by hand") {
    const auto negated = recipe<NegatedBias>(probe({1, 3}, 1), probe({1}, 2));
    CHECK(check(negated, probe({4, 3})).smallest_case ==
          "Smallest case: z (1, 3) = 1, 2, 3 and dy (1, 1) = 1\n"
          "dbias(0) is -1. By hand it is\n"
          "  dy(0, 0) · ∂y(0, 0)/∂bias(0) = 1 · 1 = 1\n"
          "which adds up to 1.\n");
    const auto right = recipe<Linear>(probe({1, 3}, 1), probe({1}, 2));
    CHECK(check(right, probe({4, 3})).smallest_case == "");
}

TEST_CASE("a layer's parameters are moved and put back to the bit") {
    Linear<double> linear(probe({3, 4}, 1), probe({3}, 2));
    const auto weight = linear.weight, bias = linear.bias;
    CHECK(check(linear, probe({2, 4})).passed());
    CHECK(linear.weight == weight);
    CHECK(linear.bias == bias);
}

TEST_CASE("each gradient is judged apart") {
    struct MeanBias : Linear<double> {
        using Linear::Linear;
        Tensor<double> backward(const Tensor<double>& dy) {
            auto dz = Linear::backward(dy);
            dbias = elementwise(dbias,
                                [&](double sum) { return sum / static_cast<double>(dy.shape(0)); });
            return dz;
        }
    };
    MeanBias layer(probe({3, 4}, 1), probe({3}, 2));
    const auto report = check(layer, probe({2, 4}));
    CHECK(!report.passed());
    CHECK(report.tensor("dz").passed());
    CHECK(report.tensor("dweight").passed());
    CHECK(report.tensor("dbias").wrong == 3);
    CHECK(message_of<NameError>([&] { report.tensor("dbeta"); }) ==
          "there is no gradient \"dbeta\" in the report on linear; it has dz, dweight, dbias");
}

TEST_CASE("the parameters of a chain are told apart by the place of their layer") {
    Sequential<double> chain(Linear<double>(probe({3, 4}, 1), probe({3}, 2)), Tanh<double>{},
                             Linear<double>(probe({2, 3}, 3), probe({2}, 4)));
    const auto report = check(chain, probe({2, 4}));
    CHECK(report.passed());
    CHECK(report.tensor("0.dweight").verified == 12);
    CHECK(report.tensor("2.dbias").verified == 2);
}

TEST_CASE("a layer that changes what it was given spoils nothing that it is compared with") {
    // Right in every entry, but it leaves its arguments and its weight changed
    struct Untidy : Linear<double> {
        using Linear::Linear;
        Tensor<double> forward(const Tensor<double>& z) {
            auto y = Linear::forward(z);
            const_cast<Tensor<double>&>(z)(0, 0) += 1;
            return y;
        }
        Tensor<double> backward(const Tensor<double>& dy) {
            auto dz = Linear::backward(dy);
            const_cast<Tensor<double>&>(dy)(0, 0) = 0;
            weight(0, 0) += 1;
            return dz;
        }
    };
    Untidy layer(probe({3, 4}, 1), probe({3}, 2));
    const auto weight = layer.weight;
    auto z = probe({2, 4}), dy = probe({2, 3});
    const auto z_before = z, dy_before = dy;
    const auto report = check(layer, z, dy);
    INFO(to_text(report));
    CHECK(report.findings.size() == 3);
    for (const auto& tensor : report.tensors)
        CHECK(tensor.passed());
    CHECK(layer.weight == weight);
    CHECK(z == z_before);
    CHECK(dy == dy_before);
}

TEST_CASE("a layer that remembers only the first z it saw is wrong, also for a single sample") {
    struct Stale : Cube {
        Tensor<double> first;
        Tensor<double> forward(const Tensor<double>& z) {
            const auto y = Cube::forward(z);
            if (first.size() != z.size())
                first = z;
            return y;
        }
        Tensor<double> backward(const Tensor<double>& dy) {
            z = first;
            return Cube::backward(dy);
        }
    } stale;
    CHECK(!check(stale, probe({1, 4})).passed());
}

TEST_CASE("a check that fails leaves the parameters as they were") {
    struct Half : Linear<double> {
        using Linear::Linear;
        Tensor<double> backward(const Tensor<double>& dy) {
            return elementwise(Linear::backward(dy), [](double dz) { return dz / 2; });
        }
    };
    Half layer(probe({3, 4}, 1), probe({3}, 2));
    const auto weight = layer.weight;
    CHECK(!check(layer, probe({2, 4})).passed());
    CHECK(layer.weight == weight);
}

TEST_CASE("right layers that were once called wrong") {
    const auto passes = [](const auto& recipe, const Tensor<double>& z, const Tensor<double>& dy) {
        const auto report = check(recipe, z, dy);
        INFO(to_text(report));
        CHECK(report.passed());
    };
    SUBCASE("gradients of two dy that cancel when they are added") {
        passes(recipe<Linear>(tensor({2, 1}, {1 + 0x1p-41, 1.0}), tensor({2}, {0.5, -0.5})),
               tensor({1, 1}, {1.5}), tensor({1, 2}, {-1.5, -0.5}));
    }
    SUBCASE("saturated everywhere, or so small that digits are missing") {
        passes(recipe<Tanh>(), tensor({1, 2}, {50.0, -19.0}), tensor({1, 2}, {1e6, 1e-8}));
        passes(recipe<Softmax>(), tensor({1, 3}, {0.0, 740.0, 0.5}),
               tensor({1, 3}, {1.0, -2.0, 3.0}));
        passes(recipe<Softmax>(), tensor({1, 1}, {0.3}), tensor({1, 1}, {0.7}));
    }
    SUBCASE("a large z is rounded when it is moved") {
        passes(recipe<Softmax>(), tensor({1, 3}, {-7007.3648394951169, -13747.1, -7259.9}),
               tensor({1, 3}, {0.5, -1.5, 2.5}));
    }
    SUBCASE("one score far from the other, and another dy") {
        passes(recipe<Softmax>(), tensor({2, 2}, {0.49, 0.18, -5.8500488464679157e-06, 12.144}),
               tensor({2, 2}, {-32.5, -657.0, -451.1, 5.2e-06}));
    }
    SUBCASE("zeros tied with the zeros around z") {
        const MaxPool2dOptions options{{3, 3}, {1, 1}, Sides{2, 0, 2, 0}, PaddingValue::Zero};
        passes(recipe<MaxPool2d>(options), zeros<double>({1, 1, 4, 4}), probe({1, 1, 4, 4}));
    }
}

TEST_CASE("a clipped gradient is found, however large dy must be to show it") {
    struct Clipped : Cube {
        Tensor<double> backward(const Tensor<double>& dy) {
            return elementwise(Cube::backward(dy),
                               [](double dz) { return std::clamp(dz, -500.0, 500.0); });
        }
    } clipped;
    const auto report = check(clipped, probe({4, 5}));
    REQUIRE(!report.findings.empty());
    CHECK(report.findings.front().rule == "linear in dy");
}

TEST_CASE("what backward does for some dy only is found") {
    // dz as a function of the right dz and all of dy
    const auto rules = [](auto change) {
        struct Changed : Cube {
            decltype(change) change_;
            explicit Changed(decltype(change) change) : change_(change) {}
            Tensor<double> backward(const Tensor<double>& dy) {
                return change_(Cube::backward(dy), dy);
            }
        } layer(change);
        const auto report = check(layer, probe({4, 5}));
        CHECK(report.tensor("dz").passed());
        std::vector<std::string> broken;
        for (const auto& finding : report.findings)
            broken.push_back(finding.rule);
        return broken;
    };
    using Dz = Tensor<double>;
    SUBCASE("large gradients are clipped") {
        CHECK(rules([](Dz dz, const Dz&) {
                  return elementwise(dz, [](double dz) { return std::clamp(dz, -1e5, 1e5); });
              }) == std::vector<std::string>{"linear in dy"});
    }
    SUBCASE("small ones are dropped") {
        CHECK(rules([](Dz dz, const Dz&) {
                  return elementwise(dz, [](double dz) { return std::abs(dz) < 1e-7 ? 0 : dz; });
              }) == std::vector<std::string>{"linear in dy"});
    }
    SUBCASE("the loop ends where dy is 0") {
        CHECK(!rules([](Dz dz, const Dz& dy) {
                   const auto zero = std::find(dy.begin(), dy.end(), 0.0) - dy.begin();
                   std::fill(dz.begin() + zero, dz.end(), 0.0);
                   return dz;
               }).empty());
    }
    SUBCASE("a dy above 0 everywhere") {
        CHECK(!rules([](Dz dz, const Dz& dy) {
                   if (*std::min_element(dy.begin(), dy.end()) > 0)
                       dz.flat(0) *= 2;
                   return dz;
               }).empty());
    }
}

TEST_CASE("one dy that hides a mistake is not the only one that is tried") {
    struct Transposed : Linear<double> {
        using Linear::Linear;
        Tensor<double> backward(const Tensor<double>& dy) {
            auto dz = Linear::backward(dy);
            const auto right = dweight;
            for (auto j : range(3))
                for (auto k : range(3))
                    dweight(j, k) = right(k, j);
            return dz;
        }
    } transposed(probe({3, 3}, 1), probe({3}, 2));
    // With dy = z, dweight is symmetric
    const auto z = probe({3, 3}, 1);
    const auto report = check(transposed, z, z);
    CHECK(report.tensor("dweight").passed());
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings.front().rule == "right for every dy");
    // A seed gives another dy than z
    CHECK(check(transposed, z, 1).tensor("dweight").mistakes.front().name == "transposed");
}

TEST_CASE("what is remembered is a copy, and as large as the batch") {
    struct Reference : Cube {
        const Tensor<double>* where = nullptr;
        Tensor<double> forward(const Tensor<double>& z) {
            where = &z;
            return Cube::forward(z);
        }
        Tensor<double> backward(const Tensor<double>& dy) {
            z = *where;
            return Cube::backward(dy);
        }
    } reference;
    const auto report = check(reference, probe({4, 5}));
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings.front().rule == "z remembered");
    CHECK(report.tensor("dz").passed());

    // Wrong when a batch follows one that was smaller
    struct Grown : Cube {
        std::size_t before = 0;
        bool grown = false;
        Tensor<double> forward(const Tensor<double>& z) {
            grown = before != 0 && z.size() > before;
            before = z.size();
            return Cube::forward(z);
        }
        Tensor<double> backward(const Tensor<double>& dy) {
            auto dz = Cube::backward(dy);
            if (grown)
                dz.flat(dz.size() - 1) = 0;
            return dz;
        }
    } grown;
    CHECK(check(grown, probe({4, 5})).findings.front().rule == "no stale memory");
}

TEST_CASE("a layer that cannot be compared with itself gets a sentence, not a crash") {
    const auto problem = [](auto change) {
        struct Changed : Cube {
            decltype(change) change_;
            int calls = 0;
            explicit Changed(decltype(change) change) : change_(change) {}
            Tensor<double> forward(const Tensor<double>& z) {
                return change_(Cube::forward(z), ++calls);
            }
        } layer(change);
        return check(layer, probe({4, 5})).problem;
    };
    using Y = Tensor<double>;
    CHECK(problem([](Y, int) -> Y { throw 42; }) ==
          "forward threw something that is no std::exception, so that nobody can read why");
    CHECK(problem([](Y, int) {
              return zeros<double>({4, 0});
          }) == "forward gave an empty y, (4, 0), for z (4, 5)");
    CHECK(problem([](Y y, int calls) { return calls < 4 ? y : zeros<double>({1}); }) ==
          "forward gave y (1) for z (4, 5), and before it gave y (4, 5)");
    // So late that only differences are left to take
    CHECK(problem([](Y y, int calls) { return calls < 40 ? y : zeros<double>({1}); })
              .find("cannot be found by differences; where its entry is moved a little, forward "
                    "says: forward gave y (1) for z (4, 5), and before it gave y (4, 5)") !=
          std::string::npos);
    CHECK(problem([](Y y, int) {
              y(0, 1) = std::nan("");
              return y;
          }) ==
          "y is nan at (0, 1), though z and every parameter are finite: there is no gradient");

    struct Growing : Linear<double> {
        using Linear::Linear;
        int calls = 0;
        std::vector<Parameter<double>> parameters() {
            auto all = Linear::parameters();
            if (++calls > 5)
                all.pop_back();
            return all;
        }
    } growing(probe({3, 4}, 1), probe({3}, 2));
    CHECK(check(growing, probe({2, 4})).problem ==
          "the layer has 1 parameters, and before it had 2");
}

TEST_CASE("what is infinite or not a number is named so") {
    const auto name_of = [](double wrong) {
        return report_on([wrong](double dz, double, double, std::size_t position) {
                   return position == 3 ? wrong : dz;
               })
            .mistakes.front()
            .name;
    };
    CHECK(name_of(std::numeric_limits<double>::infinity()) == "infinite");
    CHECK(name_of(std::nan("")) == "not a number");
}

TEST_CASE("a kink is judged by the slopes that meet there, however small or large") {
    const Tensor<double> z{{0.0, 0.5, -0.5, 0.0}};
    for (const double slope : {1.0, 1e-8, 1e8}) {
        for (const double part : {0.0, 0.5, 1.0}) {
            const auto report = check(recipe<ScaledReLU>(slope, part), z);
            INFO(to_text(report));
            CHECK(report.passed());
            CHECK(report.kinks.outputs == 2);
        }
        for (const double part : {1 + 1e-7, -1e-8})
            CHECK(!check(recipe<ScaledReLU>(slope, part), z).passed());
    }
}

TEST_CASE("a dy of 0 hides no kink") {
    const Tensor<double> z{{0.0, 0.5}}, dy{{0, 1}};
    CHECK(check(recipe<ScaledReLU>(1.0, 0.5), z, dy).passed());
    CHECK(check(recipe<ScaledReLU>(1.0, 1.5), z, dy).kinks.outside == 1);
}

TEST_CASE("a random dy does not add up to 0 in any channel") {
    const auto layer = any_layer<double>(recipe<Tanh>());
    const auto add_up = [](const Tensor<double>& dy) {
        for (auto c : range(dy.shape(1))) {
            double sum = 0;
            for (auto h : range(dy.shape(2)))
                for (auto w : range(dy.shape(3)))
                    sum += dy(0, c, h, w);
            CHECK(std::abs(sum) > 1e-9);
        }
        return CheckReport();
    };
    for (std::uint64_t seed = 1; seed <= 200; ++seed)
        with_random_dy(*layer, probe({1, 3, 1, 2}, 1), seed, add_up);
}

TEST_CASE("what bends sharply is no kink, and is judged to the last digits") {
    for (const double steepness : {1e3, 1e5, 1e7}) {
        const Tensor<double> z{{0.3 / steepness, -0.5 / steepness, 1 / steepness}};
        const auto right = check(recipe<SteepTanh>(steepness, 1.0), z);
        INFO(to_text(right));
        CHECK(right.passed());
        CHECK(right.kinks.outputs == 0);
        CHECK(check(recipe<SteepTanh>(steepness, 1 + 1e-9), z).tensor("dz").wrong == 3);
    }
}

TEST_CASE("a layer that is not defined everywhere is checked where it is") {
    const Tensor<double> z{{0.25, 0.1, 1e-3, 5.0}};
    Log<double> log;
    CHECK(check(log, z).passed());
    CHECK(check(recipe<Log>(), z).passed());
}

TEST_CASE("a gradient of a wrong shape, or a layer that throws, is a finding") {
    struct Flat : Cube {
        Tensor<double> backward(const Tensor<double>& dy) {
            return reshaped(Cube::backward(dy), {dy.size()});
        }
    } flat;
    const auto report = check(flat, probe({2, 2}));
    CHECK(!report.passed());
    CHECK(report.tensor("dz").problem ==
          "dz is (4), it must be (2, 2), the shape of what it is the gradient of");

    struct Throws : Cube {
        Tensor<double> backward(const Tensor<double>&) { throw std::runtime_error("not yet"); }
    } throws;
    CHECK(!check(throws, probe({2, 2})).passed());
    CHECK(check(throws, probe({2, 2})).problem == "not yet");
    CHECK(to_text(check(throws, probe({2, 2}))).find("not yet") != std::string::npos);
}

TEST_CASE("what is not finite, or does not fit, is refused by name") {
    Cube cube;
    auto z = probe({2, 2});
    CHECK(check(cube, z, probe({4})).problem == "dy is (4), it must have the shape of y, (2, 2)");
    z(1, 0) = std::numeric_limits<double>::infinity();
    CHECK(message_of<ValueError>([&] { check(cube, z); }) ==
          "check: z is inf at (1, 0), every entry must be finite");
    Linear<double> linear(probe({1, 2}), probe({1}));
    linear.weight(0, 1) = std::nan("");
    CHECK(message_of<ValueError>([&] {
              check(linear, probe({1, 2}));
          }) == "check: weight is nan at (0, 1), every entry must be finite");
}

TEST_CASE("every layer and loss of the project passes in every one of its settings") {
    CHECK(subjects().size() == 10);
    for (const auto& subject : subjects())
        for (const auto& setting : subject.settings) {
            const auto report = subject.check(setting);
            INFO(to_text(report));
            CHECK(report.passed());
        }
}

TEST_CASE("a setting is read from words") {
    const auto& conv2d = subject("conv2d");
    const auto setting = setting_from(conv2d, {{"shape", "1,2,5,6"},
                                               {"outputs", "4"},
                                               {"kernel", "3"},
                                               {"stride", "2,1"},
                                               {"padding", "1,0,2,3"},
                                               {"dilation", "1,2"}});
    CHECK(setting.shape == Shape{1, 2, 5, 6});
    CHECK(setting.outputs == 4);
    CHECK(setting.kernel == Pair{3, 3});
    CHECK(setting.stride == Pair{2, 1});
    CHECK(std::get<Sides>(setting.padding).right == 3);
    CHECK(setting.dilation == Pair{1, 2});
    CHECK(message_of<NameError>([&] {
              setting_from(subject("tanh"), {{"stride", "2"}});
          }) == "tanh has no option --stride; it has --shape");
    CHECK(message_of<NameError>([&] { subject("conv3d"); }).find("there is no layer \"conv3d\"") ==
          0);
    for (const std::string words :
         {"", ",", "1,", ",1", "1,,2", "a", "-1", "1.5", "1 ", "99999999999999999999"})
        CHECK(message_of<ValueError>([&] {
                  setting_from(conv2d, {{"stride", words}});
              }) == "--stride is \"" + words +
                        "\", it must be 1 to 2 whole numbers with commas between them");
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("central_difference");

TEST_CASE("the bound holds, and is not absurdly wide, for functions with known derivatives") {
    struct Known {
        double (*f)(double);
        double (*derivative)(double);
    };
    const Known known[] = {
        {[](double x) { return std::sin(x); }, [](double x) { return std::cos(x); }},
        {[](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }},
        {[](double x) { return 1 / (1 + 25 * x * x); },
         [](double x) { return -50 * x / std::pow(1 + 25 * x * x, 2); }},
        {[](double x) { return std::tanh(10 * x); },
         [](double x) { return 10 / std::pow(std::cosh(10 * x), 2); }},
        {[](double x) { return 3 * x - 1; }, [](double) { return 3.0; }},
    };
    const Tensor<double> dy{-1.7};
    Draw draw(3);
    for (const auto& [f, derivative] : known)
        for (double x : readable_probe({100}, draw)) {
            const auto estimate =
                central_difference([&, f = f](double at) { return Tensor<double>{f(at)}; }, x, dy);
            const double truth = -1.7 * derivative(x);
            INFO("x = ", x, ", truth = ", truth, ", estimate = ", estimate.value);
            // The truth itself is rounded, by a few units in the last place
            CHECK(std::abs(estimate.value - truth) <= estimate.bound + 4e-16 * std::abs(truth));
            CHECK(estimate.bound <= 1e-9 * std::max(1.0, std::abs(truth)));
        }
}

TEST_CASE("a kink inside the first step is stepped under, not over") {
    const Tensor<double> dy{2.0};
    for (double x : {0.2, 0.01, 0.0003}) {
        const auto estimate =
            central_difference([](double at) { return Tensor<double>{std::abs(at)}; }, x, dy);
        CHECK(std::abs(estimate.value - 2) <= estimate.bound);
        CHECK(estimate.bound < 1e-10);
    }
}

TEST_CASE("steps scale with x, and x = 0 has one") {
    const Tensor<double> dy{1.0};
    for (double x : {0.0, 1e-300, 1e8, -1e8}) {
        const auto estimate =
            central_difference([](double at) { return Tensor<double>{at * at}; }, x, dy);
        CHECK(std::abs(estimate.value - 2 * x) <= estimate.bound + 1e-15);
    }
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("probe");

TEST_CASE("a probe is readable: short decimals, signed, distinct, never 0, the same every time") {
    for (const Shape& shape : {Shape{1}, Shape{3, 3}, Shape{2, 3, 8, 8}, Shape{1000}}) {
        const auto numbers = probe(shape);
        CHECK(numbers == probe(shape));
        std::vector<double> sorted(numbers.begin(), numbers.end());
        std::sort(sorted.begin(), sorted.end());
        CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
        CHECK(std::count(sorted.begin(), sorted.end(), 0.0) == 0);
        CHECK(sorted.front() >= -2);
        CHECK(sorted.back() <= 2);
        if (sorted.size() > 8)
            CHECK(sorted.front() * sorted.back() < 0);
        for (double number : sorted)
            CHECK(fmt::format("{}", number).size() <= 7); // such as -1.0375
    }
    CHECK(probe({3, 3}, 1) != probe({3, 3}, 2));
}

TEST_SUITE_END();

} // namespace handgrad::testing::of_check
