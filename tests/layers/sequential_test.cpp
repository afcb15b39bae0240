// Layers one after the other: derivations/chain_rule.md

#include "layers/sequential.hpp"

#include "layers/conv2d.hpp"
#include "layers/flatten.hpp"
#include "layers/linear.hpp"
#include "layers/max_pool2d.hpp"
#include "layers/relu.hpp"
#include "layers/tanh.hpp"

#include "contract.hpp"
#include "derivatives.hpp"

namespace handgrad::testing::of_sequential {
namespace {

// y = weight z + bias for numbers alone
Linear<double> line(double weight, double bias) {
    return {tensor({1, 1}, {weight}), tensor({1}, {bias})};
}

// Every layer that is exact on whole numbers
const Subject subject{[](auto number) {
                          using T = decltype(number);
                          return Sequential<T>(
                              Conv2d<T>(tensor_cast<T>(whole_numbers({2, 1, 2, 2}, 1)),
                                        tensor_cast<T>(whole_numbers({2}, 2))),
                              ReLU<T>(), MaxPool2d<T>({{2, 2}, {1, 1}}), Flatten<T>(),
                              Linear<T>(tensor_cast<T>(whole_numbers({3, 8}, 3)),
                                        tensor_cast<T>(whole_numbers({3}, 4))));
                      },
                      whole_numbers({2, 1, 4, 4}, 5), whole_numbers({2, 3}, 6)};

} // namespace

TEST_SUITE("sequential") {
    TEST_CASE("values by hand") {
        // y = 5 (2 z + 1) − 3 = 10 z + 2
        Sequential<double> chain(line(2, 1), line(5, -3));
        CHECK(chain.forward(tensor({2, 1}, {1, -2})) == tensor({2, 1}, {12, -18}));
        CHECK(chain.backward(tensor({2, 1}, {1, 7})) == tensor({2, 1}, {10, 70}));
        // dL/dweight of the first: 5·1·1 + 5·7·(−2); of the second: 1·3 + 7·(−3)
        CHECK(parameter<double>(chain, "0.weight").gradient == tensor({1, 1}, {-65}));
        CHECK(parameter<double>(chain, "0.bias").gradient == tensor({1}, {40}));
        CHECK(parameter<double>(chain, "1.weight").gradient == tensor({1, 1}, {-18}));
        CHECK(parameter<double>(chain, "1.bias").gradient == tensor({1}, {8}));
    }

    TEST_CASE("it is its layers called by hand") {
        Linear<double> linear(whole_numbers({3, 2}, 1), whole_numbers({3}, 2));
        Tanh<double> tanh;
        Sequential<double> chain(linear, tanh);
        const auto z = quarters({2, 2}, 3), dy = quarters({2, 3}, 4);
        CHECK(same_bits(chain.forward(z), tanh.forward(linear.forward(z))));
        CHECK(same_bits(chain.backward(dy), linear.backward(tanh.backward(dy))));
        CHECK(same_bits(parameter<double>(chain, "0.weight").gradient, linear.dweight));
    }

    TEST_CASE("the contract") {
        // What is said of dy is said by the last layer, what is said of the order as well
        check_contract(subject, "linear");
        check_linear_in_dy(subject);
    }

    TEST_CASE("derivatives, over every number type") {
        check_derivatives(subject, exact);
    }

    TEST_CASE("a chain is a layer, also in a chain") {
        const auto nested = Subject{[](auto number) {
                                        using T = decltype(number);
                                        return Sequential<T>(subject.make(number), ReLU<T>());
                                    },
                                    subject.z, subject.dy};
        check_derivatives(nested, exact);
        auto chain = nested.make(double());
        std::vector<std::string> names;
        for (const auto& parameter : chain.parameters())
            names.push_back(parameter.name);
        CHECK(names ==
              std::vector<std::string>{"0.0.weight", "0.0.bias", "0.4.weight", "0.4.bias"});
    }

    TEST_CASE("append puts a layer last") {
        Sequential<double> chain;
        chain.append(line(2, 0));
        chain.append(ReLU<double>());
        CHECK(chain.size() == 2);
        CHECK(chain.forward(tensor({2, 1}, {3, -3})) == tensor({2, 1}, {6, 0}));
        CHECK(chain.backward(tensor({2, 1}, {1, 1})) == tensor({2, 1}, {2, 0}));
    }

    TEST_CASE("a chain of no layers passes everything on") {
        Sequential<double> chain;
        CHECK(chain.size() == 0);
        CHECK(chain.parameters().empty());
        CHECK(chain.forward(subject.z) == subject.z);
        CHECK(chain.backward(subject.z) == subject.z);
    }

    TEST_CASE("parameters stay in place when the chain moves") {
        auto chain = subject.make(double());
        auto weight = parameter<double>(chain, "4.weight");
        const auto moved = std::move(chain);
        weight.value.fill(0);
        CHECK(moved.size() == 5);
        CHECK(weight.value(2, 7) == 0);
    }

    TEST_CASE("an unknown parameter is refused by name") {
        auto chain = subject.make(double());
        CHECK(message_of<NameError>([&] { parameter<double>(chain, "1.weight"); }) ==
              "there is no parameter \"1.weight\"; the layer has 0.weight, 0.bias, 4.weight, "
              "4.bias");
    }

    TEST_CASE("a shape that does not fit is refused by the layer it does not fit") {
        Sequential<double> chain(Linear<double>({{2, 1}}, tensor({1}, {1})),
                                 Linear<double>({{5, 1}}, tensor({1}, {-3})));
        CHECK(message_of<ShapeError>([&] {
                  chain.forward({{1, 2}});
              }) == "linear: z has d_in = 1 (1, 1), weight expects 2 (1, 2)");
    }
}

} // namespace handgrad::testing::of_sequential
