#ifndef COLLAPSE_KERNELS_H
#define COLLAPSE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The inner loops of the project. Every function is compiled for several x86-64 levels, and the best one is chosen at
// load time. All versions return the same bits on every processor. Sums keep a fixed order of sixteen lanes, and
// products are fused with additions either everywhere (the scatter) or nowhere (everything else).
//
// A row is `dimension` consecutive features in storage type, at any byte. A group is the `count` rows of one class in
// one window of the stream; `rows` lists where they start.

// What to fold next: the number of rows that follow the group in its list, and the mean and diagonal of their class, or
// NULL if unknown. This is for prefetching only; no result depends on it.
typedef struct {
  size_t rows;
  const double *centre;
  const double *low_part;
  const double *diagonal;
} collapse_next;

// Writes Σ (h − centre − low_part) over the group, per feature, to `sum` [dimension]. Returns Σ‖h − centre − low_part‖².
// `low_part` may be NULL for zero.
double collapse_fold_f16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *low_part, double *sum, collapse_next next);
double collapse_fold_bf16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *low_part, double *sum, collapse_next next);
double collapse_fold_f32(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *low_part, double *sum, collapse_next next);
double collapse_fold_f64(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *low_part, double *sum, collapse_next next);

// The same, and writes Σ (h − centre − low_part)² over the group, per feature, to `squares` [dimension].
double collapse_fold_diagonal_f16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *low_part, double *sum, double *squares, collapse_next next);
double collapse_fold_diagonal_bf16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *low_part, double *sum, double *squares, collapse_next next);
double collapse_fold_diagonal_f32(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *low_part, double *sum, double *squares, collapse_next next);
double collapse_fold_diagonal_f64(const void *const *rows, size_t count, size_t dimension, const double *centre,
                         const double *low_part, double *sum, double *squares, collapse_next next);

// Σ‖r‖² and ‖Σr‖² of a group's residuals r.
typedef struct {
  double squares;
  double squared_sum;
} collapse_squares;

// Folds a group of 1 to 4 rows in one pass. Returns Σ‖r‖² and ‖Σr‖² of the residuals r = h − centre − low_part, and does
// the Welford step centre ← centre + Σr / total. Gives the same bits as fold and step. `low_part` may be NULL.
collapse_squares collapse_fold_few_f16(const void *const *rows, size_t count, size_t dimension, double *centre,
                                       double *low_part, double total, collapse_next next);
collapse_squares collapse_fold_few_bf16(const void *const *rows, size_t count, size_t dimension, double *centre,
                                       double *low_part, double total, collapse_next next);
collapse_squares collapse_fold_few_f32(const void *const *rows, size_t count, size_t dimension, double *centre,
                                       double *low_part, double total, collapse_next next);
collapse_squares collapse_fold_few_f64(const void *const *rows, size_t count, size_t dimension, double *centre,
                                       double *low_part, double total, collapse_next next);

// The same, and does the step of the class's diagonal, as collapse_diagonal_step does.
collapse_squares collapse_fold_few_diagonal_f16(const void *const *rows, size_t count, size_t dimension,
                                       double *centre, double *low_part, double *diagonal, double total,
                                       collapse_next next);
collapse_squares collapse_fold_few_diagonal_bf16(const void *const *rows, size_t count, size_t dimension,
                                       double *centre, double *low_part, double *diagonal, double total,
                                       collapse_next next);
collapse_squares collapse_fold_few_diagonal_f32(const void *const *rows, size_t count, size_t dimension,
                                       double *centre, double *low_part, double *diagonal, double total,
                                       collapse_next next);
collapse_squares collapse_fold_few_diagonal_f64(const void *const *rows, size_t count, size_t dimension,
                                       double *centre, double *low_part, double *diagonal, double total,
                                       collapse_next next);

// Prefetches the cache line of an address that will be read soon.
static inline void collapse_prefetch(const void *address) { __builtin_prefetch(address); }

// Writes the residual rows (h − centre − low_part) − share · sum of the group to `residuals` [count × dimension]. `low_part`
// may be NULL.
void collapse_residuals_f16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                            const double *low_part, const double *sum, double share, double *residuals);
void collapse_residuals_bf16(const void *const *rows, size_t count, size_t dimension, const double *centre,
                            const double *low_part, const double *sum, double share, double *residuals);
void collapse_residuals_f32(const void *const *rows, size_t count, size_t dimension, const double *centre,
                            const double *low_part, const double *sum, double share, double *residuals);
void collapse_residuals_f64(const void *const *rows, size_t count, size_t dimension, const double *centre,
                            const double *low_part, const double *sum, double share, double *residuals);

// Widens `count` features to double.
void collapse_widen_f16(const void *features, size_t count, double *out);
void collapse_widen_bf16(const void *features, size_t count, double *out);
void collapse_widen_f32(const void *features, size_t count, double *out);
void collapse_widen_f64(const void *features, size_t count, double *out);

// Widens half precision by integer arithmetic, as all kernels do on processors that lack the instruction.
void collapse_widen_half(const void *features, size_t count, double *out);

// Rounds `count` floats, none of them NaN, to features: to the nearest, ties to even.
void collapse_narrow_f16(const float *values, size_t count, void *features);
void collapse_narrow_bf16(const float *values, size_t count, void *features);
void collapse_narrow_f32(const float *values, size_t count, void *features);
void collapse_narrow_f64(const float *values, size_t count, void *features);

// The index of the first NaN or infinite feature among `count`, or `count` if all are finite.
size_t collapse_first_nonfinite_f16(const void *features, size_t count);
size_t collapse_first_nonfinite_bf16(const void *features, size_t count);
size_t collapse_first_nonfinite_f32(const void *features, size_t count);
size_t collapse_first_nonfinite_f64(const void *features, size_t count);

// The Welford step of a mean: centre ← centre + sum / total. Returns ‖sum‖². With `low_part`, the mean is the unevaluated
// sum centre + low_part, and the step keeps all the precision that two doubles can hold.
double collapse_welford_step(double *centre, double *low_part, const double *sum, size_t dimension, double total);

// The Welford step of the sums of squares about the mean, per feature: diagonal ← diagonal + (squares − sum²/total), but
// not below 0.
void collapse_diagonal_step(double *diagonal, const double *squares, const double *sum, size_t dimension, double total);

// out ← (a + a_low_part) − (b + b_low_part), per feature. Returns ‖out‖². A low_part may be NULL for zero.
double collapse_difference(const double *a, const double *a_low_part, const double *b, const double *b_low_part,
                           size_t dimension, double *out);

// Writes the rows first ..< end of `source` [rows × dimension] to `panels`, which is aligned to 64 bytes. A panel holds
// 64 bytes' worth of columns (8 float64 or 16 float32) of all rows, row by row. The last panel is padded with zeros.
// Suffixes name the types of source and panels.
void collapse_pack_f64_f64(const void *source, size_t dimension, size_t rows, size_t first, size_t end, void *panels);
void collapse_pack_f64_f32(const void *source, size_t dimension, size_t rows, size_t first, size_t end, void *panels);

// A tile of RᵀR for rows R in panels: `product` [height × width] receives the products of the columns row ..< row +
// height with the columns column ..< column + width. If row == column, only elements on and above the diagonal are
// valid. All four numbers are multiples of a panel's columns. Each chain of fused multiply-adds covers 256 rows of
// float64 or 128 of float32, in that type. The chains are added in order, in float64.
void collapse_scatter_f64(const void *panels, size_t rows, size_t row, size_t height, size_t column, size_t width,
                          double *product);
void collapse_scatter_f32(const void *panels, size_t rows, size_t row, size_t height, size_t column, size_t width,
                          double *product);

// Packs up to eight rows of `dimension` features into one panel [dimension × 8] of the scatter's kernels. From panels
// of transposed rows, those kernels compute tiles of the rows' Gram matrix.
void collapse_pack_transposed(const double *source, size_t dimension, size_t count, double *panel);

// The statistics over pairs of classes. Each has a name, a kind of histogram, and its value for a regular pair in terms
// of the kernel's variables: `variances` σ²_a + σ²_b, `reciprocal` 1/‖μ_a − μ_b‖², `cdnv`, `cdnv_squared`, `cosine`,
// `chord` ‖û_a − û_b‖, `logarithm` of the squared chord, and `simplex`, the tile's cosine in a simplex.
//
// OCTAVES bins positive values by exponent, and EVEN bins all values in equal widths. A statistic that depends on the
// cosine alone is UNCOUNTED: its distribution follows from the cosine's histogram.
#define COLLAPSE_PAIRS(X)                                                     \
  X(cdnv, OCTAVES, cdnv)                                                      \
  X(cdnv_squared, OCTAVES, cdnv_squared)                                      \
  X(interference, EVEN, cosine)                                               \
  X(absolute_interference, UNCOUNTED, __builtin_elementwise_abs(cosine))      \
  X(logarithmic_energy, UNCOUNTED, logarithm * -0.5)                          \
  X(distance, UNCOUNTED, chord)                                               \
  X(riesz_energy, UNCOUNTED, 1 / chord)                                       \
  X(maximal_angle, UNCOUNTED, __builtin_elementwise_abs(cosine - simplex))    \
  /* one per line */

// The index of each statistic in the kernel's results.
#define COLLAPSE_PAIR_PLACE(name, bins, value) collapse_pair_##name,
typedef enum __attribute__((enum_extensibility(closed))) collapse_pair_statistic : int32_t {
  COLLAPSE_PAIRS(COLLAPSE_PAIR_PLACE)
} collapse_pair_statistic;
#undef COLLAPSE_PAIR_PLACE

#define COLLAPSE_PAIR_ONE(name, bins, value) +1
enum { COLLAPSE_PAIR_STATISTICS = COLLAPSE_PAIRS(COLLAPSE_PAIR_ONE) };
#undef COLLAPSE_PAIR_ONE

// A pair is computed again from the difference if ‖a − b‖² / (‖a‖² + ‖b‖²) or the squared chord 2 − 2cos is below
// these.
#define COLLAPSE_DISTANCE_CANCELS 1e-3
#define COLLAPSE_CHORD_CANCELS 2e-3

// Bins of a histogram. There is room for one more bin, which must not be read.
enum { COLLAPSE_BINS = 512 };

// Where the bins of a histogram lie. EVEN: a value x is in bin (x − from) · scale. OCTAVES: a double with bit pattern
// `bits` is in bin (bits >> shift) − first. Values below all bins go to the first, values above to the last.
typedef struct {
  double from;
  double scale;
  int32_t shift;
  int32_t first;
} collapse_pair_bins;

// Levels of classes beyond level 0, which all classes have.
enum { COLLAPSE_PAIR_LEVELS = 5 };

// The classes of one side of a tile: ‖m‖², 1/‖m‖ (NaN if m has no direction), σ², and the level of each class, from 0 to
// COLLAPSE_PAIR_LEVELS; no levels if NULL. Readable to the next multiple of eight.
typedef struct {
  size_t count;
  const double *squares;
  const double *inverses;
  const double *variances;
  const int64_t *levels;
} collapse_pair_classes;

// A tile of the Gram matrix of centred class means, [rows × columns]. Its rows are `stride` apart and readable to the
// next multiple of eight. On the diagonal, only pairs with row < column count.
typedef struct {
  const double *inner;
  size_t stride;
  int is_diagonal;
  collapse_pair_classes rows;
  collapse_pair_classes columns;
  // The cosine of every pair in a simplex, −1/(K − 1).
  double simplex;
} collapse_pair_tile;

// For each class of one side, over the classes of the other: Σ CDNV, the largest cosine, and the first class that has
// it. If there is none, the cosine is −2 and the class −1. Writable to the next multiple of eight.
typedef struct {
  double *cdnv;
  double *coherence;
  int64_t *nearest;
} collapse_pair_neighbours;

// The regular pairs of which both classes have at least some level: their number, and Σ (x − shift) and Σ (x − shift)² of
// their CDNV x.
typedef struct {
  size_t pairs;
  double sum;
  double square;
} collapse_pair_level;

typedef struct {
  // Number of regular pairs, and Σ (x − shift) and Σ (x − shift)² over them for each statistic x.
  size_t pairs;
  double sum[COLLAPSE_PAIR_STATISTICS];
  double square[COLLAPSE_PAIR_STATISTICS];
  // [COLLAPSE_PAIR_STATISTICS × (COLLAPSE_BINS + 1)]; counts are added.
  uint32_t *histograms;
  collapse_pair_neighbours rows;
  collapse_pair_neighbours columns;
  // By level, from 1. Zero without levels.
  collapse_pair_level levels[COLLAPSE_PAIR_LEVELS];
  // Scratch for a row's CDNV and which pairs are regular, if there are levels. Writable to the next multiple of eight.
  double *row_cdnv;
  int64_t *row_regular;
  // Pairs left out of everything, as row · columns + column: they cancel, have no direction, or are not finite.
  uint32_t *exceptions;
  size_t exception_count;
} collapse_pair_results;

// All pair statistics of a tile, in one pass.
void collapse_pairs(const collapse_pair_tile *tile, const double *shifts, const collapse_pair_bins *bins,
                    collapse_pair_results *results);

// sums ← sums + terms. With low_parts, sums + low_parts is exact except for the rounding of the low_part (Knuth's TwoSum).
void collapse_add(const double *terms, size_t count, double *sums);
void collapse_add_carrying(const double *terms, size_t count, double *sums, double *low_parts);

// The maximum of products + factor · offsets over `count` elements, rounded after the product and after the sum. Minus
// infinity if there are none. No number may be NaN.
float collapse_greatest_sum(const float *products, const float *offsets, float factor, size_t count);

// The maximum of products + factor · offsets + scale · rests over `count` elements; otherwise as above.
float collapse_greatest_bound(const float *products, const float *offsets, float factor, const float *rests, float scale,
                              size_t count);

// Σ a·b over `count` floats, in sixty-four lanes.
float collapse_dot_f32(const float *a, const float *b, size_t count);

// Reverses the bytes of each of `count` elements of `width` (2, 4 or 8) bytes, in place.
void collapse_swap_bytes(void *elements, size_t count, size_t width);

// Reassembles elements of `width` bytes that were stored as all first bytes, then all second bytes, and so on. Bytes
// after the last whole element are copied as they are. `shuffled` and `elements` hold `bytes` bytes each and do not
// overlap.
void collapse_unshuffle(const void *shuffled, size_t bytes, size_t width, void *elements);

#endif
