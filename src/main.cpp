// The command line: handgrad check, prove, sweep, merge, train.

#include "check/catalogue.hpp"
#include "check/heat_map.hpp"
#include "check/proofs.hpp"
#include "study/interrupt.hpp"
#include "study/output_file.hpp"
#include "study/sweep.hpp"
#include "study/train.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <limits>
#include <new>

#include <unistd.h>

namespace {

using namespace handgrad;

/// What `handgrad check` was asked for.
struct CheckRequest {
    std::vector<std::string> layers;
    std::vector<std::pair<std::string, std::string>> options; // of one configuration, as words
    std::uint64_t seed = 1;
    bool float32 = false;
    bool as_json = false;
    bool schema = false;         // asked for, and no check
    std::string colour = "auto"; // or always, or never
    std::string heat_map;        // a file for the picture; none where it is empty
};

/// What is wrong with `text` as an answer to whether there are colours.
std::string when_to_colour(const std::string& text) {
    return text == "auto" || text == "always" || text == "never"
               ? ""
               : fmt::format("\"{}\" may be auto, always or never", text);
}

/// What is wrong with `text` as the name of a picture.
std::string picture_name(const std::string& text) {
    const auto ending = std::filesystem::path(text).extension();
    return ending == ".svg" || ending == ".html"
               ? ""
               : fmt::format("\"{}\" must end in .svg or .html", text);
}

/// Are there colours on standard output? By itself, on a terminal that knows them and whose owner
/// wants them; see no-color.org.
Colour colour_of(const std::string& when) {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    const bool wanted = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
    return when == "always" || (when == "auto" && wanted && isatty(STDOUT_FILENO) == 1)
               ? Colour::Always
               : Colour::Never;
}

/// What is wrong with `text` as an option's whole number; the command line's own reading takes -1
/// for the largest there is.
std::string whole_number(const std::string& text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc{} && stop == end)
        return "";
    return fmt::format("\"{}\" is not a whole number from 0 to {}", text,
                       std::numeric_limits<std::uint64_t>::max());
}

CLI::App* add_check(CLI::App& program, CheckRequest& request) {
    auto* check = program.add_subcommand(
        "check", "Checks every entry of every gradient of a layer, or of all layers");
    check->add_option("layer", request.layers, "which layers; all where none is named");
    const auto add = [&](const std::string& name, const std::string& words) {
        check->add_option_function<std::string>(
            "--" + name,
            [&request, name](const std::string& value) {
                request.options.emplace_back(name, value);
            },
            words);
    };
    add("shape", "of z, such as 2,3,8,8");
    add("outputs", "C_out of conv2d, d_out of linear");
    add("kernel", "k_H,k_W; one number for both");
    add("stride", "rows,columns; one number for both");
    add("padding", "valid, same, one number, or top,bottom,left,right");
    add("dilation", "rows,columns; one number for both");
    add("padding-value", "what surrounds the z of max_pool2d: -inf or 0");
    check->add_option("--seed", request.seed, "chooses z, the parameters and dy")
        ->check(whole_number);
    check->add_flag("--float32", request.float32, "judges the layers as they compute in float32");
    check->add_flag("--json", request.as_json, "prints JSON");
    check->add_flag("--schema", request.schema,
                    "prints the JSON Schema of what --json prints, and checks nothing");
    check
        ->add_option("--heat-map", request.heat_map,
                     "a file for a picture of every entry's error: .svg for one configuration, "
                     ".html for any number")
        ->check(picture_name);
    check->add_option("--colour,--color", request.colour, "auto, always or never")
        ->capture_default_str()
        ->check(when_to_colour);
    return check;
}

CLI::App* add_sweep(CLI::App& program, study::SweepOptions& options) {
    auto* sweep = program.add_subcommand(
        "sweep", "Trains the spiral problem over and over, and writes what it found as JSON");
    sweep->add_option("--out", options.out, "the file to write");
    sweep->add_option("--store", options.store,
                      "where runs are kept, so that none is made twice; beside --out if not given");
    sweep->add_option("--shard", options.shard,
                      "i/n: only makes the i-th of n parts of the runs, into --store");
    const auto add = [&](const std::string& name, std::size_t& number, const std::string& words) {
        sweep->add_option(name, number, words)->capture_default_str()->check(whole_number);
    };
    add("--epochs", options.epochs, "of a run of the studies and of the search's final");
    add("--seeds", options.seeds, "runs a setting");
    sweep
        ->add_option("--studies", options.studies,
                     "only these, with commas between: learning_rate,width; all if not given")
        ->delimiter(',');
    add("--draws", options.draws, "settings that the search draws at random, in eights");
    add("--every", options.every,
        "of the search's grids, only the first of every so many settings, to try things out");
    add("--threads", options.threads, "0 for one a processor");
    return sweep;
}

/// What `handgrad merge` was asked for.
struct MergeRequest {
    std::vector<std::string> stores;
    std::string into;
};

CLI::App* add_merge(CLI::App& program, MergeRequest& request) {
    auto* merge = program.add_subcommand("merge", "Puts the runs of several stores into one");
    merge->add_option("store", request.stores, "stores that handgrad sweep has filled")->required();
    merge->add_option("--into", request.into, "the store that gets them all; made if need be")
        ->required();
    return merge;
}

/// Says on the terminal what was done.
int print(const std::string& text, std::string_view command) {
    std::cout << text << std::flush;
    if (!std::cout)
        throw FileError(
            fmt::format("{}: what was done could not be written to standard output", command));
    return 0;
}

CLI::App* add_train(CLI::App& program, study::TrainOptions& options) {
    auto* train = program.add_subcommand(
        "train", "Trains the network of a link to playground.tensorflow.org as the site does");
    train->add_option("link", options.url, "the whole link in quotes, or its part from the # on")
        ->required();
    train->add_option("--epochs", options.epochs, "how long")
        ->capture_default_str()
        ->check(whole_number);
    train->add_option("--curve", options.curve, "a file for the losses, .csv or .json");
    train->add_option("--boundary", options.boundary,
                      "an .svg file for the decision boundary and the points");
    train->add_option("--weights", options.weights, "a JSON file for the weights");
    train->add_option("--export", options.folder,
                      "a new folder for the data and the weights, as JSON and .npy");
    return train;
}

int print_training(const study::TrainOptions& options) {
    std::cout << study::run_train(options) << std::flush;
    if (!std::cout)
        throw FileError("train: the losses could not be written to standard output");
    return 0;
}

int print_schema() {
    std::cout << json_schema() << std::flush;
    if (!std::cout)
        throw FileError("check: the schema could not be written to standard output");
    return 0;
}

int run_check(const CheckRequest& request) {
    if (request.schema)
        return print_schema();
    std::vector<const Subject*> chosen;
    for (const auto& name : request.layers)
        chosen.push_back(&subject(name));
    if (chosen.empty())
        for (const auto& each : subjects())
            chosen.push_back(&each);
    if (!request.options.empty() && request.layers.empty())
        throw NameError("check: a configuration was given and no layer to use it; name one, as in "
                        "handgrad check conv2d --stride 2");

    const auto settings_of = [&](const Subject& each) {
        return request.options.empty() ? each.settings
                                       : std::vector{setting_from(each, request.options)};
    };
    // Where the picture cannot be written, nobody waits for the check
    std::optional<study::OutputFile> picture;
    if (!request.heat_map.empty()) {
        if (request.heat_map.ends_with(".svg") &&
            (chosen.size() > 1 || settings_of(*chosen[0]).size() > 1))
            throw ValueError(fmt::format(
                "--heat-map is \"{}\", a picture of one configuration; name a layer and "
                "its options, as in handgrad check conv2d --stride 2, or a file that "
                "ends in .html",
                request.heat_map));
        picture.emplace(request.heat_map);
    }

    std::vector<CheckReport> reports;
    for (const auto* each : chosen) {
        const auto settings = settings_of(*each);
        for (auto setting : settings) {
            setting.seed = request.seed;
            setting.float32 = request.float32;
            reports.push_back(each->check(setting));
            // A shape that does not fit is the caller's mistake, not a finding
            if (!reports.back().problem.empty())
                throw ShapeError(reports.back().problem);
        }
    }

    const auto colour = colour_of(request.colour);
    if (request.as_json) {
        std::cout << to_json(reports) << "\n";
    } else if (request.layers.empty()) {
        std::cout << summary(reports, colour) << "\n" << count(reports, colour);
    } else {
        for (const auto& report : reports)
            std::cout << to_text(report, colour) << "\n";
        std::cout << count(reports, colour);
    }
    if (picture)
        picture->commit(request.heat_map.ends_with(".svg") ? to_svg(reports.front())
                                                           : to_html(reports));
    std::cout.flush();
    if (!std::cout)
        throw FileError("check: the report could not be written to standard output");
    return std::all_of(reports.begin(), reports.end(),
                       [](const CheckReport& report) { return report.passed(); })
               ? 0
               : 1;
}

CLI::App* add_prove(CLI::App& program, std::vector<std::string>& layers) {
    auto* prove = program.add_subcommand(
        "prove", "Proves the gradients of a layer, or of all layers, for all numbers at once");
    prove->add_option("layer", layers, "which layers; all where none is named");
    return prove;
}

int run_prove(const std::vector<std::string>& layers) {
    std::vector<const ProofSubject*> chosen;
    for (const auto& name : layers)
        chosen.push_back(&proof_subject(name));
    if (chosen.empty())
        for (const auto& each : proof_subjects())
            chosen.push_back(&each);

    bool proven = true;
    for (const auto* each : chosen)
        for (const auto& regions : each->prove()) {
            proven = proven && regions.verdict() == ProofVerdict::Proven;
            const bool brief = layers.empty() && regions.verdict() == ProofVerdict::Proven;
            std::cout << (brief ? headline(regions) + "\n" : to_text(regions));
        }
    std::cout.flush();
    if (!std::cout)
        throw FileError("prove: the proofs could not be written to standard output");
    return proven ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App program("handgrad: backpropagation by hand, checked by machine", "handgrad");
    program.require_subcommand(0, 1);
    CheckRequest check_request;
    auto* check = add_check(program, check_request);
    std::vector<std::string> layers_to_prove;
    auto* prove = add_prove(program, layers_to_prove);
    study::SweepOptions sweep_options;
    auto* sweep = add_sweep(program, sweep_options);
    MergeRequest merge_request;
    auto* merge = add_merge(program, merge_request);
    study::TrainOptions train_options;
    auto* train = add_train(program, train_options);
    try {
        program.parse(argc, argv);
        if (program.get_subcommands().empty())
            throw CLI::RequiredError("A subcommand");
        if (check->parsed())
            return run_check(check_request);
        if (prove->parsed())
            return run_prove(layers_to_prove);
        if (sweep->parsed())
            return print(study::run_sweep(sweep_options), "sweep");
        if (merge->parsed())
            return print(study::run_merge(merge_request.stores, merge_request.into), "merge");
        if (train->parsed())
            return print_training(train_options);
        return 0;
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            return program.exit(error);
        std::cerr << "handgrad: " << error.what() << " (handgrad --help lists what there is)\n";
        return 2;
    } catch (const study::Interrupted& error) {
        std::cerr << "handgrad: " << error.what() << "\n";
        return 130; // 128 and the number of the signal, as shells have it
    } catch (const Error& error) {
        std::cerr << "handgrad: " << error.what() << "\n";
        return 2;
    } catch (const std::bad_alloc&) {
        std::cerr << "handgrad: there is not enough memory for shapes this large\n";
        return 2;
    }
}
