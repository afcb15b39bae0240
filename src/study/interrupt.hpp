#pragma once

/// @file
/// Ctrl-C as a question that work asks now and then, instead of a sudden end.

#include "../errors.hpp"

#include <atomic>
#include <csignal>

namespace handgrad::study {

/// Work that was stopped by Ctrl-C; the command line ends with exit code 130, as shells expect.
class Interrupted : public Error {
    using Error::Error;
};

/// While one of these lives, Ctrl-C (SIGINT) and SIGTERM are noted, not obeyed.
class InterruptGuard {
public:
    InterruptGuard() {
        requested_ = false;
        previous_interrupt_ = std::signal(SIGINT, note);
        previous_terminate_ = std::signal(SIGTERM, note);
    }
    ~InterruptGuard() {
        std::signal(SIGINT, previous_interrupt_);
        std::signal(SIGTERM, previous_terminate_);
        requested_ = false;
    }
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    /// Has it come?
    static bool requested() { return requested_; }

private:
    using Handler = void (*)(int);
    Handler previous_interrupt_, previous_terminate_;

    // A signal handler may touch only what is free of locks
    static_assert(std::atomic<bool>::is_always_lock_free);
    static inline std::atomic<bool> requested_ = false;

    static void note(int) { requested_ = true; }
};

} // namespace handgrad::study
