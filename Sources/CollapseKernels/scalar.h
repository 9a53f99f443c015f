#ifndef COLLAPSE_SCALAR_H
#define COLLAPSE_SCALAR_H

#include <stdint.h>
#include <string.h>

#include "dispatch.h"

// The storage types: how to widen each (exactly), and which exponent bits mark NaN and infinity.
// Alignment is 1 because rows may start at any byte, after a file's header or in a decompressor's output.
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

// Half precision in integer arithmetic. Shifted into place, the exponent is 112 too small, except for NaN and infinity,
// which need all exponent bits set.
typedef uint16_t half __attribute__((aligned(1)));
INLINE double widen_half(half x) {
  uint32_t magnitude = (uint32_t)(x & 0x7fff) << 13;
  float value;
  memcpy(&value, &magnitude, sizeof value);
  value *= 0x1p112f;
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  bits |= (magnitude >= 0x0f800000 ? 0x7f800000 : 0) | (uint32_t)(x & 0x8000) << 16;
  memcpy(&value, &bits, sizeof value);
  return (double)value;
}

// Whether the processor can widen half precision. If not, the compiler would call a function for each number.
#if defined(__x86_64__)
#define WIDENS_f16 __builtin_cpu_supports("f16c")
#else
#define WIDENS_f16 1
#endif
#define WIDENS_bf16 1
#define WIDENS_f32 1
#define WIDENS_f64 1

// Rounds to the nearest, ties to even. The bfloat16 version, which has no native type, does not handle NaN.
INLINE f16 narrow_f16(float x) { return (f16)x; }
INLINE bf16 narrow_bf16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (bf16)((bits + UINT32_C(0x7fff) + (bits >> 16 & 1)) >> 16);
}
INLINE f32 narrow_f32(float x) { return x; }
INLINE f64 narrow_f64(float x) { return (double)x; }

#define EXPONENT_f16 UINT16_C(0x7c00)
#define EXPONENT_bf16 UINT16_C(0x7f80)
#define EXPONENT_f32 UINT32_C(0x7f800000)
#define EXPONENT_f64 UINT64_C(0x7ff0000000000000)
typedef uint16_t bits_f16 __attribute__((aligned(1)));
typedef uint16_t bits_bf16 __attribute__((aligned(1)));
typedef uint32_t bits_f32 __attribute__((aligned(1)));
typedef uint64_t bits_f64 __attribute__((aligned(1)));

#endif
