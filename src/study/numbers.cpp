#include "numbers.hpp"

#include "../playground/url.hpp"
#include "lanes.hpp"

#include <cstdint>

namespace handgrad::study {

namespace {

// FNV-1a, in 64 bits
class Digest {
public:
    void add(std::uint64_t bits) {
        for (int byte = 0; byte < 8; ++byte) {
            state_ ^= (bits >> (8 * byte)) & 0xff;
            state_ *= 1099511628211u;
        }
    }
    void add(const std::vector<double>& numbers) {
        for (double number : numbers)
            add(__builtin_bit_cast(std::uint64_t, number));
    }
    std::string text() const { return fmt::format("{:016x}", state_); }

private:
    std::uint64_t state_ = 14695981039346656037u;
};

} // namespace

std::string digest_of(const std::vector<Run>& runs) {
    Digest digest;
    for (const auto& run : runs) {
        for (auto epoch : run.curve.epoch)
            digest.add(std::uint64_t(epoch));
        digest.add(run.curve.train);
        digest.add(run.curve.test);
        digest.add(std::uint64_t(run.dead_weights));
        for (const auto& snapshot : run.snapshots) {
            digest.add(std::uint64_t(snapshot.epoch));
            digest.add(snapshot.weights);
        }
    }
    return digest.text();
}

std::string numbers_version() {
    const std::vector<std::pair<std::string, std::size_t>> probes = {
        {"activation=tanh&networkShape=8,3&sinX=true&sinY=true&batchSize=9&noise=25", 5},
        {"activation=relu&networkShape=5&xSquared=true&regularization=L1&regularizationRate=0.03",
         5},
        {"activation=sigmoid&networkShape=4&ySquared=true&regularization=L2"
         "&regularizationRate=0.01",
         5},
        // Long enough for the losses not to be measured after every epoch
        {"networkShape=&xTimesY=true&batchSize=30", 205}};
    std::vector<Run> runs;
    for (const auto& [settings, epochs] : probes)
        runs.push_back(
            train_in_lanes({playground::read_url("#dataset=spiral&" + settings)}, epochs, [] {
                return false;
            }).front());
    return digest_of(runs);
}

} // namespace handgrad::study
