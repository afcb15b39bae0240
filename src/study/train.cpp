#include "train.hpp"

#include "../npy.hpp"
#include "../playground/url.hpp"
#include "boundary_picture.hpp"
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
using Trainer = playground::Trainer<>;

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

// Plain numbers, such as files hold
Tensor<double> numbers_of(const Tensor<Lanes<double>>& tensor) {
    auto numbers = zeros<double>(shape_of(tensor));
    std::transform(tensor.begin(), tensor.end(), numbers.begin(),
                   [](const auto& entry) { return entry.lane(0); });
    return numbers;
}

Json to_json(const Tensor<double>& numbers) {
    if (numbers.dimension() == 1)
        return Json(std::vector<double>(numbers.begin(), numbers.end()));
    Json rows = Json::array();
    for (auto j : range(numbers.shape(0))) {
        Json row = Json::array();
        for (auto k : range(numbers.shape(1)))
            row.push_back(numbers(j, k));
        rows.push_back(row);
    }
    return rows;
}

// One point a row: x, y, label
Tensor<double> rows_of(const std::vector<Point>& points) {
    auto rows = zeros<double>({points.size(), 3});
    for (auto i : range(points.size())) {
        rows(i, 0) = points[i].x;
        rows(i, 1) = points[i].y;
        rows(i, 2) = points[i].label;
    }
    return rows;
}

std::string weights_json(const std::string& url, const Trainer& trainer) {
    Json layers = Json::array();
    for (const auto& [name, value, gradient] : trainer.parameters()) {
        if (value.dimension() == 2)
            layers.push_back(Json::object());
        layers.back()[value.dimension() == 2 ? "weight" : "bias"] = to_json(numbers_of(value));
    }
    const Json json = {{"url", url}, {"epochs", trainer.epochs()}, {"layers", layers}};
    return json.dump() + "\n";
}

std::string data_json(const std::string& url, const playground::Data& data) {
    const Json json = {{"url", url},
                       {"train", to_json(rows_of(data.train))},
                       {"test", to_json(rows_of(data.test))}};
    return json.dump() + "\n";
}

void write_folder(OutputFolder& folder, const std::string& url, const Trainer& trainer) {
    OutputFile(folder.file("data.json")).commit(data_json(url, trainer.data()));
    OutputFile(folder.file("weights.json")).commit(weights_json(url, trainer));
    write_npy(folder.file("train.npy"), rows_of(trainer.data().train));
    write_npy(folder.file("test.npy"), rows_of(trainer.data().test));
    for (const auto& [name, value, gradient] : trainer.parameters())
        write_npy(folder.file(name + ".npy"), numbers_of(value));
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

std::string report(const Configuration& configuration, const Curve& curve, const Trainer& trainer) {
    const auto& hidden = configuration.network_shape;
    std::string text = playground::write_url(configuration) + "\n";
    text +=
        fmt::format("{}, {}, {} points train and {} test\n\n",
                    plural(configuration.used_features().size(), "input"),
                    hidden.empty() ? "no hidden layer"
                                   : fmt::format("hidden layer{} {}", hidden.size() == 1 ? "" : "s",
                                                 playground::shape_text(hidden)),
                    trainer.data().train.size(), trainer.data().test.size());
    text += sparklines(curve) + "\n" + table(curve);
    if (configuration.regularization == playground::Regularization::L1)
        text += fmt::format("\nL1 has set {} to 0 for good.\n",
                            plural(trainer.dead_weights(), "weight"));
    return text;
}

// What is known by its name: spiral, reg-gauss
std::string boundary_title(const Configuration& configuration, const Curve& curve,
                           std::size_t epochs) {
    const auto& data = configuration.problem == playground::Problem::regression
                           ? configuration.regression_dataset
                           : configuration.dataset;
    return fmt::format("{} after {}: test loss {}", data.key, plural(epochs, "epoch"),
                       loss_text(curve.test.back()));
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

    Trainer trainer(configuration);
    const auto curve = make_curves(trainer, options.epochs, &InterruptGuard::requested).front();
    if (InterruptGuard::requested())
        throw Interrupted(fmt::format("training was stopped after {} of {} epochs; nothing is "
                                      "written",
                                      trainer.epochs(), options.epochs));

    const auto url = playground::write_url(configuration);
    if (curve_file)
        curve_file->commit(as_csv ? curve_csv(curve) : curve_json(url, curve));
    if (weights_file)
        weights_file->commit(weights_json(url, trainer));
    if (boundary_file) {
        constexpr std::size_t cells = 100; // along each side, as the site asks for
        boundary_file->commit(boundary_svg(configuration, trainer.data(),
                                           make_boundary(trainer, cells),
                                           boundary_title(configuration, curve, options.epochs)));
    }
    if (folder)
        write_folder(*folder, url, trainer);
    return report(configuration, curve, trainer);
}

} // namespace handgrad::study
