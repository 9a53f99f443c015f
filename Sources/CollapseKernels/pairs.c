#include <float.h>

#include "CollapseKernels.h"
#include "dispatch.h"

typedef double doubles __attribute__((vector_size(64)));
typedef double doubles_in_memory __attribute__((vector_size(64), aligned(8)));
typedef int64_t integers __attribute__((vector_size(64)));
typedef int64_t integers_in_memory __attribute__((vector_size(64), aligned(8)));
typedef uint64_t naturals __attribute__((vector_size(64)));
typedef int32_t places __attribute__((vector_size(32)));

#define PICK(mask, a, b) ((doubles)(((mask) & (integers)(a)) | (~(mask) & (integers)(b))))
#define SUM(v) (((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7])))

// The bins of eight values, computed as the list of statistics says. Values of irregular pairs go to a bin after the
// last.
#define BIN(index) ((__builtin_elementwise_min(__builtin_elementwise_max(index, (places){0}), last) & ~skip) | (skip & COLLAPSE_BINS))
#define BIN_OCTAVES(s) bin[s] = BIN(__builtin_convertvector((naturals)value[s] >> bins[s].shift, places) - bins[s].first);
#define BIN_EVEN(s) bin[s] = BIN(__builtin_convertvector((value[s] - bins[s].from) * bins[s].scale, places));
#define BIN_UNCOUNTED(s)
#define COUNT_OCTAVES(s, lane) histograms[(s) * (COLLAPSE_BINS + 1) + bin[s][lane]]++;
#define COUNT_EVEN(s, lane) COUNT_OCTAVES(s, lane)
#define COUNT_UNCOUNTED(s, lane)
#define BIN_OF(name, kind, value) BIN_##kind(collapse_pair_##name)
#define COUNT_OF(name, kind, value) COUNT_##kind(collapse_pair_##name, l)
#define VALUE_OF(name, kind, value) value,

#ifdef __x86_64__
#define TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define NAME(name) name##_v4
#include "pairs.h"
#undef TARGET
#undef NAME
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define NAME(name) name##_v3
#include "pairs.h"
#undef TARGET
#undef NAME
#define CHOOSE (__builtin_cpu_supports("x86-64-v4") ? pairs_v4 : __builtin_cpu_supports("x86-64-v3") ? pairs_v3 : pairs_baseline)
#else
#define CHOOSE pairs_baseline
#endif
#define TARGET
#define NAME(name) name##_baseline
#include "pairs.h"

void collapse_pairs(const collapse_pair_tile *tile, const double *shifts, const collapse_pair_bins *bins,
                    collapse_pair_results *results) {
  CHOOSE(tile, shifts, bins, results);
}

// A panel holds eight rows side by side, so that a tile's kernel can read them as columns.
CLONES void collapse_pack_transposed(const double *restrict source, size_t dimension, size_t count, double *restrict panel) {
  for (size_t k = 0; k < dimension; k++)
    for (size_t l = 0; l < 8; l++) panel[8 * k + l] = l < count ? source[l * dimension + k] : 0;
}
