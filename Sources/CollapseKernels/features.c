#include "CollapseKernels.h"
#include "dispatch.h"
#include "scalar.h"

// Exponent bits all set means NaN or infinity; a stretch is first tested as a whole, branch-free.
enum { stretch = 1024 };

#define FEATURES(T)                                                                             \
  CLONES void collapse_widen_##T(const void *features, size_t count, double *out) {             \
    for (size_t i = 0; i < count; i++) out[i] = widen_##T(((const T *)features)[i]);            \
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
