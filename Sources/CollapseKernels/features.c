#include "CollapseKernels.h"
#include "dispatch.h"
#include "scalar.h"

// All exponent bits set means NaN or infinity. A stretch is first tested as a whole, without branches.
enum { stretch = 1024 };

#define FEATURES(T)                                                                             \
  CLONES void collapse_narrow_##T(const float *values, size_t count, void *features) {          \
    for (size_t i = 0; i < count; i++) ((T *)features)[i] = narrow_##T(values[i]);              \
  }                                                                                             \
  CLONES size_t collapse_first_nonfinite_##T(const void *features, size_t count) {              \
    const bits_##T *x = features;                                                               \
    for (size_t start = 0; start < count; start += stretch) {                                   \
      size_t end = count - start < stretch ? count : start + stretch;                           \
      bits_##T any = 0;                                                                         \
      for (size_t i = start; i < end; i++) any |= (x[i] & EXPONENT_##T) == EXPONENT_##T;        \
      if (any)                                                                                  \
        for (size_t i = start; i < end; i++)                                                    \
          if ((x[i] & EXPONENT_##T) == EXPONENT_##T) return i;                                  \
    }                                                                                           \
    return count;                                                                               \
  }

// `substitute` replaces T if the processor does not support it.
#define WIDEN(T, substitute)                                                                    \
  CLONES void collapse_widen_##T(const void *features, size_t count, double *out) {             \
    if (WIDENS_##T)                                                                             \
      for (size_t i = 0; i < count; i++) out[i] = widen_##T(((const T *)features)[i]);          \
    else                                                                                        \
      for (size_t i = 0; i < count; i++) out[i] = widen_##substitute(((const substitute *)features)[i]); \
  }

WIDEN(f16, half)
WIDEN(bf16, bf16)
WIDEN(f32, f32)
WIDEN(f64, f64)

CLONES void collapse_widen_half(const void *features, size_t count, double *out) {
  for (size_t i = 0; i < count; i++) out[i] = widen_half(((const half *)features)[i]);
}

FEATURES(f16)
FEATURES(bf16)
FEATURES(f32)
FEATURES(f64)

CLONES void collapse_swap_bytes(void *elements, size_t count, size_t width) {
  if (width == 2) {
    uint16_t *x = elements;
    for (size_t i = 0; i < count; i++) x[i] = __builtin_bswap16(x[i]);
  } else if (width == 4) {
    uint32_t *x = elements;
    for (size_t i = 0; i < count; i++) x[i] = __builtin_bswap32(x[i]);
  } else if (width == 8) {
    uint64_t *x = elements;
    for (size_t i = 0; i < count; i++) x[i] = __builtin_bswap64(x[i]);
  }
}
