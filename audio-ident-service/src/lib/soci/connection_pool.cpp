#include "lib/soci/connection_pool.hpp"

#include <utility>

namespace audio_ident::lib {

ConnectionPool::Lease::Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection)
    : connection_(connection.release(), Return{&pool}) {}

ConnectionPool::Lease::~Lease() = default;

void ConnectionPool::Lease::discard() {
    if (!connection_) return;
    ConnectionPool* pool = connection_.get_deleter().pool;
    std::unique_ptr<Connection> closing(connection_.release());
    closing.reset();
    pool->give_back(nullptr);
}

Result<ConnectionPool::Lease> ConnectionPool::acquire(const Deadline& deadline) {
    std::unique_ptr<Connection> connection;
    {
        std::unique_lock lock(mutex_);
        const auto has_slot = [this] { return free_slots_ > 0; };
        if (deadline.when() == Deadline::Clock::time_point::max()) {
            freed_.wait(lock, deadline.stop_token(), has_slot);
        } else {
            freed_.wait_until(lock, deadline.stop_token(), deadline.when(), has_slot);
        }
        if (deadline.expired() || free_slots_ == 0) {
            return fail(ErrorKind::timeout, "no database connection was free before the deadline; try again");
        }
        --free_slots_;
        if (!idle_.empty()) {
            connection = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    if (connection && !connection->is_usable()) connection.reset();
    if (!connection) {
        auto opened = open_(deadline);
        if (!opened) {
            give_back(nullptr);
            return forward(opened);
        }
        connection = std::move(*opened);
    }
    connection->set_deadline(deadline);
    return Lease(*this, std::move(connection));
}

void ConnectionPool::give_back(std::unique_ptr<Connection> connection) {
    if (connection) connection->set_deadline(Deadline());
    {
        const std::lock_guard lock(mutex_);
        ++free_slots_;
        if (connection) idle_.push_back(std::move(connection));
    }
    freed_.notify_one();
}

}  // namespace audio_ident::lib
