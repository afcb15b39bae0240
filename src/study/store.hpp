#pragma once

/// @file
/// The store of runs: one SQLite file that a sweep fills and the results are computed from.

#include "database.hpp"
#include "run.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace handgrad::study {

/// Runs on disk, each under its link (which has the seed), its epochs, and the numbers version of
/// the code that made it. Any thread may use one store, and so may several processes on one
/// machine.
///
/// The file has one table, `runs`, whose columns are
///  - `url`, `epochs`, `numbers`: the key; `numbers` is a `numbers_version`;
///  - `train_loss`, `test_loss`: in the end, NULL where not finite, for whoever asks by SQL;
///  - `dead_weights`;
///  - `measured`: the epochs at which the losses were measured, as 32-bit whole numbers;
///  - `train`, `test`: the losses then, as doubles;
///  - `remembered`: the epochs of the snapshots, as 32-bit whole numbers;
///  - `weights`: the weights of one snapshot after the other, as doubles, each as `weights_of`
///    gives them.
/// All numbers in the blobs have their lowest byte first.
///
/// Every `add` is one transaction in a write-ahead log: a process that is killed loses what it had
/// not added, and nothing else. (A power failure may lose the last few additions besides; the file
/// stays sound.)
class RunStore {
public:
    /// The layout of the table, as `PRAGMA user_version` says it.
    static constexpr int version = 1;

    /// Opens a store.
    /// @param path the file
    /// @param numbers which code's runs are read and written
    /// @param use whether the file is made where there is none
    /// @throws FileError if the file is no store, a store of another version, or cannot be used
    explicit RunStore(const std::string& path, std::string numbers,
                      Database::Use use = Database::Use::create);

    /// Is the run there?
    bool has(const Configuration& configuration, std::size_t epochs);

    /// The run, or none.
    /// @throws FileError if its row is damaged
    std::optional<Run> find(const Configuration& configuration, std::size_t epochs);

    /// Adds complete runs, all or none; those that are there stay as they are.
    /// @throws FileError if they cannot be written; what was there before stays
    void add(const std::vector<Run>& runs);

    /// How many runs there are, of any version of the numbers.
    std::size_t size();

    /// Adds all runs of another store, of any version of the numbers.
    /// @return how many were new
    /// @throws FileError if the other is no store, or if both have a run and it differs; then
    ///         nothing is added
    std::size_t merge(const std::string& other);

    const std::string& path() const { return database_.path(); } ///< the file
    Database& database() { return database_; }                   ///< for SQLite's own settings

private:
    std::mutex mutex_;
    Database database_;
    std::string numbers_;
    std::optional<Statement> has_, find_, add_;

    void open(Database::Use use);
    void make_table();
};

} // namespace handgrad::study
