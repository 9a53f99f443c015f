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

// Rows are taken four at a time, so that centre and sum are read once for four rows; features sixteen at a time, one
// lane each. The order of additions depends on the group's size and the dimension alone.
#define STEP(T, j, l)                                                     \
  do {                                                                    \
    double c = centre[j], k = has_carry ? carry[j] : 0;                   \
    double r0 = (widen_##T(h0[j]) - c) - k, r1 = (widen_##T(h1[j]) - c) - k; \
    double r2 = (widen_##T(h2[j]) - c) - k, r3 = (widen_##T(h3[j]) - c) - k; \
    sum[j] = (((sum[j] + r0) + r1) + r2) + r3;                            \
    lane[l] = (((lane[l] + r0 * r0) + r1 * r1) + r2 * r2) + r3 * r3;      \
  } while (0)

#define STEP_ONE(T, j, l)                             \
  do {                                                \
    double c = centre[j], k = has_carry ? carry[j] : 0; \
    double r = (widen_##T(h[j]) - c) - k;             \
    sum[j] += r;                                      \
    lane[l] += r * r;                                 \
  } while (0)

// centre ← centre + step; with a carry by Knuth's TwoSum, so that centre + carry is exact but for the carry's rounding.
#define STEP_CENTRE(j, step_without_carry)                      \
  do {                                                          \
    if (carry) {                                                \
      double step = carry[j] + (step_without_carry);            \
      double next = centre[j] + step;                           \
      double part = next - centre[j];                           \
      carry[j] = (centre[j] - (next - part)) + (step - part);   \
      centre[j] = next;                                         \
    } else {                                                    \
      centre[j] += (step_without_carry);                        \
    }                                                           \
  } while (0)

#define FOLD_ONE(T, j, l)                                                        \
  do {                                                                           \
    double r = (widen_##T(h[j]) - centre[j]) - (carry ? carry[j] : 0);           \
    lane[l] += r * r;                                                            \
    STEP_CENTRE(j, r * share);                                                   \
  } while (0)

#define FOLD(T)                                                                                                       \
  INLINE double fold_##T(const T *restrict features, size_t d, const uint32_t *restrict rows, size_t count,           \
                         const double *restrict centre, const double *restrict carry, int has_carry,                  \
                         double *restrict sum) {                                                                      \
    double lane[lanes] = {0};                                                                                         \
    for (size_t j = 0; j < d; j++) sum[j] = 0;                                                                        \
    size_t i = 0;                                                                                                     \
    for (; i + 4 <= count; i += 4) {                                                                                  \
      const T *h0 = features + rows[i] * d, *h1 = features + rows[i + 1] * d;                                         \
      const T *h2 = features + rows[i + 2] * d, *h3 = features + rows[i + 3] * d;                                     \
      size_t j = 0;                                                                                                   \
      for (; j + lanes <= d; j += lanes)                                                                              \
        for (size_t l = 0; l < lanes; l++) STEP(T, j + l, l);                                                         \
      for (size_t l = 0; j < d; j++, l++) STEP(T, j, l);                                                              \
    }                                                                                                                 \
    for (; i < count; i++) {                                                                                          \
      const T *h = features + rows[i] * d;                                                                            \
      size_t j = 0;                                                                                                   \
      for (; j + lanes <= d; j += lanes)                                                                              \
        for (size_t l = 0; l < lanes; l++) STEP_ONE(T, j + l, l);                                                     \
      for (size_t l = 0; j < d; j++, l++) STEP_ONE(T, j, l);                                                          \
    }                                                                                                                 \
    return sum_of_lanes(lane);                                                                                        \
  }                                                                                                                   \
  CLONES double collapse_fold_##T(const void *features, size_t dimension, const uint32_t *rows, size_t count,         \
                                  const double *centre, const double *carry, double *sum) {                           \
    return carry ? fold_##T(features, dimension, rows, count, centre, carry, 1, sum)                                  \
                 : fold_##T(features, dimension, rows, count, centre, carry, 0, sum);                                 \
  }                                                                                                                   \
  CLONES void collapse_residuals_##T(const void *features, size_t d, const uint32_t *rows, size_t count,              \
                                     const double *centre, const double *carry, double *residuals) {                  \
    for (size_t i = 0; i < count; i++) {                                                                              \
      const T *h = (const T *)features + rows[i] * d;                                                                 \
      double *r = residuals + i * d;                                                                                  \
      if (carry)                                                                                                      \
        for (size_t j = 0; j < d; j++) r[j] = (widen_##T(h[j]) - centre[j]) - carry[j];                               \
      else                                                                                                            \
        for (size_t j = 0; j < d; j++) r[j] = widen_##T(h[j]) - centre[j];                                            \
    }                                                                                                                 \
  }

FOLD(f16)
FOLD(bf16)
FOLD(f32)
FOLD(f64)

#define ONE(T)                                                                                               \
  INLINE double one_##T(const T *restrict h, size_t d, double *restrict centre, double *restrict carry,      \
                        double share) {                                                                      \
    double lane[lanes] = {0};                                                                                \
    size_t j = 0;                                                                                            \
    for (; j + lanes <= d; j += lanes)                                                                       \
      for (size_t l = 0; l < lanes; l++) FOLD_ONE(T, j + l, l);                                              \
    for (size_t l = 0; j < d; j++, l++) FOLD_ONE(T, j, l);                                                   \
    return sum_of_lanes(lane);                                                                               \
  }                                                                                                          \
  CLONES double collapse_fold_one_##T(const void *h, size_t d, double *centre, double *carry, double total) { \
    return carry ? one_##T(h, d, centre, carry, 1 / total) : one_##T(h, d, centre, NULL, 1 / total);         \
  }

ONE(f16)
ONE(bf16)
ONE(f32)
ONE(f64)

// Apart for each of `carry` and NULL, and without overlap, so that the compiler sees a loop it can vectorize.
INLINE void move_centre(double *restrict centre, double *restrict carry, const double *restrict sum, size_t d,
                        double share) {
  for (size_t j = 0; j < d; j++) STEP_CENTRE(j, sum[j] * share);
}

CLONES double collapse_welford_step(double *centre, double *carry, const double *sum, size_t d, double total) {
  double lane[lanes] = {0};
  size_t j = 0;
  for (; j + lanes <= d; j += lanes)
    for (size_t l = 0; l < lanes; l++) lane[l] += sum[j + l] * sum[j + l];
  for (size_t l = 0; j < d; j++, l++) lane[l] += sum[j] * sum[j];
  if (carry)
    move_centre(centre, carry, sum, d, 1 / total);
  else
    move_centre(centre, NULL, sum, d, 1 / total);
  return sum_of_lanes(lane);
}

CLONES void collapse_prefetch(const void *start, size_t bytes) {
  for (size_t line = 0; line < bytes; line += 64) __builtin_prefetch((const char *)start + line);
}

CLONES double collapse_difference(const double *a, const double *a_carry, const double *b, const double *b_carry,
                                  size_t d, double *out) {
  double lane[lanes] = {0};
  for (size_t j = 0; j < d; j++)
    out[j] = (a[j] - b[j]) + ((a_carry ? a_carry[j] : 0) - (b_carry ? b_carry[j] : 0));
  size_t j = 0;
  for (; j + lanes <= d; j += lanes)
    for (size_t l = 0; l < lanes; l++) lane[l] += out[j + l] * out[j + l];
  for (size_t l = 0; j < d; j++, l++) lane[l] += out[j] * out[j];
  return sum_of_lanes(lane);
}
