#include "laboratory.hpp"

#include "../playground/url.hpp"
#include "interrupt.hpp"
#include "lanes.hpp"
#include "pool.hpp"

#include <set>

#include <unistd.h>

namespace handgrad::study {

namespace {

// Each once, in the order in which they come
std::vector<Configuration> distinct(const std::vector<Configuration>& configurations) {
    std::vector<Configuration> result;
    std::set<std::string> links;
    for (const auto& configuration : configurations)
        if (links.insert(playground::write_url(configuration)).second)
            result.push_back(configuration);
    return result;
}

std::vector<Configuration> chosen(const std::vector<Configuration>& configurations,
                                  const std::vector<std::size_t>& places) {
    std::vector<Configuration> result;
    for (auto place : places)
        result.push_back(configurations[place]);
    return result;
}

} // namespace

Work work_of(const Batch& batch) {
    Work work;
    for (const auto& configuration : batch.configurations)
        // An activation takes as long as some ten weights
        work += {1, static_cast<double>(batch.epochs * (weight_count(configuration) +
                                                        10 * (1 + neuron_count(configuration))))};
    return work;
}

bool Laboratory::fill(const Batch& batch) {
    const auto all = distinct(batch.configurations);
    const auto own = missing(own_part(all), batch.epochs);
    const Work left = work_of({"", own, batch.epochs});
    Work ready = work_of({"", shard_.whole() ? all : own_part(all), batch.epochs});
    ready.count -= left.count;
    ready.amount -= left.amount;
    Work expected = left;
    if (shard_.whole())
        expected += later_;
    progress_.begin(batch.name, ready, expected);

    const auto groups = side_by_side(own, most_lanes());
    // Two processes at one store begin at different places and share the work
    const auto first = static_cast<std::size_t>(getpid()) * 7919;
    for_all(groups.size(), threads_, [&](std::size_t number) {
        if (InterruptGuard::requested())
            return;
        const auto group = chosen(own, groups[(first + number) % groups.size()]);
        make(group, batch.epochs);
        if (!InterruptGuard::requested())
            progress_.done(work_of({"", group, batch.epochs}));
    });
    if (InterruptGuard::requested())
        stop();
    return shard_.whole() || missing(all, batch.epochs).empty();
}

std::vector<Run> Laboratory::runs(const Batch& batch) {
    std::vector<Run> runs;
    for (const auto& configuration : batch.configurations) {
        auto run = store_.find(configuration, batch.epochs);
        if (!run)
            throw FileError(
                fmt::format("the store \"{}\" has lost a run while it was in use", store_.path()));
        runs.push_back(std::move(*run));
        if (counted_.emplace(playground::write_url(configuration), batch.epochs).second) {
            // The points that train, as the site counts them
            const double points = std::floor(500 * configuration.train_percentage / 100);
            ++totals_.runs;
            totals_.epochs += batch.epochs;
            totals_.samples += batch.epochs * static_cast<std::size_t>(points);
        }
    }
    return runs;
}

std::vector<Configuration> Laboratory::missing(const std::vector<Configuration>& configurations,
                                               std::size_t epochs) {
    std::vector<Configuration> result;
    for (const auto& configuration : configurations)
        if (!store_.has(configuration, epochs))
            result.push_back(configuration);
    return result;
}

std::vector<Configuration>
Laboratory::own_part(const std::vector<Configuration>& configurations) const {
    // Runs that can be side by side stay together, in groups of one size on every machine
    constexpr std::size_t widest = 8;
    std::vector<Configuration> part;
    const auto groups = side_by_side(configurations, widest);
    for (auto number : range(groups.size()))
        if (shard_.has(number)) {
            const auto group = chosen(configurations, groups[number]);
            part.insert(part.end(), group.begin(), group.end());
        }
    return part;
}

void Laboratory::make(const std::vector<Configuration>& group, std::size_t epochs) {
    const auto needed = missing(group, epochs);
    if (needed.empty())
        return;
    const auto runs = train_in_lanes(needed, epochs, &InterruptGuard::requested);
    // A run that was cut short is none
    if (InterruptGuard::requested())
        return;
    store_.add(runs);
    made_ += runs.size();
}

void Laboratory::stop() const {
    throw Interrupted(
        fmt::format("stopped; {} runs were made and are in the store \"{}\"; call the "
                    "same command again and it goes on from there",
                    made_.load(), store_.path()));
}

} // namespace handgrad::study
