#include "CollapseKernels.h"
#include "dispatch.h"
#include "scalar.h"

// Each element of a tile of RᵀR is computed by chains of fused multiply-adds over `depth` rows, added in order of rows.
// The result does not depend on the width of a register or loop. Each instruction set can therefore use the loop that
// suits it, and all give the same bits. Without FMA instructions, the C library computes the same, slowly.
//
// Rounding within a float32 chain grows with its length; shorter chains than these cost speed.
enum { depth_f64 = 256, depth_f32 = 128 };
enum { panel_bytes = 64, columns_at_once = 3 };

// Few rows at a time, so that their places in all panels stay in cache.
enum { rows_at_once = 16 };

#define PACK(S, T)                                                                                                 \
  INLINE void pack_##S##_##T(const S *restrict from, size_t dimension, size_t count, size_t width, T *restrict to) { \
    enum { lanes = panel_bytes / sizeof(T) };                                                                      \
    for (size_t row = 0; row < count; row++)                                                                       \
      for (size_t l = 0; l < lanes; l++) to[row * lanes + l] = l < width ? (T)from[row * dimension + l] : 0;       \
  }                                                                                                                \
  CLONES void collapse_pack_##S##_##T(const void *source, size_t dimension, size_t rows, size_t first, size_t end, \
                                      void *panels) {                                                              \
    enum { lanes = panel_bytes / sizeof(T) };                                                                      \
    for (size_t row = first; row < end; row += rows_at_once) {                                                     \
      size_t count = end - row < rows_at_once ? end - row : rows_at_once;                                          \
      for (size_t column = 0; column < dimension; column += lanes) {                                               \
        const S *from = (const S *)source + row * dimension + column;                                              \
        T *to = (T *)panels + column * rows + row * lanes;                                                         \
        if (dimension - column >= lanes)                                                                           \
          pack_##S##_##T(from, dimension, count, lanes, to);                                                       \
        else                                                                                                       \
          pack_##S##_##T(from, dimension, count, dimension - column, to);                                          \
      }                                                                                                            \
    }                                                                                                              \
  }

PACK(f64, f64)
PACK(f64, f32)

// Sums ROWS × columns vectors of BYTES bytes in registers. `left` is the first of ROWS neighbours in a panel, each of
// which is broadcast. A vector of columns is a panel or part of one.
#define TILE(T, LEVEL, TARGET, BYTES, ROWS)                                                                           \
  typedef T vector_##T##_##LEVEL __attribute__((vector_size(BYTES)));                                                 \
  typedef double sums_##T##_##LEVEL __attribute__((vector_size(BYTES / sizeof(T) * sizeof(double)), aligned(8)));     \
  TARGET INLINE void block_##T##_##LEVEL(const T *restrict left, const T *restrict panels, size_t stride,             \
                                         size_t column, size_t rows, int columns, int isFirst,                        \
                                         double *restrict product, size_t width) {                                    \
    enum { lanes = panel_bytes / sizeof(T), elements = BYTES / sizeof(T) };                                           \
    const T *right[columns_at_once];                                                                                  \
    vector_##T##_##LEVEL sum[ROWS][columns_at_once];                                                                  \
    _Pragma("unroll") for (int c = 0; c < columns; c++) {                                                             \
      size_t place = column + c * elements;                                                                           \
      right[c] = panels + place / lanes * stride + place % lanes;                                                     \
      _Pragma("unroll") for (int r = 0; r < ROWS; r++) sum[r][c] = (vector_##T##_##LEVEL){0};                         \
    }                                                                                                                 \
    for (size_t k = 0; k < rows; k++) {                                                                               \
      vector_##T##_##LEVEL b[columns_at_once];                                                                        \
      _Pragma("unroll") for (int c = 0; c < columns; c++)                                                             \
        b[c] = *(const vector_##T##_##LEVEL *)(right[c] + k * lanes);                                                 \
      _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                              \
        vector_##T##_##LEVEL a = left[k * lanes + r] - (vector_##T##_##LEVEL){0};                                     \
        _Pragma("unroll") for (int c = 0; c < columns; c++) sum[r][c] = __builtin_elementwise_fma(a, b[c], sum[r][c]); \
      }                                                                                                               \
    }                                                                                                                 \
    _Pragma("unroll") for (int r = 0; r < ROWS; r++)                                                                  \
      _Pragma("unroll") for (int c = 0; c < columns; c++) {                                                           \
        sums_##T##_##LEVEL *out = (sums_##T##_##LEVEL *)(product + r * width + c * elements);                         \
        sums_##T##_##LEVEL wide = __builtin_convertvector(sum[r][c], sums_##T##_##LEVEL);                             \
        *out = isFirst ? wide : *out + wide;                                                                          \
      }                                                                                                               \
  }                                                                                                                   \
  TARGET static void tile_##T##_##LEVEL(const T *panels, size_t rows, size_t row, size_t height, size_t column,       \
                                        size_t width, double *product) {                                              \
    enum { lanes = panel_bytes / sizeof(T), elements = BYTES / sizeof(T), step = columns_at_once * elements };        \
    size_t stride = rows * lanes;                                                                                     \
    for (size_t start = 0; start < rows; start += depth_##T) {                                                        \
      size_t count = rows - start < depth_##T ? rows - start : depth_##T;                                             \
      const T *from = panels + start * lanes;                                                                         \
      for (size_t i = 0; i < height; i += ROWS) {                                                                     \
        const T *left = from + (row + i) / lanes * stride + (row + i) % lanes;                                        \
        double *out = product + i * width;                                                                            \
        size_t j = row == column ? i / elements * elements : 0;                                                       \
        for (; j + step <= width; j += step)                                                                          \
          block_##T##_##LEVEL(left, from, stride, column + j, count, columns_at_once, start == 0, out + j, width);    \
        for (; j < width; j += elements)                                                                              \
          block_##T##_##LEVEL(left, from, stride, column + j, count, 1, start == 0, out + j, width);                  \
      }                                                                                                               \
    }                                                                                                                 \
  }

// As many sums as fit in registers: 8 × 3 of 32, or 4 × 3 of 16.
#ifdef __x86_64__
// The compiler avoids 512-bit registers by default, but they suit a loop of multiply-adds only.
#define V4 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define V3 __attribute__((target("arch=x86-64-v3")))
#define TILES(T)              \
  TILE(T, v4, V4, 64, 8)      \
  TILE(T, v3, V3, 32, 4)      \
  TILE(T, baseline, , 16, 4)
#define CHOOSE(T)                                                     \
  (__builtin_cpu_supports("x86-64-v4") ? tile_##T##_v4                \
   : __builtin_cpu_supports("x86-64-v3") ? tile_##T##_v3              \
                                         : tile_##T##_baseline)
#else
#define TILES(T) TILE(T, baseline, , 16, 8)
#define CHOOSE(T) tile_##T##_baseline
#endif

TILES(f64)
TILES(f32)

void collapse_scatter_f64(const void *panels, size_t rows, size_t row, size_t height, size_t column, size_t width,
                          double *product) {
  CHOOSE(f64)(panels, rows, row, height, column, width, product);
}

void collapse_scatter_f32(const void *panels, size_t rows, size_t row, size_t height, size_t column, size_t width,
                          double *product) {
  CHOOSE(f32)(panels, rows, row, height, column, width, product);
}

CLONES void collapse_add(const double *restrict terms, size_t count, double *restrict sums) {
  for (size_t i = 0; i < count; i++) sums[i] += terms[i];
}

CLONES void collapse_add_carrying(const double *restrict terms, size_t count, double *restrict sums,
                                  double *restrict low_parts) {
  for (size_t i = 0; i < count; i++) {
    double next = sums[i] + terms[i];
    double part = next - sums[i];
    low_parts[i] += (sums[i] - (next - part)) + (terms[i] - part);
    sums[i] = next;
  }
}
