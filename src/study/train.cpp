#include "train.hpp"

#include "../npy.hpp"
#include "../playground/url.hpp"
#include "boundary_picture.hpp"
#include "lanes.hpp"
#include "option.hpp"
#include "output_file.hpp"
#include "output_folder.hpp"
#include "run.hpp"
#include "sparkline.hpp"

#include <nlohmann/json.hpp>

#include <optional>

namespace handgrad::study {

namespace {

using Json = nlohmann::ordered_json;
using playground::Point;

// The sign of what is no number depends on the compiler
double without_sign_if_nan(double loss) {
    return std::isnan(loss) ? std::abs(loss) : loss;
}

// Losses in the order of the epochs, one measurement a line
std::string curve_csv(const Curve& curve) {
    std::string lines = "epoch,train_loss,test_loss\n";
    for (auto place : range(curve.epoch.size()))
        lines +=
            fmt::format("{},{},{}\n", curve.epoch[place], without_sign_if_nan(curve.train[place]),
                        without_sign_if_nan(curve.test[place]));
    return lines;
}

std::string curve_json(const std::string& url, const Curve& curve) {
    const Json json = {{"url", url},
                       {"epoch", curve.epoch},
                       {"train_loss", curve.train},
                       {"test_loss", curve.test}};
    return json.dump() + "\n";
}

using Rows = std::vector<std::vector<double>>;

// One point a row: x, y, label
Rows rows_of(const std::vector<Point>& points) {
    Rows rows;
    for (const auto& point : points)
        rows.push_back({point.x, point.y, point.label});
    return rows;
}

Tensor<double> tensor_of(const Rows& rows) {
    auto tensor = zeros<double>({rows.size(), rows.front().size()});
    for (auto i : range(rows.size()))
        for (auto j : range(rows[i].size()))
            tensor(i, j) = rows[i][j];
    return tensor;
}

Tensor<double> tensor_of(const std::vector<double>& numbers) {
    auto tensor = zeros<double>({numbers.size()});
    std::copy(numbers.begin(), numbers.end(), tensor.begin());
    return tensor;
}

// The layers of the network that the run ends with
std::vector<LayerWeights> layers_of(const Run& run) {
    return study::layers_of(run.configuration, run.snapshots.back().weights);
}

std::string weights_json(const std::string& url, const Run& run) {
    Json layers = Json::array();
    for (const auto& layer : layers_of(run))
        layers.push_back({{"weight", layer.weight}, {"bias", layer.bias}});
    const Json json = {{"url", url}, {"epochs", run.epochs()}, {"layers", layers}};
    return json.dump() + "\n";
}

std::string data_json(const std::string& url, const playground::Data& data) {
    const Json json = {{"url", url}, {"train", rows_of(data.train)}, {"test", rows_of(data.test)}};
    return json.dump() + "\n";
}

void write_folder(OutputFolder& folder, const std::string& url, const Run& run,
                  const playground::Data& data) {
    OutputFile(folder.file("data.json")).commit(data_json(url, data));
    OutputFile(folder.file("weights.json")).commit(weights_json(url, run));
    write_npy(folder.file("train.npy"), tensor_of(rows_of(data.train)));
    write_npy(folder.file("test.npy"), tensor_of(rows_of(data.test)));
    const auto layers = layers_of(run);
    for (auto place : range(layers.size())) {
        write_npy(folder.file(fmt::format("{}.weight.npy", place)),
                  tensor_of(layers[place].weight));
        write_npy(folder.file(fmt::format("{}.bias.npy", place)), tensor_of(layers[place].bias));
    }
    folder.commit();
}

// A loss in one width, unless it is very large
std::string loss_text(double loss) {
    return loss >= 1e6 ? fmt::format("{:.4e}", loss)
                       : fmt::format("{:.6f}", without_sign_if_nan(loss));
}

// About ten lines of the curve, the first and the last among them
std::string table(const Curve& curve) {
    std::string lines = " epoch  train loss   test loss\n";
    const std::size_t last = curve.epoch.size() - 1, steps = std::min<std::size_t>(10, last);
    for (auto line : range(steps + 1)) {
        const std::size_t place = steps == 0 ? 0 : line * last / steps;
        lines += fmt::format("{:>6}  {:>10}  {:>10}\n", curve.epoch[place],
                             loss_text(curve.train[place]), loss_text(curve.test[place]));
    }
    return lines;
}

// Both losses as lines of blocks on one scale, and what the blocks mean
std::string sparklines(const Curve& curve) {
    auto losses = curve.train;
    losses.insert(losses.end(), curve.test.begin(), curve.test.end());
    const auto scale = scale_of(losses);
    std::string text =
        fmt::format("train  {}\ntest   {}\n       ▁ {}  █ {}", sparkline(curve.train, scale),
                    sparkline(curve.test, scale), loss_text(scale.least), loss_text(scale.most));
    const bool lost =
        std::any_of(losses.begin(), losses.end(), [](double loss) { return !std::isfinite(loss); });
    return text + (lost ? "  × no finite number\n" : "\n");
}

std::string plural(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string report(const Run& run, const playground::Data& data) {
    const auto& configuration = run.configuration;
    const auto& hidden = configuration.network_shape;
    std::string text = playground::write_url(configuration) + "\n";
    text +=
        fmt::format("{}, {}, {} points train and {} test\n\n",
                    plural(configuration.used_features().size(), "input"),
                    hidden.empty() ? "no hidden layer"
                                   : fmt::format("hidden layer{} {}", hidden.size() == 1 ? "" : "s",
                                                 playground::shape_text(hidden)),
                    data.train.size(), data.test.size());
    text += sparklines(run.curve) + "\n" + table(run.curve);
    if (configuration.regularization == playground::Regularization::L1)
        text += fmt::format("\nL1 has set {} to 0 for good.\n", plural(run.dead_weights, "weight"));
    return text;
}

// What is known by its name: spiral, reg-gauss
std::string boundary_title(const Run& run) {
    const auto& configuration = run.configuration;
    const auto& data = configuration.problem == playground::Problem::regression
                           ? configuration.regression_dataset
                           : configuration.dataset;
    return fmt::format("{} after {}: test loss {}", data.key, plural(run.epochs(), "epoch"),
                       loss_text(run.test_loss()));
}

bool ends_with(const std::string& text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

} // namespace

std::string run_train(const TrainOptions& options) {
    const auto configuration = playground::read_url(options.url);
    expect_between("--epochs", options.epochs, 1, 100000);
    const bool as_csv = ends_with(options.curve, ".csv");
    if (!options.curve.empty() && !as_csv && !ends_with(options.curve, ".json"))
        throw ValueError(
            fmt::format("--curve is \"{}\", it must end in .csv or .json", options.curve));
    if (!options.boundary.empty() && !ends_with(options.boundary, ".svg"))
        throw ValueError(
            fmt::format("--boundary is \"{}\", it must end in .svg", options.boundary));

    // What cannot be written is refused before anything runs
    const InterruptGuard guard;
    std::optional<OutputFile> curve_file, weights_file, boundary_file;
    std::optional<OutputFolder> folder;
    if (!options.curve.empty())
        curve_file.emplace(options.curve);
    if (!options.weights.empty())
        weights_file.emplace(options.weights);
    if (!options.boundary.empty())
        boundary_file.emplace(options.boundary);
    if (!options.folder.empty())
        folder.emplace(options.folder);

    std::size_t epochs = 0;
    const auto stop = [&] {
        if (InterruptGuard::requested())
            return true;
        ++epochs;
        return false;
    };
    const auto run = train_in_lanes({configuration}, options.epochs, stop).front();
    if (InterruptGuard::requested())
        throw Interrupted(fmt::format("training was stopped after {} of {} epochs; nothing is "
                                      "written",
                                      epochs, options.epochs));

    playground::Random random(configuration.seed);
    const auto data = make_data(configuration, random);
    const auto url = playground::write_url(configuration);
    if (curve_file)
        curve_file->commit(as_csv ? curve_csv(run.curve) : curve_json(url, run.curve));
    if (weights_file)
        weights_file->commit(weights_json(url, run));
    if (boundary_file) {
        constexpr std::size_t cells = 100; // along each side, as the site asks for
        boundary_file->commit(boundary_svg(
            configuration, data, make_boundary(configuration, run.snapshots.back().weights, cells),
            boundary_title(run)));
    }
    if (folder)
        write_folder(*folder, url, run, data);
    return report(run, data);
}

} // namespace handgrad::study
