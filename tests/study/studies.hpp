#pragma once

// What the tests of the studies share: a folder that goes away, and runs made by hand.

#include "study/results.hpp"
#include "testing.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdlib.h>

namespace handgrad::study {

// A folder of its own, gone with what is in it at the end
struct Folder {
    std::filesystem::path path;

    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "handgrad-study-XXXXXX").string();
        path = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(const std::string& name) const { return (path / name).string(); }
    bool empty() const { return std::filesystem::is_empty(path); }
};

inline std::string content(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

// A run whose test losses are given and whose training losses are half of them; all its weights
// are `weight` at the middle measurement and twice that in the end
inline Run made_run(const Configuration& configuration, std::vector<double> test,
                    double weight = 0.125) {
    Run run{configuration, {}, {}, 0};
    for (auto place : range(test.size())) {
        run.curve.epoch.push_back(10 * place);
        run.curve.train.push_back(test[place] / 2);
    }
    const std::size_t weights = parameter_count(configuration);
    run.snapshots = {{10 * (test.size() / 2), std::vector<double>(weights, weight)},
                     {10 * (test.size() - 1), std::vector<double>(weights, 2 * weight)}};
    run.curve.test = std::move(test);
    return run;
}

inline Run made_run(const std::string& seed, std::vector<double> test, double weight = 0.125) {
    return made_run(with_seed(base_configuration(), seed), std::move(test), weight);
}

} // namespace handgrad::study
