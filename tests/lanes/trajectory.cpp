// Prints a digest of every weight of a few training runs. The same program is compiled for several
// processors and optimization levels, and what they print is compared.

#include "playground/trainer.hpp"
#include "playground/url.hpp"

#ifdef ONE_LANE
#include "scalars/lanes.hpp"
#else
#include "scalars/simd_lanes.hpp"
#endif

using namespace handgrad;
using namespace handgrad::playground;

#ifdef ONE_LANE
using Number = Lanes<double>;
#else
using Number = SimdLanes;
#endif

int main() {
    // Every activation, regularization and kind of data, in batches that leave points over
    for (const std::string settings :
         {"dataset=spiral&networkShape=8,3&sinX=true&xSquared=true&batchSize=9",
          "dataset=gauss&activation=sigmoid&noise=40&regularization=L2&networkShape=5",
          "dataset=circle&activation=relu&regularization=L1&networkShape=6,4&batchSize=7",
          "problem=regression&regDataset=reg-gauss&activation=tanh&networkShape=7&batchSize=17"}) {
        // 8 runs with rates of their own, as many side by side as there are lanes
        for (std::size_t first = 0; first < 8; first += Number::lanes) {
            std::vector<Configuration> configurations;
            for (auto run : range(Number::lanes))
                configurations.push_back(read_url(
                    fmt::format("{}&seed={}&learningRate={}&regularizationRate={}", settings,
                                first + run, 0.02 * static_cast<double>(first + run + 1),
                                0.001 * static_cast<double>(first + run))));
            Trainer<Number> trainer(configurations);
            std::vector<std::uint64_t> digests(Number::lanes, 14695981039346656037u); // FNV-1a
            for (int epoch = 0; epoch < 3; ++epoch) {
                trainer.epoch();
                for (const auto& parameter : trainer.parameters())
                    for (const auto& entry : parameter.value)
                        for (auto lane : range(Number::lanes)) {
                            auto& digest = digests[lane];
                            digest ^= __builtin_bit_cast(std::uint64_t, entry.lane(lane));
                            digest *= 1099511628211u;
                        }
            }
            const auto train = trainer.train_loss(), test = trainer.test_loss();
            for (auto lane : range(Number::lanes))
                fmt::print("{} seed {}: {:016x} {} {}\n", settings, first + lane, digests[lane],
                           train.lane(lane), test.lane(lane));
        }
    }
    fmt::print(stderr, "{} lanes\n", Number::lanes);
}
