#pragma once

#include <exception>
#include <string>

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "lib/soci/soci.hpp"

namespace audio_ident::lib {

/// A connection to an SQL database, for one thread at a time. SOCI's calls on session() throw; describe() turns the
/// exception into an Error.
class Connection {
  public:
    virtual ~Connection() = default;

    virtual soci::session& session() = 0;
    /// Applies to all following statements: they fail when they wait or run past the deadline.
    virtual void set_deadline(const Deadline& deadline) = 0;
    /// Runs any number of statements separated by ';'. Throws. (SOCI runs only one statement and would split a
    /// trigger.)
    virtual void run_script(const std::string& sql) = 0;
    /// False when the database is gone and a new connection is needed.
    virtual bool is_usable() = 0;
    /// Turns an exception from this connection into an Error. Call it before using the connection again.
    virtual Error describe(const std::exception& exception) = 0;
};

/// A transaction. The destructor rolls back unless commit() was called.
class Transaction {
  public:
    Transaction(Connection& connection, const std::string& begin) : connection_(connection) {
        connection_.run_script(begin);
        open_ = true;
    }
    ~Transaction() {
        if (!open_) return;
        try {
            connection_.session() << "ROLLBACK";
        } catch (const std::exception&) {
            // The database has already rolled back, or the connection is gone, which has the same effect.
        }
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit() {
        connection_.session() << "COMMIT";
        open_ = false;
    }

  private:
    Connection& connection_;
    bool open_ = false;
};

}  // namespace audio_ident::lib
