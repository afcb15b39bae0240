// The mutants, and handgrad's verdict on each, for a program in another language: a C interface.
// Tensors go in and out as their entries, row-major; text comes out as JSON.

#include "layers/conv2d.hpp"
#include "layers/tanh.hpp"
#include "mutant.hpp"

#include <nlohmann/json.hpp>

#include <ctime>

using namespace handgrad;
using namespace handgrad::mutants;

namespace handgrad::mutants::of_peers {

// A tanh that has the sign of one entry of dz wrong
template <class T>
class SignFlipped : public Tanh<T> {
public:
    explicit SignFlipped(const std::string&) {}

    Tensor<T> backward(const Tensor<T>& dy) {
        auto dz = Tanh<T>::backward(dy);
        auto& entry = dz.flat(dz.size() / 2);
        entry = -entry;
        return dz;
    }
};

} // namespace handgrad::mutants::of_peers

namespace {

using mutants::of_peers::SignFlipped;

// The mutants of the tests, and one sign among more and more entries
const std::vector<Mutant>& subjects() {
    static const auto all = [] {
        auto all = all_mutants();
        for (const std::size_t size : {10u, 100u, 1000u}) {
            Draw draw(size);
            all.push_back(mutant<SignFlipped>(fmt::format("{} entries", size),
                                              {fmt::format("one sign of {} wrong", size), "dz"},
                                              readable_probe({1, size}, draw)));
        }
        return all;
    }();
    return all;
}

// A layer in use from outside
struct Open {
    PlainLayer layer;
    std::string error; // what the layer threw last
};

// Copies the caller's entries into a tensor, and back, so that the caller sees what a layer changes
void take(const double* entries, Tensor<double>& tensor) {
    std::copy_n(entries, tensor.size(), tensor.data());
}
void give(const Tensor<double>& tensor, double* entries) {
    std::copy(tensor.begin(), tensor.end(), entries);
}

// 1, or 0 and the sentence if the layer throws
template <class Action>
int attempt(Open& open, Action action) {
    try {
        action();
        return 1;
    } catch (const std::exception& error) {
        open.error = error.what();
        return 0;
    }
}

const char* lasting(const nlohmann::json& json) {
    static std::string words;
    words = json.dump();
    return words.c_str();
}

nlohmann::json entries_of(const Tensor<double>& tensor) {
    return {{"shape", shape_of(tensor)},
            {"entries", std::vector<double>(tensor.begin(), tensor.end())}};
}

} // namespace

extern "C" {

// How many subjects there are
std::size_t peers_count() {
    return subjects().size();
}

// {"layer", "setting", "name", "right", "inputs": [{"shape", "entries"}, …], "output": [extent, …]}
// with z first, then the parameters
const char* peers_subject(std::size_t index) {
    const auto& subject = subjects().at(index);
    const auto plain = subject.plain();
    nlohmann::json inputs{entries_of(plain.z)};
    for (const auto& parameter : plain.parameters())
        inputs.push_back(entries_of(parameter.value));
    return lasting({{"layer", subject.layer},
                    {"setting", subject.setting},
                    {"name", subject.row.name},
                    {"right", is_right(subject.row)},
                    {"inputs", inputs},
                    {"output", shape_of(plain.forward(plain.z))}});
}

// {"passed", "kinks"}: what handgrad says, and how many outputs stand on a kink
const char* peers_check(std::size_t index) {
    const auto report = subjects().at(index).check();
    return lasting({{"passed", report.passed()}, {"kinks", report.kinks.outputs}});
}

Open* peers_open(std::size_t index) {
    return new Open{subjects().at(index).plain(), ""};
}

void peers_close(Open* open) {
    delete open;
}

const char* peers_error(const Open* open) {
    return open->error.c_str();
}

// Sets the parameters to inputs[1], …, and y to forward(inputs[0])
int peers_forward(Open* open, double** inputs, double* y) {
    return attempt(*open, [&] {
        auto z = open->layer.z;
        take(inputs[0], z);
        const auto parameters = open->layer.parameters();
        for (auto place : range(parameters.size()))
            take(inputs[place + 1], parameters[place].value);
        give(open->layer.forward(z), y);
        give(z, inputs[0]);
        for (auto place : range(parameters.size()))
            give(parameters[place].value, inputs[place + 1]);
    });
}

// Sets gradients[0] to dz and gradients[1], … to the parameters' gradients
int peers_backward(Open* open, double* dy, const std::size_t* shape, std::size_t rank,
                   double** gradients) {
    return attempt(*open, [&] {
        auto given = zeros<double>(Shape(shape, shape + rank));
        take(dy, given);
        give(open->layer.backward(given), gradients[0]);
        give(given, dy);
        const auto parameters = open->layer.parameters();
        for (auto place : range(parameters.size()))
            give(parameters[place].gradient, gradients[place + 1]);
    });
}

// The processor's seconds for one check of a convolution: z (N, C_in, size, size), C_out kernels of
// 3 × 3; negative if it does not pass
double peers_seconds(std::size_t N, std::size_t C_in, std::size_t size, std::size_t C_out) {
    Draw draw(1);
    const auto z = readable_probe({N, C_in, size, size}, draw);
    const auto make =
        recipe<Conv2d>(readable_probe({C_out, C_in, 3, 3}, draw), readable_probe({C_out}, draw));
    const auto start = std::clock();
    const auto report = check(make, z);
    const auto seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    return report.passed() ? seconds : -seconds;
}

} // extern "C"
