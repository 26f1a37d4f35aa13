#pragma once

#include <optional>
#include <string>

#include "lib/soci/soci.hpp"

namespace audio_ident::lib {

/// A value that may be NULL, in the form that SOCI binds and fetches. Do not move it while the query lives.
template <typename T>
class Nullable {
  public:
    Nullable() = default;
    template <typename U>
    explicit Nullable(const std::optional<U>& value) {
        if (!value) return;
        value_ = static_cast<T>(*value);
        indicator_ = soci::i_ok;
    }

    template <typename U>
    std::optional<U> get() const {
        if (indicator_ != soci::i_ok) return std::nullopt;
        return static_cast<U>(value_);
    }

    T& value() { return value_; }
    soci::indicator& indicator() { return indicator_; }

  private:
    T value_{};
    soci::indicator indicator_ = soci::i_null;
};

/// A statement whose parts are known only at run time. Methods throw soci::soci_error.
class Query {
  public:
    explicit Query(soci::session& session) : statement_(session) {}

    /// Binds the value of ":name".
    template <typename T>
    Query& use(T& value, const std::string& name) {
        statement_.exchange(soci::use(value, name));
        return *this;
    }
    template <typename T>
    Query& use(Nullable<T>& value, const std::string& name) {
        statement_.exchange(soci::use(value.value(), value.indicator(), name));
        return *this;
    }
    /// Binds the destination of the next column.
    template <typename T>
    Query& into(T& value) {
        statement_.exchange(soci::into(value));
        return *this;
    }
    template <typename T>
    Query& into(Nullable<T>& value) {
        statement_.exchange(soci::into(value.value(), value.indicator()));
        return *this;
    }

    /// Runs the statement once. Returns the number of changed rows.
    long long change(const std::string& sql) {
        start(sql);
        statement_.execute(true);
        return statement_.get_affected_rows();
    }
    /// Starts the statement. Each next() then fetches a row into the into() destinations, until it returns false.
    void select(const std::string& sql) {
        start(sql);
        statement_.execute(false);
    }
    bool next() { return statement_.fetch(); }

  private:
    void start(const std::string& sql) {
        statement_.alloc();
        statement_.prepare(sql);
        statement_.define_and_bind();
    }

    soci::statement statement_;
};

}  // namespace audio_ident::lib
