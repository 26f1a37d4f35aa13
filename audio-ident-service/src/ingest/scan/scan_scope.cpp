#include "ingest/scan/scan_scope.hpp"

#include <utility>

namespace audio_ident::ingest {

Result<std::optional<NameList>> ScanScope::open_list() const {
    if (!from_file) return std::optional<NameList>();
    auto list = NameList::open(*from_file);
    if (!list) return forward(list);
    return std::optional<NameList>(std::move(*list));
}

Result<void> ScanScope::scan(Scanner& scanner, NameList* list) const {
    for (const auto& path : paths) scanner.scan(path);
    if (list) {
        if (auto scanned = scanner.scan_list(*list); !scanned) return scanned;
    }
    for (const auto& path : leftovers) {
        const auto status = file_status(path);
        if (status && *status) scanner.scan(path);
    }
    return {};
}

}  // namespace audio_ident::ingest
