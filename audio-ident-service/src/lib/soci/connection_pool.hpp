#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/result.hpp"
#include "lib/soci/connection.hpp"

namespace audio_ident::lib {

/// Up to `size` connections, opened on demand and reused. Thread-safe. Must outlive its leases.
class ConnectionPool {
  public:
    using Open = std::function<Result<std::unique_ptr<Connection>>(const Deadline&)>;

    /// A connection on loan. The destructor returns it to the pool unless it was discarded.
    class Lease {
      public:
        Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection);
        ~Lease();
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&&) = delete;

        Connection& operator*() { return *connection_; }
        Connection* operator->() { return connection_.get(); }
        /// False after discard(), and when it was moved from.
        bool holds() const { return connection_ != nullptr; }
        /// Closes the connection instead of reusing it. Call this after a failure that may have left it in an unknown
        /// state.
        void discard();

      private:
        struct Return {
            ConnectionPool* pool;
            void operator()(Connection* connection) const { pool->give_back(std::unique_ptr<Connection>(connection)); }
        };
        std::unique_ptr<Connection, Return> connection_;
    };

    ConnectionPool(Open open, std::size_t size) : open_(std::move(open)), free_slots_(size) {}

    /// Waits for a free connection, or opens one. Fails with timeout when none is free before the deadline, or as
    /// opening fails. The deadline also applies to the connection's statements.
    Result<Lease> acquire(const Deadline& deadline);

  private:
    void give_back(std::unique_ptr<Connection> connection);

    const Open open_;
    std::mutex mutex_;
    std::condition_variable_any freed_;
    std::size_t free_slots_;  ///< connections that can still be lent: idle, or not yet opened
    std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace audio_ident::lib
