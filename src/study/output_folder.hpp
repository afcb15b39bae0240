#pragma once

/// @file
/// A folder that appears whole or not at all.

#include "../errors.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

namespace handgrad::study {

/// A new folder that is filled beside its place under another name, which becomes its own when all
/// is there. Left without `commit`, nothing remains.
class OutputFolder {
public:
    /// @throws FileError if the folder is there already, or cannot be made
    explicit OutputFolder(const std::filesystem::path& path)
        : path_(path.has_filename() ? path : path.parent_path()), // without a / at the end
          temporary_(path_.string() + fmt::format(".{}.part", getpid())) {
        if (std::filesystem::exists(path_))
            throw FileError(fmt::format("the output folder \"{}\" exists already, it must be new",
                                        path_.string()));
        std::error_code error;
        std::filesystem::create_directory(temporary_, error);
        if (error)
            fail(error);
    }
    ~OutputFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(temporary_, ignored);
    }
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    /// Where to write the file that will be `name` in the folder.
    std::string file(const std::string& name) const { return (temporary_ / name).string(); }

    /// Gives the folder its name.
    /// @throws FileError if that cannot be done
    void commit() {
        std::error_code error;
        std::filesystem::rename(temporary_, path_, error);
        if (error)
            fail(error);
    }

private:
    std::filesystem::path path_, temporary_;

    [[noreturn]] void fail(const std::error_code& error) const {
        throw FileError(fmt::format("the output folder \"{}\" cannot be written: {}",
                                    path_.string(), error.message()));
    }
};

} // namespace handgrad::study
