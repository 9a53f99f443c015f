#include "CollapseKernels.h"
#include "dispatch.h"

enum { lanes = 64 };

INLINE float larger(float a, float b) { return a > b ? a : b; }

INLINE float largest_of_lanes(float *lane) {
  for (int width = lanes / 2; width > 0; width /= 2)
    for (int l = 0; l < width; l++) lane[l] = larger(lane[l], lane[l + width]);
  return lane[0];
}

CLONES float collapse_greatest_sum(const float *products, const float *offsets, float factor, size_t count) {
  float lane[lanes];
  for (int l = 0; l < lanes; l++) lane[l] = -__builtin_inff();
  size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int l = 0; l < lanes; l++) lane[l] = larger(products[i + l] + factor * offsets[i + l], lane[l]);
  for (int l = 0; i < count; i++, l++) lane[l] = larger(products[i] + factor * offsets[i], lane[l]);
  return largest_of_lanes(lane);
}

CLONES float collapse_greatest_bound(const float *products, const float *offsets, float factor, const float *rests,
                                     float scale, size_t count) {
  float lane[lanes];
  for (int l = 0; l < lanes; l++) lane[l] = -__builtin_inff();
  size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int l = 0; l < lanes; l++)
      lane[l] = larger(products[i + l] + factor * offsets[i + l] + scale * rests[i + l], lane[l]);
  for (int l = 0; i < count; i++, l++)
    lane[l] = larger(products[i] + factor * offsets[i] + scale * rests[i], lane[l]);
  return largest_of_lanes(lane);
}

CLONES float collapse_dot_f32(const float *a, const float *b, size_t count) {
  float lane[lanes] = {0};
  size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int l = 0; l < lanes; l++) lane[l] += a[i + l] * b[i + l];
  for (int l = 0; i < count; i++, l++) lane[l] += a[i] * b[i];
  for (int width = lanes / 2; width > 0; width /= 2)
    for (int l = 0; l < width; l++) lane[l] += lane[l + width];
  return lane[0];
}
