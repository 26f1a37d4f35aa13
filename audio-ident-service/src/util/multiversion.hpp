#pragma once

/// Marks a hot loop to be compiled for several instruction sets, the best one chosen at run time. Results are the same
/// on all of them: the build forbids contraction to fused multiply-add, and no reduction is reordered.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(AUDIO_IDENT_SANITIZED)
#define AUDIO_IDENT_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define AUDIO_IDENT_MULTIVERSION
#endif
