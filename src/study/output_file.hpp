#pragma once

/// @file
/// A file that appears whole or not at all.

#include "../errors.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include <unistd.h>

namespace handgrad::study {

/// Text on its way into a file: it is written beside it under another name, which becomes the
/// file's own when all is there. Left without `commit`, nothing remains.
class OutputFile {
public:
    /// @throws FileError if the file cannot be written there
    explicit OutputFile(std::filesystem::path path)
        : path_(std::move(path)), temporary_(path_.string() + fmt::format(".{}.part", getpid())) {
        if (path_.empty())
            throw FileError("the output is \"\", it must be the name of a file");
        std::error_code ignored;
        if (std::filesystem::is_directory(path_, ignored))
            throw FileError(
                fmt::format("the output is \"{}\", a folder, it must be a file", path_.string()));
        stream_.open(temporary_);
        if (!stream_)
            fail(errno);
    }
    ~OutputFile() {
        std::error_code ignored;
        std::filesystem::remove(temporary_, ignored);
    }
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Writes `text` and gives the file its name.
    /// @throws FileError if the disk is full or the folder is gone; what was there before remains
    void commit(const std::string& text) {
        stream_ << text;
        stream_.close();
        if (!stream_)
            fail(errno);
        std::error_code error;
        std::filesystem::rename(temporary_, path_, error);
        if (error)
            fail(error.value());
    }

private:
    std::filesystem::path path_, temporary_;
    std::ofstream stream_;

    [[noreturn]] void fail(int error) const {
        throw FileError(fmt::format("the output \"{}\" cannot be written: {}", path_.string(),
                                    std::strerror(error)));
    }
};

} // namespace handgrad::study
