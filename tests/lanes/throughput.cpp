// Prints how many training samples a second one core learns from, over all lanes: the network
// 2-8-8-1 with tanh on the spiral, batches of 10. Run by hand, on a machine with nothing else to
// do.

#include "playground/trainer.hpp"
#include "playground/url.hpp"
#include "scalars/simd_lanes.hpp"

#include <algorithm>
#include <ctime>

using namespace handgrad;
using namespace handgrad::playground;

namespace {

template <class T, template <class> class Network>
void measure(std::string_view what) {
    std::vector<Configuration> configurations;
    for (auto lane : range(T::lanes))
        configurations.push_back(
            read_url(fmt::format("#dataset=spiral&networkShape=8,8&seed={}", lane)));
    Trainer<T, Network> trainer(configurations);

    // The best of a few tries: what else the machine does can only slow it down
    double best = 0;
    for (int attempt = 0; attempt < 5; ++attempt) {
        constexpr int epochs = 200;
        const auto start = std::clock(); // time of this process, not on the wall
        for (int epoch = 0; epoch < epochs; ++epoch)
            trainer.epoch();
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        const double samples = static_cast<double>(epochs * T::lanes * trainer.data().train.size());
        best = std::max(best, samples / seconds);
    }
    fmt::print("{:<22} {} lanes {:>7.2f} million samples a second\n", what, T::lanes, best / 1e6);
}

} // namespace

int main() {
    measure<Lanes<double>, LayerNetwork>("layers");
    measure<Lanes<double>, FlatNetwork>("flat memory");
    measure<SimdLanes, FlatNetwork>("flat memory, in lanes");
}
