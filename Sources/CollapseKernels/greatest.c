#include "CollapseKernels.h"
#include "dispatch.h"

enum { lanes = 64 };

INLINE float larger(float a, float b) { return a > b ? a : b; }

CLONES float collapse_greatest_sum(const float *products, const float *offsets, float factor, size_t count) {
  float lane[lanes];
  for (int l = 0; l < lanes; l++) lane[l] = -__builtin_inff();
  size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (int l = 0; l < lanes; l++) lane[l] = larger(products[i + l] + factor * offsets[i + l], lane[l]);
  for (int l = 0; i < count; i++, l++) lane[l] = larger(products[i] + factor * offsets[i], lane[l]);
  for (int width = lanes / 2; width > 0; width /= 2)
    for (int l = 0; l < width; l++) lane[l] = larger(lane[l], lane[l + width]);
  return lane[0];
}
