#ifndef COLLAPSE_KERNELS_H
#define COLLAPSE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The inner loops of the project. Every function is compiled for several x86-64 levels and chosen at load time; all of
// them, on every processor, return the same bits: sums keep a fixed order of sixteen lanes and products are
// fused with additions everywhere (the scatter) or nowhere (all else).
//
// A row is `dimension` consecutive features in storage type, at any byte; `rows` lists where the rows of one group start
// (the rows of one class in one window of the stream), `count` of them.

// What is folded next: rows that follow those of the group in its list, and the mean of their class, NULL where that is
// not known. The processor fetches them meanwhile; no result depends on it.
typedef struct {
  size_t rows;
  const double *centre;
  const double *carry;
} collapse_next;

// Σ over the group of (h − centre − carry), per feature, into `sum` [dimension], and Σ‖h − centre − carry‖² as result.
// `carry` may be NULL, for zero.
double collapse_fold_f16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *carry, double *sum, collapse_next next);
double collapse_fold_bf16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *carry, double *sum, collapse_next next);
double collapse_fold_f32(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *carry, double *sum, collapse_next next);
double collapse_fold_f64(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *carry, double *sum, collapse_next next);

// ‖·‖² of a group's residuals and of their sum.
typedef struct {
  double squares;
  double squared_sum;
} collapse_squares;

// A group of 1 to 4 rows in one visit: Σ‖r‖² and ‖Σr‖² of the residuals r = h − centre − carry, and the Welford step
// centre ← centre + Σr / total. The bits are those of the fold and the step. `carry` may be NULL.
collapse_squares collapse_fold_few_f16(const void *const *rows, size_t count, size_t dimension, double *centre,
                                       double *carry, double total, collapse_next next);
collapse_squares collapse_fold_few_bf16(const void *const *rows, size_t count, size_t dimension, double *centre,
                                       double *carry, double total, collapse_next next);
collapse_squares collapse_fold_few_f32(const void *const *rows, size_t count, size_t dimension, double *centre,
                                       double *carry, double total, collapse_next next);
collapse_squares collapse_fold_few_f64(const void *const *rows, size_t count, size_t dimension, double *centre,
                                       double *carry, double total, collapse_next next);

// Asks for the cache line of an address that will be read soon.
static inline void collapse_prefetch(const void *address) { __builtin_prefetch(address); }

// The residual rows (h − centre − carry) − share · sum of the group into `residuals` [count × dimension]. `carry` may be
// NULL.
void collapse_residuals_f16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                            const double *carry, const double *sum, double share, double *residuals);
void collapse_residuals_bf16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                            const double *carry, const double *sum, double share, double *residuals);
void collapse_residuals_f32(const void *const *rows, size_t count, size_t dimension, const double *centre,
                            const double *carry, const double *sum, double share, double *residuals);
void collapse_residuals_f64(const void *const *rows, size_t count, size_t dimension, const double *centre,
                            const double *carry, const double *sum, double share, double *residuals);

// `count` features widened to double.
void collapse_widen_f16(const void *features, size_t count, double *out);
void collapse_widen_bf16(const void *features, size_t count, double *out);
void collapse_widen_f32(const void *features, size_t count, double *out);
void collapse_widen_f64(const void *features, size_t count, double *out);

// Half precision widened by integer arithmetic, as all kernels do where the processor cannot.
void collapse_widen_half(const void *features, size_t count, double *out);

// `count` floats rounded to features, to the nearest, ties to even; none of them is a NaN.
void collapse_narrow_f16(const float *values, size_t count, void *features);
void collapse_narrow_bf16(const float *values, size_t count, void *features);
void collapse_narrow_f32(const float *values, size_t count, void *features);
void collapse_narrow_f64(const float *values, size_t count, void *features);

// The index of the first NaN or infinite feature among `count`, or `count` where all are finite.
size_t collapse_first_nonfinite_f16(const void *features, size_t count);
size_t collapse_first_nonfinite_bf16(const void *features, size_t count);
size_t collapse_first_nonfinite_f32(const void *features, size_t count);
size_t collapse_first_nonfinite_f64(const void *features, size_t count);

// The Welford step of a mean: centre ← centre + sum / total; returns ‖sum‖². With `carry`, the mean is the unevaluated
// sum centre + carry, and the step loses nothing to rounding that two doubles can hold.
double collapse_welford_step(double *centre, double *carry, const double *sum, size_t dimension, double total);

// out ← (a + a_carry) − (b + b_carry), per feature; a carry may be NULL, for zero. Returns ‖out‖².
double collapse_difference(const double *a, const double *a_carry, const double *b, const double *b_carry,
                           size_t dimension, double *out);

// Rows [dimension] each, in panels: the columns by 64 bytes (8 float64 or 16 float32), the last panel padded with zeros; a
// panel holds its columns of all `rows` rows, row after row. Writes the rows first ..< end of `source` into `panels`, which
// is aligned to 64 bytes; suffixes name the types of source and panels.
void collapse_pack_f64_f64(const void *source, size_t dimension, size_t rows, size_t first, size_t end, void *panels);
void collapse_pack_f64_f32(const void *source, size_t dimension, size_t rows, size_t first, size_t end, void *panels);

// A tile of RᵀR for rows R in panels: `product` [height × width] holds the products of the columns row ..< row + height
// with the columns column ..< column + width; where row == column, only what is on and above the diagonal has a meaning.
// All four are multiples of a panel's columns. An element is the sum of chains of fused multiply-adds over 256 rows of
// float64 or 128 of float32, in that type; the chains are added in float64, in order.
void collapse_scatter_f64(const void *panels, size_t rows, size_t row, size_t height, size_t column, size_t width,
                          double *product);
void collapse_scatter_f32(const void *panels, size_t rows, size_t row, size_t height, size_t column, size_t width,
                          double *product);

// Up to eight rows [dimension] each as one panel of the scatter's kernels, [dimension × 8]: what that kernel makes of panels of
// transposed rows is tiles of the rows' Gram matrix.
void collapse_pack_transposed(const double *source, size_t dimension, size_t count, double *panel);

// The statistics over pairs of classes: of each its name, how its histogram is counted, and its value for regular pairs in terms
// of what the kernel has of them: `variances` σ²_a + σ²_b, `reciprocal` 1/‖μ_a − μ_b‖², `cdnv`, `cdnv_squared`, `cosine`,
// `chord` ‖û_a − û_b‖, and `logarithm`, that of the squared chord.
//
// OCTAVES counts positive values by their exponents, EVEN all values in bins of one width; a statistic that is a function of the
// cosine alone is UNCOUNTED, since the histogram of the cosine says where it is.
#define COLLAPSE_PAIRS(X)                                                     \
  X(cdnv, OCTAVES, cdnv)                                                      \
  X(cdnv_squared, OCTAVES, cdnv_squared)                                      \
  X(interference, EVEN, cosine)                                               \
  X(absolute_interference, UNCOUNTED, __builtin_elementwise_abs(cosine))      \
  X(logarithmic_energy, UNCOUNTED, logarithm * -0.5)                          \
  X(distance, UNCOUNTED, chord)                                               \
  X(riesz_energy, UNCOUNTED, 1 / chord)                                       \
  /* a line each */

// Their places in what the kernel finds.
#define COLLAPSE_PAIR_PLACE(name, bins, value) collapse_pair_##name,
typedef enum __attribute__((enum_extensibility(closed))) collapse_pair_statistic : int32_t {
  COLLAPSE_PAIRS(COLLAPSE_PAIR_PLACE)
} collapse_pair_statistic;
#undef COLLAPSE_PAIR_PLACE

#define COLLAPSE_PAIR_ONE(name, bins, value) +1
enum { COLLAPSE_PAIR_STATISTICS = COLLAPSE_PAIRS(COLLAPSE_PAIR_ONE) };
#undef COLLAPSE_PAIR_ONE

// What decides which pairs are computed again from the difference: ‖a − b‖² below this share of ‖a‖² + ‖b‖², and a squared
// chord 2 − 2cos below this.
#define COLLAPSE_DISTANCE_CANCELS 1e-3
#define COLLAPSE_CHORD_CANCELS 2e-3

// Bins of a histogram. It has room for one bin more, which is not for reading.
enum { COLLAPSE_BINS = 512 };

// Where the bins of a histogram lie. EVEN: a value x is in bin (x − from) · scale. OCTAVES: in bin (bits >> shift) − first, where
// bits are those of the double. What is below the bins is in the first, what is above in the last.
typedef struct {
  double from;
  double scale;
  int32_t shift;
  int32_t first;
} collapse_pair_bins;

// Classes of one side of a tile: ‖m‖², 1/‖m‖ (NaN where m has no direction) and σ², readable to the next multiple of eight.
typedef struct {
  size_t count;
  const double *squares;
  const double *inverses;
  const double *variances;
} collapse_pair_classes;

// A tile of the Gram matrix of centred class means, [rows × columns], its rows `stride` apart and readable to the next multiple
// of eight; on the diagonal only pairs with row < column are taken.
typedef struct {
  const double *inner;
  size_t stride;
  int is_diagonal;
  collapse_pair_classes rows;
  collapse_pair_classes columns;
} collapse_pair_tile;

// Of each class of one side, over the other: Σ CDNV, the largest cosine (−2 where there is none), and whose it is (of several,
// the first; −1). Writable to the next multiple of eight.
typedef struct {
  double *cdnv;
  double *coherence;
  int64_t *nearest;
} collapse_pair_neighbours;

typedef struct {
  // Of the regular pairs: their number, and Σ (x − shift) and Σ (x − shift)² of each statistic x.
  size_t pairs;
  double sum[COLLAPSE_PAIR_STATISTICS];
  double square[COLLAPSE_PAIR_STATISTICS];
  // [COLLAPSE_PAIR_STATISTICS × (COLLAPSE_BINS + 1)], added to.
  uint32_t *histograms;
  collapse_pair_neighbours rows;
  collapse_pair_neighbours columns;
  // Pairs that are left out everywhere, as row · columns + column: those that cancel, have no direction, or are not finite.
  uint32_t *exceptions;
  size_t exception_count;
} collapse_pair_results;

// All pair statistics of the pairs of a tile, in one visit.
void collapse_pairs(const collapse_pair_tile *tile, const double *shifts, const collapse_pair_bins *bins,
                    collapse_pair_results *results);

// sums ← sums + terms; with carries, sums + carries is exact but for the rounding of the carry (Knuth's TwoSum).
void collapse_add(const double *terms, size_t count, double *sums);
void collapse_add_carrying(const double *terms, size_t count, double *sums, double *carries);

// The greatest of products + factor · offsets, `count` of each, rounded after the product and after the sum; minus infinity
// where there are none. No number is a NaN.
float collapse_greatest_sum(const float *products, const float *offsets, float factor, size_t count);

// The greatest of products + factor · offsets + scale · rests, of `count` of each; otherwise as above.
float collapse_greatest_bound(const float *products, const float *offsets, float factor, const float *rests, float scale,
                              size_t count);

// Σ a·b of `count` floats, in sixty-four lanes.
float collapse_dot_f32(const float *a, const float *b, size_t count);

// Reverses the bytes of each of `count` elements of `width` (2, 4 or 8) bytes, in place.
void collapse_swap_bytes(void *elements, size_t count, size_t width);

// Puts the bytes of elements of `width` bytes together that were stored apart: all first bytes, then all second ones, …
// Bytes beyond the last whole element stay as they are. `shuffled` and `elements` hold `bytes` bytes each, apart.
void collapse_unshuffle(const void *shuffled, size_t bytes, size_t width, void *elements);

#endif
