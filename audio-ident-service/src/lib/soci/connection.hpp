#pragma once

#include <exception>
#include <string>

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "lib/soci/soci.hpp"

namespace audio_ident::lib {

/// One connection to an SQL database, for one thread at a time. SOCI's calls on session() throw; describe() says what
/// the exception means.
class Connection {
  public:
    virtual ~Connection() = default;

    virtual soci::session& session() = 0;
    /// Statements from here on wait and run until then, and fail after it.
    virtual void set_deadline(const Deadline& deadline) = 0;
    /// Runs any number of statements separated by ';'; throws. (SOCI itself runs one, and cuts triggers in two.)
    virtual void run_script(const std::string& sql) = 0;
    /// False when the database behind it is gone, so that a new connection is needed.
    virtual bool is_usable() = 0;
    /// An exception thrown by this connection, as an Error. Call it before the connection is used again.
    virtual Error describe(const std::exception& exception) = 0;
};

/// Begins a transaction; rolls it back in the destructor unless commit() was called.
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
            // The database has rolled back already, or the connection is gone, which comes to the same.
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
