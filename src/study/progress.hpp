#pragma once

/// @file
/// A line on the terminal that says how far the work is and how long it will take.

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>

#include <unistd.h>

namespace handgrad::study {

/// Seconds as minutes and seconds: 0:07, 12:40.
inline std::string clock_text(double seconds) {
    const auto whole = static_cast<long>(std::ceil(seconds));
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

/// A progress bar on standard error; where that is no terminal, nothing.
///
/// Any thread may report to it.
class Progress {
public:
    /// @param unit what is counted, such as "runs"
    /// @param total how many there are
    /// @param work how long they take together, in any measure; the time left is judged by it
    Progress(std::string unit, std::size_t total, double work)
        : unit_(std::move(unit)), total_(total), all_work_(work),
          visible_(isatty(fileno(stderr)) != 0) {}

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Wipes the line.
    ~Progress() {
        if (visible_)
            fmt::print(stderr, "\r\033[K");
    }

    /// Another one is done.
    /// @param work how much of the whole work it was, in the same measure
    void done(double work) {
        const std::lock_guard lock(mutex_);
        ++count_;
        work_ += work;
        const auto now = Clock::now();
        // Ten times a second is as often as an eye can follow
        if (!visible_ || (now - shown_ < std::chrono::milliseconds(100) && count_ < total_))
            return;
        shown_ = now;
        fmt::print(stderr, "\r{}\033[K", line(std::chrono::duration<double>(now - start_).count()));
        std::fflush(stderr);
    }

    /// How many are done.
    std::size_t count() const { return count_; }

    /// How many there are.
    std::size_t total() const { return total_; }

private:
    using Clock = std::chrono::steady_clock;

    std::string unit_;
    std::size_t total_, count_ = 0;
    double work_ = 0, all_work_;
    bool visible_;
    Clock::time_point start_ = Clock::now(), shown_{};
    std::mutex mutex_;

    std::string line(double seconds) const {
        constexpr std::size_t width = 30;
        const double share = work_ / all_work_;
        const auto full = std::min(width, static_cast<std::size_t>(share * width));
        return fmt::format("[{}{}] {}/{} {}, {:.1f} a second, {} left", std::string(full, '='),
                           std::string(width - full, ' '), count_, total_, unit_,
                           static_cast<double>(count_) / seconds,
                           clock_text(seconds * (1 - share) / share));
    }
};

} // namespace handgrad::study
