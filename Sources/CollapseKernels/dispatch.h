#ifndef COLLAPSE_DISPATCH_H
#define COLLAPSE_DISPATCH_H

// One binary for every node: the loader picks the version for the processor.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONES
#endif

// Inlined into each clone, so that it is compiled for the clone's processor.
#define INLINE static inline __attribute__((always_inline))

// A fused multiply-add rounds once, a multiply and an add twice. With contraction, results would depend on the
// processor.
#pragma STDC FP_CONTRACT OFF

#endif
