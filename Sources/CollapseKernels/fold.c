#include "CollapseKernels.h"
#include "dispatch.h"
#include "scalar.h"

enum { lanes = 16 };

INLINE double sum_of_lanes(const double *lane) {
  double eight[8], four[4];
  for (int i = 0; i < 8; i++) eight[i] = lane[i] + lane[i + 8];
  for (int i = 0; i < 4; i++) four[i] = eight[i] + eight[i + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

enum { ahead = 4, line = 64 };

// Where the next rows and mean to fold start. While some features are folded, the same features of these are
// prefetched. Prefetching all features at once would stall the processor, which tracks only a few requests.
typedef struct {
  const char *row[ahead];
  const double *centre, *low_part, *diagonal;
} upcoming;

// What to fold after the first `done` rows of a group; if nothing, the current rows and mean.
INLINE upcoming upcoming_after(const void *const *rows, size_t done, size_t count, const double *centre,
                               const double *low_part, collapse_next next) {
  upcoming found = {.centre = centre, .low_part = low_part, .diagonal = centre};
  for (size_t i = 0; i < ahead; i++) found.row[i] = rows[done + i < count + next.rows ? done + i : done - 1];
  if (done == count && next.centre) found.centre = next.centre;
  if (done == count && next.low_part) found.low_part = next.low_part;
  if (done == count && next.diagonal) found.diagonal = next.diagonal;
  return found;
}

// Prefetches the `lanes` features from j on, of `size` bytes each.
INLINE void fetch(const upcoming *next, size_t j, size_t size, int has_low_part, int has_squares) {
  for (size_t byte = j * size; byte < (j + lanes) * size; byte += line)
    if (byte % line == 0)
      for (size_t i = 0; i < ahead; i++) __builtin_prefetch(next->row[i] + byte);
  for (size_t k = j; k < j + lanes; k += line / sizeof(double)) {
    __builtin_prefetch(next->centre + k);
    if (has_low_part) __builtin_prefetch(next->low_part + k);
    if (has_squares) __builtin_prefetch(next->diagonal + k);
  }
}

// centre ← centre + step. A low_part uses Knuth's TwoSum, so centre + low_part is exact except for the low_part's rounding.
#define STEP_CENTRE(j, step_without_carry)                      \
  do {                                                          \
    if (has_low_part) {                                            \
      double step = low_part[j] + (step_without_carry);            \
      double next = centre[j] + step;                           \
      double part = next - centre[j];                           \
      low_part[j] = (centre[j] - (next - part)) + (step - part);   \
      centre[j] = next;                                         \
    } else {                                                    \
      centre[j] += (step_without_carry);                        \
    }                                                           \
  } while (0)

// The growth of the sum of squares about the mean at feature j, whose residuals have the sum s and the sum of squares q.
#define STEP_DIAGONAL(j, s, q, share)                         \
  do {                                                        \
    double grown = diagonal[j] + ((q) - (s) * (share) * (s)); \
    diagonal[j] = grown > 0 ? grown : 0;                      \
  } while (0)

// The residuals of n rows at feature j: s is their sum and o that of their squares, which are also added to lane l. n
// and has_low_part are constants.
#define RESIDUALS(T, h, n, j, l)                                                          \
  double c = centre[j], k = has_low_part ? low_part[j] : 0;                               \
  double r0 = (widen_##T(h[0][j]) - c) - k, s = r0, o = r0 * r0, q = lane[l] + r0 * r0;   \
  if (n > 1) { double r = (widen_##T(h[1][j]) - c) - k; s += r; o += r * r; q += r * r; } \
  if (n > 2) { double r = (widen_##T(h[2][j]) - c) - k; s += r; o += r * r; q += r * r; } \
  if (n > 3) { double r = (widen_##T(h[3][j]) - c) - k; s += r; o += r * r; q += r * r; } \
  lane[l] = q

#define FOLD_STEP(T, h, n, j, l)                                 \
  do {                                                           \
    RESIDUALS(T, h, n, j, l);                                    \
    sum[j] = is_first ? s : sum[j] + s;                          \
    if (has_squares) squares[j] = is_first ? o : squares[j] + o; \
  } while (0)

#define FEW_STEP(T, h, n, j, l)                     \
  do {                                              \
    RESIDUALS(T, h, n, j, l);                       \
    lane_of_sum[l] += s * s;                        \
    if (has_squares) STEP_DIAGONAL(j, s, o, share); \
    STEP_CENTRE(j, s * share);                      \
  } while (0)

#define UPCOMING(h, done) upcoming_after((const void *const *)(h), done, count, centre, low_part, next)

#define FOLD_ROWS(T, i, n, is_first, done)                                                              \
  fold_rows_##T(h + i, n, d, centre, low_part, has_low_part, is_first, sum, squares, has_squares, lane, \
                UPCOMING(h, done))

// Features are taken sixteen at a time, one lane each. Rows are taken four at a time, so that centre and sum are read
// once per four rows, and the last 1 to 3 rows of a group together. The order of additions depends only on the group's
// size and the dimension.
#define FOLD(T)                                                                                                       \
  INLINE void fold_rows_##T(const T *const *h, int n, size_t d, const double *restrict centre,                        \
                            const double *restrict low_part, int has_low_part, int is_first, double *restrict sum,    \
                            double *restrict squares, int has_squares, double *restrict lane, upcoming next) {        \
    size_t j = 0;                                                                                                     \
    for (; j + lanes <= d; j += lanes) {                                                                              \
      fetch(&next, j, sizeof(T), has_low_part, has_squares);                                                          \
      for (size_t l = 0; l < lanes; l++) FOLD_STEP(T, h, n, j + l, l);                                                \
    }                                                                                                                 \
    for (size_t l = 0; j < d; j++, l++) FOLD_STEP(T, h, n, j, l);                                                     \
  }                                                                                                                   \
  INLINE double fold_##T(const T *const *h, size_t count, size_t d, const double *restrict centre,                    \
                         const double *restrict low_part, int has_low_part, double *restrict sum,                     \
                         double *restrict squares, int has_squares, collapse_next next) {                             \
    double lane[lanes] = {0};                                                                                         \
    size_t i = 0;                                                                                                     \
    if (count < 4) {                                                                                                  \
      for (size_t j = 0; j < d; j++) sum[j] = 0;                                                                      \
      if (has_squares)                                                                                                \
        for (size_t j = 0; j < d; j++) squares[j] = 0;                                                                \
    } else {                                                                                                          \
      FOLD_ROWS(T, 0, 4, 1, 4);                                                                                       \
      i = 4;                                                                                                          \
    }                                                                                                                 \
    for (; i + 4 <= count; i += 4) FOLD_ROWS(T, i, 4, 0, i + 4);                                                      \
    if (count - i == 1) FOLD_ROWS(T, i, 1, 0, count);                                                                 \
    if (count - i == 2) FOLD_ROWS(T, i, 2, 0, count);                                                                 \
    if (count - i == 3) FOLD_ROWS(T, i, 3, 0, count);                                                                 \
    return sum_of_lanes(lane);                                                                                        \
  }                                                                                                                   \
  INLINE collapse_squares few_##T(const T *const *h, int n, size_t d, double *restrict centre,                        \
                                  double *restrict low_part, int has_low_part, double *restrict diagonal,             \
                                  int has_squares, double share, upcoming next) {                                     \
    double lane[lanes] = {0}, lane_of_sum[lanes] = {0};                                                               \
    size_t j = 0;                                                                                                     \
    for (; j + lanes <= d; j += lanes) {                                                                              \
      fetch(&next, j, sizeof(T), has_low_part, has_squares);                                                          \
      for (size_t l = 0; l < lanes; l++) FEW_STEP(T, h, n, j + l, l);                                                 \
    }                                                                                                                 \
    for (size_t l = 0; j < d; j++, l++) FEW_STEP(T, h, n, j, l);                                                      \
    return (collapse_squares){sum_of_lanes(lane), sum_of_lanes(lane_of_sum)};                                         \
  }                                                                                                                   \
  INLINE void residual_##T(const T *restrict h, size_t d, const double *restrict centre, const double *restrict low_part, \
                           int has_low_part, const double *restrict sum, double share, double *restrict r) {          \
    for (size_t j = 0; j < d; j++)                                                                                    \
      r[j] = ((widen_##T(h[j]) - centre[j]) - (has_low_part ? low_part[j] : 0)) - share * sum[j];                     \
  }                                                                                                                   \
  INLINE double group_##T(const void *const *rows, size_t count, size_t d, const double *centre,                      \
                          const double *low_part, double *sum, double *squares, int has_squares,                      \
                          collapse_next next) {                                                                       \
    const T *const *h = (const T *const *)rows;                                                                       \
    return low_part ? fold_##T(h, count, d, centre, low_part, 1, sum, squares, has_squares, next)                     \
                    : fold_##T(h, count, d, centre, low_part, 0, sum, squares, has_squares, next);                    \
  }                                                                                                                   \
  INLINE collapse_squares small_group_##T(const void *const *rows, size_t count, size_t d, double *centre,            \
                                          double *low_part, double *diagonal, int has_squares, double total,          \
                                          collapse_next next) {                                                       \
    const T *const *h = (const T *const *)rows;                                                                       \
    double share = 1 / total;                                                                                         \
    upcoming after = UPCOMING(h, count);                                                                              \
    if (low_part) switch (count) {                                                                                    \
        case 1: return few_##T(h, 1, d, centre, low_part, 1, diagonal, has_squares, share, after);                    \
        case 2: return few_##T(h, 2, d, centre, low_part, 1, diagonal, has_squares, share, after);                    \
        case 3: return few_##T(h, 3, d, centre, low_part, 1, diagonal, has_squares, share, after);                    \
        default: return few_##T(h, 4, d, centre, low_part, 1, diagonal, has_squares, share, after);                   \
      }                                                                                                               \
    switch (count) {                                                                                                  \
      case 1: return few_##T(h, 1, d, centre, NULL, 0, diagonal, has_squares, share, after);                          \
      case 2: return few_##T(h, 2, d, centre, NULL, 0, diagonal, has_squares, share, after);                          \
      case 3: return few_##T(h, 3, d, centre, NULL, 0, diagonal, has_squares, share, after);                          \
      default: return few_##T(h, 4, d, centre, NULL, 0, diagonal, has_squares, share, after);                         \
    }                                                                                                                 \
  }                                                                                                                   \
  INLINE void residuals_##T(const void *const *rows, size_t count, size_t d, const double *centre,                    \
                            const double *low_part, const double *sum, double share, double *residuals) {             \
    for (size_t i = 0; i < count; i++)                                                                                \
      if (low_part)                                                                                                   \
        residual_##T(rows[i], d, centre, low_part, 1, sum, share, residuals + i * d);                                 \
      else                                                                                                            \
        residual_##T(rows[i], d, centre, low_part, 0, sum, share, residuals + i * d);                                 \
  }

FOLD(f16)
FOLD(half)
FOLD(bf16)
FOLD(f32)
FOLD(f64)

// A type, and its substitute if the processor does not support it.
#define EXPORT(T, substitute)                                                                                      \
  CLONES double collapse_fold_##T(const void *const *rows, size_t count, size_t d, const double *centre,           \
                                  const double *low_part, double *sum, collapse_next next) {                       \
    return WIDENS_##T ? group_##T(rows, count, d, centre, low_part, sum, NULL, 0, next)                            \
                      : group_##substitute(rows, count, d, centre, low_part, sum, NULL, 0, next);                  \
  }                                                                                                                \
  CLONES double collapse_fold_diagonal_##T(const void *const *rows, size_t count, size_t d, const double *centre,  \
                                           const double *low_part, double *sum, double *squares,                   \
                                           collapse_next next) {                                                   \
    return WIDENS_##T ? group_##T(rows, count, d, centre, low_part, sum, squares, 1, next)                         \
                      : group_##substitute(rows, count, d, centre, low_part, sum, squares, 1, next);               \
  }                                                                                                                \
  CLONES collapse_squares collapse_fold_few_##T(const void *const *rows, size_t count, size_t d, double *centre,   \
                                                double *low_part, double total, collapse_next next) {              \
    return WIDENS_##T ? small_group_##T(rows, count, d, centre, low_part, NULL, 0, total, next)                    \
                      : small_group_##substitute(rows, count, d, centre, low_part, NULL, 0, total, next);          \
  }                                                                                                                \
  CLONES collapse_squares collapse_fold_few_diagonal_##T(const void *const *rows, size_t count, size_t d,          \
                                                         double *centre, double *low_part, double *diagonal,       \
                                                         double total, collapse_next next) {                       \
    return WIDENS_##T ? small_group_##T(rows, count, d, centre, low_part, diagonal, 1, total, next)                \
                      : small_group_##substitute(rows, count, d, centre, low_part, diagonal, 1, total, next);      \
  }                                                                                                                \
  CLONES void collapse_residuals_##T(const void *const *rows, size_t count, size_t d, const double *centre,        \
                                     const double *low_part, const double *sum, double share,                      \
                                     double *residuals) {                                                          \
    if (WIDENS_##T)                                                                                                \
      residuals_##T(rows, count, d, centre, low_part, sum, share, residuals);                                      \
    else                                                                                                           \
      residuals_##substitute(rows, count, d, centre, low_part, sum, share, residuals);                             \
  }

EXPORT(f16, half)
EXPORT(bf16, bf16)
EXPORT(f32, f32)
EXPORT(f64, f64)

// Called separately with and without a low_part, and without overlap, so that the compiler can vectorize the loop.
INLINE void move_centre(double *restrict centre, double *restrict low_part, int has_low_part, const double *restrict sum,
                        size_t d, double share) {
  for (size_t j = 0; j < d; j++) STEP_CENTRE(j, sum[j] * share);
}

CLONES double collapse_welford_step(double *centre, double *low_part, const double *sum, size_t d, double total) {
  double lane[lanes] = {0};
  size_t j = 0;
  for (; j + lanes <= d; j += lanes)
    for (size_t l = 0; l < lanes; l++) lane[l] += sum[j + l] * sum[j + l];
  for (size_t l = 0; j < d; j++, l++) lane[l] += sum[j] * sum[j];
  if (low_part)
    move_centre(centre, low_part, 1, sum, d, 1 / total);
  else
    move_centre(centre, NULL, 0, sum, d, 1 / total);
  return sum_of_lanes(lane);
}

CLONES void collapse_diagonal_step(double *restrict diagonal, const double *restrict squares,
                                   const double *restrict sum, size_t d, double total) {
  double share = 1 / total;
  for (size_t j = 0; j < d; j++) STEP_DIAGONAL(j, sum[j], squares[j], share);
}

CLONES double collapse_difference(const double *a, const double *a_low_part, const double *b, const double *b_low_part,
                                  size_t d, double *out) {
  double lane[lanes] = {0};
  // Each case has its own loop: a test for low_parts inside would prevent vectorization.
  if (a_low_part && b_low_part)
    for (size_t j = 0; j < d; j++) out[j] = (a[j] - b[j]) + (a_low_part[j] - b_low_part[j]);
  else if (a_low_part)
    for (size_t j = 0; j < d; j++) out[j] = (a[j] - b[j]) + (a_low_part[j] - 0.0);
  else if (b_low_part)
    for (size_t j = 0; j < d; j++) out[j] = (a[j] - b[j]) + (0.0 - b_low_part[j]);
  else
    for (size_t j = 0; j < d; j++) out[j] = (a[j] - b[j]) + 0.0;
  size_t j = 0;
  for (; j + lanes <= d; j += lanes)
    for (size_t l = 0; l < lanes; l++) lane[l] += out[j + l] * out[j + l];
  for (size_t l = 0; j < d; j++, l++) lane[l] += out[j] * out[j];
  return sum_of_lanes(lane);
}
