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

/// Some pieces of work: how many, and how long they take in any measure.
struct Work {
    std::size_t count = 0; ///< pieces
    double amount = 0;     ///< what the time left is judged by

    Work& operator+=(const Work& more) {
        count += more.count;
        amount += more.amount;
        return *this;
    }
};

/// A progress bar on standard error; where that is no terminal, nothing.
///
/// Any thread may report to it.
class Progress {
public:
    /// @param unit what is counted, such as "runs"
    /// @param visible is it shown?
    explicit Progress(std::string unit, bool visible = isatty(fileno(stderr)) != 0)
        : unit_(std::move(unit)), visible_(visible) {}

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Wipes the line.
    ~Progress() {
        if (visible_)
            fmt::print(stderr, "\r\033[K");
    }

    /// Says what is being done, and how much is left of everything, of which `ready` needs no work.
    void begin(const std::string& step, const Work& ready, const Work& left) {
        const std::lock_guard lock(mutex_);
        step_ = step;
        done_ += ready;
        all_ = done_;
        all_ += left;
    }

    /// Some more is done.
    void done(const Work& work) {
        const std::lock_guard lock(mutex_);
        done_ += work;
        worked_ += work;
        const auto now = Clock::now();
        // Ten times a second is as often as an eye can follow
        if (!visible_ ||
            (now - shown_ < std::chrono::milliseconds(100) && done_.count < all_.count))
            return;
        shown_ = now;
        fmt::print(stderr, "\r{}\033[K", line(std::chrono::duration<double>(now - start_).count()));
        std::fflush(stderr);
    }

    /// How many are done, those that needed no work among them.
    std::size_t count() const { return done_.count; }

    /// The line after `seconds` of work.
    std::string line(double seconds) const {
        constexpr std::size_t width = 24;
        const double share = all_.amount > 0 ? std::min(1., done_.amount / all_.amount) : 1;
        const auto full = static_cast<std::size_t>(share * width);
        // What was ready says nothing of how fast the work goes
        const double left = std::max(0., all_.amount - done_.amount);
        return fmt::format("[{}{}] {}/{} {}, {:.0f} a second, {} left: {}", std::string(full, '='),
                           std::string(width - full, ' '), done_.count, all_.count, unit_,
                           static_cast<double>(worked_.count) / seconds,
                           clock_text(seconds * left / worked_.amount), step_);
    }

private:
    using Clock = std::chrono::steady_clock;

    std::string unit_, step_;
    Work done_, worked_, all_;
    bool visible_;
    Clock::time_point start_ = Clock::now(), shown_{};
    std::mutex mutex_;
};

} // namespace handgrad::study
