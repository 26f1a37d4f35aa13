#pragma once

/// Marks a hot loop, so that the compiler builds it for several instruction sets and the program chooses the best at
/// run time. All give the same results: the build forbids contraction to fused multiply-add, and no reduction is
/// reordered.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(AUDIO_IDENT_SANITIZED)
#define AUDIO_IDENT_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define AUDIO_IDENT_MULTIVERSION
#endif
