#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "catalog/monitor_store.hpp"
#include "monitor/plays/ledger.hpp"
#include "monitor/rolling/heard_piece.hpp"

namespace audio_ident::monitor {

/// What is known of a station over the last hours.
struct HeardHours {
    Uuid monitor;
    std::vector<HeardPiece> pieces;              ///< oldest first
    std::vector<catalog::PlayRow> plays;         ///< that may overlap the pieces, oldest first
    std::vector<catalog::CountedSound> known;    ///< all sounds
    std::vector<catalog::SoundPlayRow> sounded;  ///< their plays that may overlap the pieces
    /// What was heard before was compared already, and is only compared with what came later.
    Timestamp compared_until{};
    /// Later plays may still change, so what was heard later counts as if it had not been heard yet.
    Timestamp settled_until = Timestamp::max();
};

struct FoundSounds {
    catalog::SoundChanges changes;
    Timestamp compared_until{};  ///< for the next time
};

/// Finds what is heard at least twice and is not covered by a play, 3 s or more of it. What it has found before, it
/// finds again by when it was heard, so a sound keeps its number. Takes 5 MB for each hour of unknown sound. After a
/// stop the changes are empty.
FoundSounds find_sounds(const HeardHours& hours, const std::stop_token& stop);

}  // namespace audio_ident::monitor
