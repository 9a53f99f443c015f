#ifndef COLLAPSE_SCALAR_H
#define COLLAPSE_SCALAR_H

#include <stdint.h>
#include <string.h>

#include "dispatch.h"

// The storage types: how each is widened (exactly) and which exponent bits mark NaN and infinity.
// Rows lie where a decompressor or a file's header left them, at any byte.
typedef _Float16 f16 __attribute__((aligned(1)));
typedef uint16_t bf16 __attribute__((aligned(1)));
typedef float f32 __attribute__((aligned(1)));
typedef double f64 __attribute__((aligned(1)));

INLINE double widen_f16(f16 x) { return (double)(float)x; }
INLINE double widen_bf16(bf16 x) {
  uint32_t bits = (uint32_t)x << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return (double)value;
}
INLINE double widen_f32(f32 x) { return (double)x; }
INLINE double widen_f64(f64 x) { return x; }

#define EXPONENT_f16 UINT16_C(0x7c00)
#define EXPONENT_bf16 UINT16_C(0x7f80)
#define EXPONENT_f32 UINT32_C(0x7f800000)
#define EXPONENT_f64 UINT64_C(0x7ff0000000000000)
typedef uint16_t bits_f16 __attribute__((aligned(1)));
typedef uint16_t bits_bf16 __attribute__((aligned(1)));
typedef uint32_t bits_f32 __attribute__((aligned(1)));
typedef uint64_t bits_f64 __attribute__((aligned(1)));

#endif
