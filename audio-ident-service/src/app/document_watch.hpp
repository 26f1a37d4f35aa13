#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "catalog/document_store.hpp"

namespace audio_ident::app {

/// Notices when another program replaces or removes documents that this one has read. Thread-safe.
class DocumentWatch {
  public:
    using OnChange = std::function<void(const std::string& name)>;

    /// Looks every second, and calls `on_change` on another thread. A document that is missing for a moment has not
    /// changed. `documents` outlives it.
    DocumentWatch(catalog::DocumentStore& documents, std::vector<std::string> names, OnChange on_change,
                  std::chrono::milliseconds interval = std::chrono::seconds(1));

  private:
    void watch(const std::stop_token& stop) const;

    catalog::DocumentStore& documents_;
    std::vector<std::string> names_;
    OnChange on_change_;
    std::chrono::milliseconds interval_;
    std::vector<std::string> first_;  ///< stamps
    std::jthread thread_;
};

}  // namespace audio_ident::app
