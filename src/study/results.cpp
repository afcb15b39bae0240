#include "results.hpp"

#include "statistics.hpp"
#include "sweep.hpp"

#include <nlohmann/json.hpp>

namespace handgrad::study {

namespace {

// Keys stay in the order in which they are written; numbers that are not finite become null
using Json = nlohmann::ordered_json;

Json rounded(std::vector<double> numbers, double scale) {
    for (double& number : numbers)
        number = std::round(number * scale) / scale;
    return numbers;
}

Json to_json(const Configuration& configuration) {
    Json json = {
        {"activation", name_in(playground::activations, configuration.activation)},
        {"regularization", name_in(playground::regularizations, configuration.regularization)},
        {"batchSize", configuration.batch_size},
        {"dataset", configuration.dataset.key},
        {"regDataset", configuration.regression_dataset.key},
        {"learningRate", configuration.learning_rate},
        {"regularizationRate", configuration.regularization_rate},
        {"noise", configuration.noise},
        {"networkShape", configuration.network_shape},
        {"percTrainData", configuration.train_percentage}};
    for (auto place : range(playground::features.size()))
        json[std::string(playground::features[place].key)] = configuration.inputs[place];
    json["problem"] = name_in(playground::problems, configuration.problem);
    json["initZero"] = configuration.init_zero;
    return json;
}

Json to_json(const Summary& summary) {
    return {{"median", summary.median},
            {"lower_quartile", summary.lower_quartile},
            {"upper_quartile", summary.upper_quartile},
            {"interval", {summary.interval.first, summary.interval.second}}};
}

Json to_json(const std::optional<std::size_t>& epochs) {
    return epochs ? Json(*epochs) : Json(nullptr);
}

Json to_json(const Run& run, double target_loss) {
    return {{"seed", run.configuration.seed},
            {"url", playground::write_url(run.configuration)},
            {"train_loss", run.train_loss()},
            {"test_loss", run.test_loss()},
            {"diverged", run.diverged()},
            {"epochs_to_target", to_json(run.epochs_to(target_loss))},
            {"dead_weights", run.dead_weights}};
}

// What a number is multiplied with before it is rounded
constexpr double one_decimal = 10, three_decimals = 1e3, four_decimals = 1e4, six_decimals = 1e6;

// Median and quartiles over the runs at every measured epoch
Json bands(const std::vector<Run>& runs, std::vector<double> Curve::*losses) {
    std::vector<double> middle, lower, upper;
    for (auto place : range(runs.front().curve.epoch.size())) {
        std::vector<double> values;
        for (const auto& run : runs)
            values.push_back((run.curve.*losses)[place]);
        middle.push_back(median(values));
        lower.push_back(quantile(values, 0.25));
        upper.push_back(quantile(values, 0.75));
    }
    return {{"median", rounded(middle, six_decimals)},
            {"lower", rounded(lower, six_decimals)},
            {"upper", rounded(upper, six_decimals)}};
}

// What the network of `run` answered at one of its snapshots
Json boundary_json(const Run& run, const Snapshot& snapshot, std::size_t size, double scale) {
    const auto boundary = make_boundary(run.configuration, snapshot.weights, size);
    Json rows = Json::array();
    for (const auto& row : boundary.values)
        rows.push_back(rounded(row, scale));
    return {{"seed", run.configuration.seed},
            {"size", boundary.size},
            {"range", boundary.range},
            {"values", std::move(rows)}};
}

Json boundaries_json(const Run& run) {
    Json boundaries = Json::array();
    for (const auto& snapshot : run.snapshots) {
        boundaries.push_back(boundary_json(run, snapshot, Boundary().size, three_decimals));
        boundaries.back()["epoch"] = snapshot.epoch;
    }
    return boundaries;
}

Json points_json(const std::vector<playground::Point>& points) {
    Json result = Json::array();
    for (const auto& point : points)
        result.push_back({point.x, point.y, point.label});
    return result;
}

Json weights_json(const Run& run) {
    Json inputs = Json::array(), layers = Json::array();
    for (const auto& feature : run.configuration.used_features())
        inputs.push_back(feature.key);
    for (const auto& layer : layers_of(run.configuration, run.snapshots.back().weights))
        layers.push_back({{"weight", layer.weight}, {"bias", layer.bias}});
    return {{"inputs", std::move(inputs)}, {"layers", std::move(layers)}};
}

Rate rate_of(const SettingResult& result) {
    return success_rate(count_up_to(result.test_losses(), target_loss), result.runs.size());
}

Json interval_json(const Rate& rate) {
    return {rate.interval.first, rate.interval.second};
}

Json to_json(const std::optional<double>& number) {
    return number ? Json(*number) : Json(nullptr);
}

Json to_json(const SettingResult& result) {
    std::vector<double> train_losses;
    std::vector<std::optional<std::size_t>> waits;
    Json runs = Json::array();
    for (const auto& run : result.runs) {
        train_losses.push_back(run.train_loss());
        waits.push_back(run.epochs_to(target_loss));
        runs.push_back(to_json(run, target_loss));
    }
    const auto rate = rate_of(result);
    const auto waiting = summarize_waiting(waits);
    Json boundaries = boundaries_json(result.middle_run());
    Json boundary = boundaries.back();
    boundary.erase("epoch");
    return {{"label", result.setting.label},
            {"url", playground::write_url(result.middle_run().configuration)},
            {"configuration", to_json(result.setting.configuration)},
            {"epochs", result.runs.front().epochs()},
            {"runs", std::move(runs)},
            {"test_loss", to_json(summarize(result.test_losses()))},
            {"train_loss", to_json(summarize(train_losses))},
            {"success_rate", rate.share},
            {"success_interval", interval_json(rate)},
            {"epochs_to_target",
             {{"median", to_json(waiting.median)},
              {"interval", {to_json(waiting.low), to_json(waiting.high)}},
              {"censored", waiting.censored}}},
            {"curve",
             {{"epoch", result.runs.front().curve.epoch},
              {"train", bands(result.runs, &Curve::train)},
              {"test", bands(result.runs, &Curve::test)}}},
            {"boundaries", std::move(boundaries)},
            {"boundary", std::move(boundary)}};
}

// The median test loss over the runs at so few epochs that a curve as small as a stamp needs no
// more
Json short_curve(const std::vector<Run>& runs) {
    constexpr std::size_t most = 24;
    const auto& measured = runs.front().curve.epoch;
    const std::size_t count = std::min(most, measured.size());
    Json epochs = Json::array();
    std::vector<double> medians;
    for (auto shown : range(count)) {
        const std::size_t place = count == 1 ? 0 : shown * (measured.size() - 1) / (count - 1);
        std::vector<double> losses;
        for (const auto& run : runs)
            losses.push_back(run.curve.test[place]);
        epochs.push_back(measured[place]);
        medians.push_back(median(losses));
    }
    return {{"epoch", epochs}, {"test", rounded(medians, four_decimals)}};
}

Json to_json(const Attempt& attempt) {
    constexpr std::size_t stamp = 16; // cells along each side of a picture as small as a stamp
    const auto& [setting, runs] = attempt.result;
    const auto& middle = attempt.result.middle_run();
    return {{"label", setting.label},
            {"url", playground::write_url(middle.configuration)},
            {"configuration", to_json(setting.configuration)},
            {"stage", attempt.stage},
            {"runs", runs.size()},
            {"median_test_loss", median(attempt.result.test_losses())},
            {"success_rate", rate_of(attempt.result).share},
            {"curve", short_curve(runs)},
            {"boundary", boundary_json(middle, middle.snapshots.back(), stamp, one_decimal)}};
}

Json to_json(const StageResult& result) {
    const auto& stage = result.stage;
    return {{"stage", stage.name},
            {"configurations", result.configurations},
            {"seeds", stage.seeds.size()},
            {"epochs", stage.epochs},
            {"runs", result.configurations * stage.seeds.size()},
            {"kept", result.kept},
            {"median_test_loss_of_best", result.best_test_loss}};
}

// A setting with the data and the weights of the run that is shown
Json winner_json(const SettingResult& result) {
    Json winner = to_json(result);
    const auto& run = result.middle_run();
    playground::Random random(run.configuration.seed);
    const auto data = playground::make_data(run.configuration, random);
    winner["points"] = {{"train", points_json(data.train)}, {"test", points_json(data.test)}};
    winner["weights"] = weights_json(run);
    return winner;
}

Json best_json(const SearchResult& search) {
    Json best = winner_json(search.best);
    best["how"] = Json::array();
    for (const auto& stage : search.stages)
        best["how"].push_back(to_json(stage));
    return best;
}

Json rung_json(const SettingResult& result) {
    const auto rate = rate_of(result);
    return {{"label", result.setting.label},
            {"url", playground::write_url(result.middle_run().configuration)},
            {"neurons", neuron_count(result.setting.configuration)},
            {"weight_count", weight_count(result.setting.configuration)},
            {"success_rate", rate.share},
            {"success_interval", interval_json(rate)},
            {"runs", result.runs.size()},
            {"test_loss", to_json(summarize(result.test_losses()))}};
}

Json smallest_json(const SearchResult& search) {
    Json smallest = winner_json(search.smallest);
    smallest["neurons"] = neuron_count(search.smallest.setting.configuration);
    smallest["weight_count"] = weight_count(search.smallest.setting.configuration);
    smallest["solves"] = solves(search.smallest);
    smallest["ladder"] = Json::array();
    for (const auto& rung : search.ladder)
        smallest["ladder"].push_back(rung_json(rung));
    return smallest;
}

} // namespace

bool solves(const SettingResult& result) {
    return rate_of(result).share >= 0.5;
}

std::string results_json(const SweepResult& sweep) {
    const auto& search = sweep.search;
    Json json = {{"version", 2},
                 {"epochs", sweep.epochs},
                 {"seeds", sweep.seeds},
                 {"target_loss", target_loss},
                 {"totals",
                  {{"runs", sweep.totals.runs},
                   {"epochs", sweep.totals.epochs},
                   {"samples", sweep.totals.samples}}},
                 {"best", best_json(search)},
                 {"best_of_two_inputs", winner_json(search.best_of_two_inputs)},
                 {"smallest", smallest_json(search)}};
    json["leaderboard"] = Json::array();
    for (const auto& setting : search.leaderboard)
        json["leaderboard"].push_back(to_json(setting));
    json["attempts"] = Json::array();
    for (const auto& attempt : search.attempts)
        json["attempts"].push_back(to_json(attempt));
    json["studies"] = Json::array();
    for (const auto& [study, settings] : sweep.studies) {
        Json list = Json::array();
        for (const auto& setting : settings)
            list.push_back(to_json(setting));
        json["studies"].push_back(
            {{"name", study.name}, {"factor", study.factor}, {"settings", std::move(list)}});
    }
    return json.dump() + "\n";
}

} // namespace handgrad::study
