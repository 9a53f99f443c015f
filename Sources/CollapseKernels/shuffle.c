#include "CollapseKernels.h"
#include "dispatch.h"

#include <string.h>

#define UNSHUFFLE(width)                                                                        \
  for (size_t i = 0; i < count; i++)                                                            \
    for (size_t j = 0; j < width; j++) out[i * width + j] = in[j * count + i];

CLONES void collapse_unshuffle(const void *shuffled, size_t bytes, size_t width, void *elements) {
  const uint8_t *restrict in = shuffled;
  uint8_t *restrict out = elements;
  size_t count = bytes / width;
  if (width == 2) {
    UNSHUFFLE(2)
  } else if (width == 4) {
    UNSHUFFLE(4)
  } else if (width == 8) {
    UNSHUFFLE(8)
  } else {
    UNSHUFFLE(width)
  }
  memcpy(out + count * width, in + count * width, bytes - count * width);
}
