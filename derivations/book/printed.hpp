#pragma once

/// @file
/// What a test of a page prints, for comparison with the output that the page shows.

#include <iostream>
#include <sstream>
#include <string>

namespace handgrad::testing {

/// From its construction on, keeps what is written to `std::cout`.
class Printed {
public:
    Printed() : before_(std::cout.rdbuf(words_.rdbuf())) {}
    ~Printed() { std::cout.rdbuf(before_); }
    Printed(const Printed&) = delete;
    Printed& operator=(const Printed&) = delete;

    /// What was written so far, without spaces at the ends of lines, which a page cannot show.
    std::string text() const {
        std::istringstream lines(words_.str());
        std::string result, line;
        while (std::getline(lines, line))
            result += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        return result;
    }

private:
    std::ostringstream words_;
    std::streambuf* before_;
};

} // namespace handgrad::testing
