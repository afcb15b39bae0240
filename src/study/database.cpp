#include "database.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <thread>

namespace handgrad::study {

namespace {

// Another process writes a few runs in milliseconds; who waits this long waits for one that hangs
constexpr int patience_in_milliseconds = 60000;

// What a person can do about it
std::string reason(int code, sqlite3* handle) {
    const int system = handle ? sqlite3_system_errno(handle) : 0;
    if (code == SQLITE_IOERR && (system == ENOSPC || system == EDQUOT))
        code = SQLITE_FULL;
    switch (code) {
    case SQLITE_FULL:
        return "cannot be written, the disk is full; the runs that it holds stay, so make room and "
               "call the same command again";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fmt::format("is held by another process and was not free within {} seconds",
                           patience_in_milliseconds / 1000);
    case SQLITE_READONLY:
        return "cannot be written, it may only be read";
    case SQLITE_CANTOPEN:
        return "cannot be opened: the file or its folder is not there, or may not be used";
    case SQLITE_NOTADB:
        return "is no store of runs, it is another kind of file";
    case SQLITE_CORRUPT:
        return "is damaged";
    default:
        return fmt::format("cannot be used: {}", handle ? sqlite3_errmsg(handle) : "out of memory");
    }
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Statement::Statement(Database& database, std::string_view sql) : database_(&database) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                        &statement, nullptr);
    statement_.reset(statement);
    expect(code);
}

void Statement::expect(int code) const {
    if (code != SQLITE_OK)
        database_->fail(code);
}

Statement& Statement::bind(std::int64_t number) {
    expect(sqlite3_bind_int64(statement_.get(), ++parameter_, number));
    return *this;
}

Statement& Statement::bind(std::optional<double> number) {
    ++parameter_;
    expect(number && std::isfinite(*number)
               ? sqlite3_bind_double(statement_.get(), parameter_, *number)
               : sqlite3_bind_null(statement_.get(), parameter_));
    return *this;
}

Statement& Statement::bind_text(std::string_view text) {
    expect(sqlite3_bind_text64(statement_.get(), ++parameter_, text.data(), text.size(),
                               SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_blob(std::string_view bytes) {
    expect(sqlite3_bind_blob64(statement_.get(), ++parameter_, bytes.data(), bytes.size(),
                               SQLITE_TRANSIENT));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW)
        return true;
    reset();
    if (code != SQLITE_DONE)
        database_->fail(code);
    return false;
}

void Statement::reset() {
    sqlite3_reset(statement_.get());
    parameter_ = 0;
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string Statement::text(int column) const {
    return blob(column);
}

std::string Statement::blob(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return bytes ? std::string(bytes, size) : std::string();
}

void Database::Close::operator()(sqlite3* handle) const {
    sqlite3_close(handle);
}

Database::Database(const std::string& path, Use use) : path_(path) {
    if (path.empty())
        throw FileError("the store is \"\", it must be the name of a file");
    // SQLite means a database in memory by some names with a colon in front
    const std::string name = path.front() == ':' ? "./" + path : path;
    sqlite3* handle = nullptr;
    const int flags =
        use == Use::create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK)
        fail(code);
    sqlite3_busy_timeout(handle_.get(), patience_in_milliseconds);
}

void Database::execute(const std::string& sql) {
    if (const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
        code != SQLITE_OK)
        fail(code);
}

std::int64_t Database::number(std::string_view sql) {
    Statement statement(*this, sql);
    return statement.step() ? statement.number(0) : 0;
}

void Database::use_write_ahead_log() {
    // To switch takes the file for oneself, and SQLite does not always wait for that
    for (int waited = 0;; waited += 10) {
        char* ignored = nullptr;
        const int code =
            sqlite3_exec(handle_.get(), "PRAGMA journal_mode = WAL", nullptr, nullptr, &ignored);
        sqlite3_free(ignored);
        if (code == SQLITE_OK)
            return;
        if (code != SQLITE_BUSY || waited >= patience_in_milliseconds)
            fail(code);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

void Database::fail(int code) const {
    const int primary = code & 0xff; // without the details that SQLite adds in the higher bits
    throw DatabaseError(fmt::format("the store \"{}\" {}", path_, reason(primary, handle_.get())),
                        primary);
}

Transaction::~Transaction() {
    // After some errors, such as a full disk, SQLite has undone all by itself
    if (!committed_ && !sqlite3_get_autocommit(database_.handle()))
        sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace handgrad::study
