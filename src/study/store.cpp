#include "store.hpp"

#include "../playground/url.hpp"

#include <sqlite3.h>

#include <bit>
#include <cstring>
#include <filesystem>

namespace handgrad::study {

namespace {

static_assert(std::endian::native == std::endian::little, "blobs have their lowest byte first");

// "hgrd": which program a database file belongs to
constexpr int application = 0x68677264;

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

template <class Number>
std::optional<std::vector<Number>> numbers_of(const std::string& bytes) {
    if (bytes.size() % sizeof(Number) != 0)
        return std::nullopt;
    std::vector<Number> numbers(bytes.size() / sizeof(Number));
    if (!bytes.empty())
        std::memcpy(numbers.data(), bytes.data(), bytes.size());
    return numbers;
}

std::string epochs_blob(const std::vector<std::size_t>& epochs) {
    return bytes_of(std::vector<std::uint32_t>(epochs.begin(), epochs.end()));
}

// The columns of a row as a run; none where they do not fit together
std::optional<Run> run_of(const Configuration& configuration, std::size_t epochs,
                          const Statement& row) {
    const auto measured = numbers_of<std::uint32_t>(row.blob(0));
    const auto train = numbers_of<double>(row.blob(1)), test = numbers_of<double>(row.blob(2));
    const auto remembered = numbers_of<std::uint32_t>(row.blob(3));
    const auto weights = numbers_of<double>(row.blob(4));
    const std::size_t each = parameter_count(configuration);
    if (!measured || !train || !test || !remembered || !weights || measured->empty() ||
        measured->back() != epochs || train->size() != measured->size() ||
        test->size() != measured->size() || remembered->empty() || remembered->back() != epochs ||
        weights->size() != remembered->size() * each)
        return std::nullopt;

    Run run{configuration, {{measured->begin(), measured->end()}, *train, *test}, {}, 0};
    auto next = weights->begin();
    for (auto epoch : *remembered) {
        const auto end = next + static_cast<std::ptrdiff_t>(each);
        run.snapshots.push_back({epoch, {next, end}});
        next = end;
    }
    run.dead_weights = static_cast<std::size_t>(row.number(5));
    return run;
}

} // namespace

RunStore::RunStore(const std::string& path, std::string numbers, Database::Use use)
    : database_(path, use), numbers_(std::move(numbers)) {
    open(use);
    has_.emplace(database_, "SELECT 1 FROM runs WHERE url = ? AND epochs = ? AND numbers = ?");
    find_.emplace(database_, "SELECT measured, train, test, remembered, weights, dead_weights "
                             "FROM runs WHERE url = ? AND epochs = ? AND numbers = ?");
    if (use == Database::Use::create)
        add_.emplace(database_,
                     "INSERT OR IGNORE INTO runs (url, epochs, numbers, train_loss, test_loss, "
                     "dead_weights, measured, train, test, remembered, weights) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
}

void RunStore::open(Database::Use use) {
    const auto is_empty = [&] {
        return database_.number("PRAGMA application_id") == 0 &&
               database_.number("SELECT count(*) FROM sqlite_master") == 0;
    };
    if (use == Database::Use::create && is_empty()) {
        Transaction transaction(database_);
        // Another process may have been quicker
        if (is_empty())
            make_table();
        transaction.commit();
    }
    if (database_.number("PRAGMA application_id") != application)
        throw FileError(fmt::format("the store \"{}\" is no store of runs, it is empty or a "
                                    "database of another program",
                                    path()));
    if (const auto found = database_.number("PRAGMA user_version"); found != version)
        throw FileError(fmt::format("the store \"{}\" is of version {}, this handgrad reads and "
                                    "writes version {}; choose another file",
                                    path(), found, version));
    // Writers do not wait for readers, and a killed one leaves the file sound without a wait for
    // the disk after every addition
    if (use == Database::Use::create) {
        database_.use_write_ahead_log();
        database_.execute("PRAGMA synchronous = NORMAL");
    }
}

void RunStore::make_table() {
    database_.execute("CREATE TABLE runs ("
                      "url TEXT NOT NULL, epochs INTEGER NOT NULL, numbers TEXT NOT NULL, "
                      "train_loss REAL, test_loss REAL, dead_weights INTEGER NOT NULL, "
                      "measured BLOB NOT NULL, train BLOB NOT NULL, test BLOB NOT NULL, "
                      "remembered BLOB NOT NULL, weights BLOB NOT NULL, "
                      "PRIMARY KEY (url, epochs, numbers))");
    database_.execute(fmt::format("PRAGMA user_version = {}", version));
    database_.execute(fmt::format("PRAGMA application_id = {}", application));
}

bool RunStore::has(const Configuration& configuration, std::size_t epochs) {
    const std::lock_guard lock(mutex_);
    has_->bind_text(playground::write_url(configuration))
        .bind(static_cast<std::int64_t>(epochs))
        .bind_text(numbers_);
    const bool found = has_->step();
    has_->reset();
    return found;
}

std::optional<Run> RunStore::find(const Configuration& configuration, std::size_t epochs) {
    const std::lock_guard lock(mutex_);
    const auto url = playground::write_url(configuration);
    find_->bind_text(url).bind(static_cast<std::int64_t>(epochs)).bind_text(numbers_);
    if (!find_->step())
        return std::nullopt;
    auto run = run_of(configuration, epochs, *find_);
    find_->reset();
    if (!run)
        throw FileError(fmt::format("the store \"{}\" has a damaged row: its parts do not fit "
                                    "together for {} at {} epochs",
                                    path(), url, epochs));
    return run;
}

void RunStore::add(const std::vector<Run>& runs) {
    const std::lock_guard lock(mutex_);
    Transaction transaction(database_);
    for (const auto& run : runs) {
        std::vector<std::size_t> remembered;
        std::vector<double> weights;
        for (const auto& snapshot : run.snapshots) {
            remembered.push_back(snapshot.epoch);
            weights.insert(weights.end(), snapshot.weights.begin(), snapshot.weights.end());
        }
        add_->bind_text(playground::write_url(run.configuration))
            .bind(static_cast<std::int64_t>(run.epochs()))
            .bind_text(numbers_)
            .bind(std::optional(run.train_loss()))
            .bind(std::optional(run.test_loss()))
            .bind(static_cast<std::int64_t>(run.dead_weights))
            .bind_blob(epochs_blob(run.curve.epoch))
            .bind_blob(bytes_of(run.curve.train))
            .bind_blob(bytes_of(run.curve.test))
            .bind_blob(epochs_blob(remembered))
            .bind_blob(bytes_of(weights))
            .run();
    }
    transaction.commit();
}

std::size_t RunStore::size() {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(database_.number("SELECT count(*) FROM runs"));
}

std::size_t RunStore::merge(const std::string& other) {
    std::error_code ignored;
    if (std::filesystem::equivalent(other, path(), ignored))
        return 0;
    // Refuse what is no store before anything is written
    RunStore(other, numbers_, Database::Use::read);

    const std::lock_guard lock(mutex_);
    Statement(database_, "ATTACH ? AS other").bind_text(other).run();
    struct Detach {
        Database& database;
        ~Detach() { sqlite3_exec(database.handle(), "DETACH other", nullptr, nullptr, nullptr); }
    } const detach{database_};
    Transaction transaction(database_);

    // The same run is the same to the last bit, whichever machine made it
    Statement differing(
        database_,
        "SELECT a.url, a.epochs FROM runs a JOIN other.runs b USING (url, epochs, numbers) "
        "WHERE a.train IS NOT b.train OR a.test IS NOT b.test "
        "OR a.weights IS NOT b.weights OR a.dead_weights IS NOT b.dead_weights "
        "OR a.measured IS NOT b.measured OR a.remembered IS NOT b.remembered LIMIT 1");
    if (differing.step())
        throw FileError(fmt::format("the stores \"{}\" and \"{}\" differ in the run {} of {} "
                                    "epochs, which both have; one of them is damaged",
                                    path(), other, differing.text(0), differing.number(1)));
    database_.execute("INSERT OR IGNORE INTO runs SELECT * FROM other.runs");
    const auto added = static_cast<std::size_t>(sqlite3_changes64(database_.handle()));
    transaction.commit();
    return added;
}

} // namespace handgrad::study
