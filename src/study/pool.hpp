#pragma once

/// @file
/// Independent pieces of work on all processors.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace handgrad::study {

/// Calls `work(0)`, …, `work(count - 1)`, each once, on `threads` threads (0: one a processor).
///
/// Which thread takes which is left to chance, so `work` must put its result where its number
/// says. When one throws, no further one is started, and the exception comes out of here.
inline void for_all(std::size_t count, std::size_t threads,
                    const std::function<void(std::size_t)>& work) {
    if (threads == 0)
        threads = std::max(1u, std::thread::hardware_concurrency());
    std::atomic<std::size_t> next = 0;
    std::exception_ptr failure;
    std::mutex failure_mutex;
    const auto worker = [&] {
        for (std::size_t position; (position = next++) < count;) {
            try {
                work(position);
            } catch (...) {
                const std::lock_guard lock(failure_mutex);
                failure = failure ? failure : std::current_exception();
                next = count;
            }
        }
    };
    {
        std::vector<std::jthread> workers;
        for (std::size_t thread = 0; thread < std::min(threads, count); ++thread)
            workers.emplace_back(worker);
    }
    if (failure)
        std::rethrow_exception(failure);
}

} // namespace handgrad::study
