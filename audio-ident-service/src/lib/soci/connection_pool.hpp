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

/// At most `size` connections, opened when needed and kept for the next caller. Thread-safe; outlives its leases.
class ConnectionPool {
  public:
    using Open = std::function<Result<std::unique_ptr<Connection>>(const Deadline&)>;

    /// A connection on loan; goes back to the pool in the destructor unless it was discarded.
    class Lease {
      public:
        Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection);
        ~Lease();
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&&) = delete;

        Connection& operator*() { return *connection_; }
        Connection* operator->() { return connection_.get(); }
        /// Closes the connection instead of keeping it: after a failure that may have left it in any state.
        void discard();

      private:
        struct Return {
            ConnectionPool* pool;
            void operator()(Connection* connection) const { pool->give_back(std::unique_ptr<Connection>(connection)); }
        };
        std::unique_ptr<Connection, Return> connection_;
    };

    ConnectionPool(Open open, std::size_t size) : open_(std::move(open)), free_slots_(size) {}

    /// Waits for a free connection until the deadline (timeout), and opens one if there is none (its failures). The
    /// deadline holds for the connection's statements too.
    Result<Lease> acquire(const Deadline& deadline);

  private:
    void give_back(std::unique_ptr<Connection> connection);

    const Open open_;
    std::mutex mutex_;
    std::condition_variable_any freed_;
    std::size_t free_slots_;  ///< connections that may yet be lent, idle or not opened
    std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace audio_ident::lib
