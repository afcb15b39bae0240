#include "results.hpp"

#include "statistics.hpp"

#include <nlohmann/json.hpp>

namespace handgrad::study {

namespace {

// Keys stay in the order in which they are written; numbers that are not finite become null
using Json = nlohmann::ordered_json;

Json rounded(const std::vector<double>& numbers, double scale) {
    Json result = Json::array();
    for (double number : numbers)
        result.push_back(std::round(number * scale) / scale);
    return result;
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
constexpr double one_decimal = 10, three_decimals = 1e3, six_decimals = 1e6;

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

Json boundary_json(const Run& run, double scale) {
    Json rows = Json::array();
    for (const auto& row : run.boundary.values)
        rows.push_back(rounded(row, scale));
    return {{"seed", run.configuration.seed},
            {"size", run.boundary.size},
            {"range", run.boundary.range},
            {"values", rows}};
}

Json points_json(const std::vector<playground::Point>& points) {
    Json result = Json::array();
    for (const auto& point : points)
        result.push_back({point.x, point.y, point.label});
    return result;
}

Json to_json(const SettingResult& result, double target_loss) {
    std::vector<double> train_losses;
    std::vector<std::optional<std::size_t>> waits;
    Json runs = Json::array();
    for (const auto& run : result.runs) {
        train_losses.push_back(run.train_loss());
        waits.push_back(run.epochs_to(target_loss));
        runs.push_back(to_json(run, target_loss));
    }
    const auto test_losses = result.test_losses();
    const auto waiting = summarize_waiting(waits);
    return {{"label", result.setting.label},
            {"url", playground::write_url(result.middle_run().configuration)},
            {"configuration", to_json(result.setting.configuration)},
            {"runs", runs},
            {"test_loss", to_json(summarize(test_losses))},
            {"train_loss", to_json(summarize(train_losses))},
            {"success_rate", share_up_to(test_losses, target_loss)},
            {"epochs_to_target",
             {{"median", waiting.median ? Json(*waiting.median) : Json(nullptr)},
              {"censored", waiting.censored}}},
            {"curve",
             {{"epoch", result.runs.front().curve.epoch},
              {"train", bands(result.runs, &Curve::train)},
              {"test", bands(result.runs, &Curve::test)}}},
            {"boundary", boundary_json(result.middle_run(), three_decimals)}};
}

Json to_json(const Attempt& attempt) {
    const auto& [setting, runs] = attempt.result;
    const auto& middle = attempt.result.middle_run();
    return {{"label", setting.label},
            {"url", playground::write_url(middle.configuration)},
            {"configuration", to_json(setting.configuration)},
            {"stage", attempt.stage},
            {"median_test_loss", median(attempt.result.test_losses())},
            // A picture as small as a stamp needs no more
            {"boundary", boundary_json(middle, one_decimal)}};
}

Json to_json(const StageResult& result) {
    const auto& [stage, kept, best] = result;
    return {{"stage", stage.name},
            {"configurations", stage.configurations},
            {"seeds", stage.seeds.size()},
            {"epochs", stage.epochs},
            {"runs", stage.configurations * stage.seeds.size()},
            {"kept", kept},
            {"median_test_loss_of_best", best}};
}

Json best_json(const SearchResult& search, double target_loss) {
    Json best = to_json(search.winner, target_loss);
    best["how"] = Json::array();
    for (const auto& stage : search.stages)
        best["how"].push_back(to_json(stage));

    const auto& configuration = search.winner.middle_run().configuration;
    playground::Random random(configuration.seed);
    const auto data = playground::make_data(configuration, random);
    best["points"] = {{"train", points_json(data.train)}, {"test", points_json(data.test)}};
    return best;
}

} // namespace

std::string results_json(std::size_t epochs, const std::vector<std::string>& seeds,
                         double target_loss, const SearchResult& search,
                         const std::vector<StudyResult>& studies) {
    Json json = {{"version", 1},
                 {"epochs", epochs},
                 {"seeds", seeds},
                 {"target_loss", target_loss},
                 {"best", best_json(search, target_loss)}};
    json["leaderboard"] = Json::array();
    for (const auto& setting : search.leaderboard)
        json["leaderboard"].push_back(to_json(setting, target_loss));
    json["attempts"] = Json::array();
    for (const auto& attempt : search.attempts)
        json["attempts"].push_back(to_json(attempt));
    json["studies"] = Json::array();
    for (const auto& [study, settings] : studies) {
        Json list = Json::array();
        for (const auto& setting : settings)
            list.push_back(to_json(setting, target_loss));
        json["studies"].push_back(
            {{"name", study.name}, {"factor", study.factor}, {"settings", list}});
    }
    return json.dump() + "\n";
}

} // namespace handgrad::study
