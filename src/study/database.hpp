#pragma once

/// @file
/// SQLite behind two classes that close what they open.

#include "../errors.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace handgrad::study {

/// What SQLite refused, with its own number for why: SQLITE_FULL, SQLITE_BUSY, …
class DatabaseError : public FileError {
public:
    /// @param message the whole sentence
    /// @param code SQLite's primary result code
    DatabaseError(const std::string& message, int code) : FileError(message), code_(code) {}
    int code() const { return code_; } ///< SQLite's primary result code

private:
    int code_;
};

class Database;

/// A prepared statement: its parameters are bound from left to right, its columns read likewise.
class Statement {
public:
    /// Prepares `sql`, a single statement.
    /// @throws DatabaseError if SQLite does not understand it
    Statement(Database& database, std::string_view sql);

    /// Binds the next parameter. Texts and blobs are copied.
    Statement& bind(std::int64_t number);
    Statement& bind(std::optional<double> number); ///< none, or not finite: NULL
    Statement& bind_text(std::string_view text);   ///< likewise for a text
    Statement& bind_blob(std::string_view bytes);  ///< likewise for bytes

    /// Goes to the next row.
    /// @return is there one? After the last, the statement may be bound and run again.
    /// @throws DatabaseError if SQLite refuses
    bool step();

    /// Runs a statement that has no rows.
    void run() {
        while (step()) {
        }
    }

    /// Forgets the rows that are left, so that it may be bound and run again.
    void reset();

    std::int64_t number(int column) const; ///< a whole number
    std::string text(int column) const;    ///< a text
    std::string blob(int column) const;    ///< bytes

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    Database* database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    int parameter_ = 0;

    void expect(int code) const;
};

/// A connection to one database file.
class Database {
public:
    /// What a file is opened for.
    enum class Use {
        create, ///< to read and write; made where there is none
        read    ///< to read what is there
    };

    /// @param path named in every message
    /// @throws DatabaseError if the file cannot be opened so
    Database(const std::string& path, Use use);

    /// Runs statements that need no parameters and give no rows.
    void execute(const std::string& sql);

    /// Switches the file to a write-ahead log, for good. Waits for other processes.
    void use_write_ahead_log();

    /// The single number that `sql` gives, 0 where it gives none.
    std::int64_t number(std::string_view sql);

    /// Throws what SQLite says of `code`, as a sentence that names the file.
    [[noreturn]] void fail(int code) const;

    sqlite3* handle() const { return handle_.get(); } ///< for SQLite's own functions
    const std::string& path() const { return path_; } ///< the file

private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    std::string path_;
    std::unique_ptr<sqlite3, Close> handle_;
};

/// All or nothing: what is written while one of these lives is undone unless `commit` is called.
class Transaction {
public:
    /// Waits for its turn to write.
    explicit Transaction(Database& database) : database_(database) {
        database_.execute("BEGIN IMMEDIATE");
    }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// Keeps what was written.
    void commit() {
        database_.execute("COMMIT");
        committed_ = true;
    }

private:
    Database& database_;
    bool committed_ = false;
};

} // namespace handgrad::study
