#ifndef COLLAPSE_CXXHASH_SHIM_H
#define COLLAPSE_CXXHASH_SHIM_H

#include <xxhash.h>

// The library's own choice among processor levels, where it was built with one.
#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif
#endif

static inline XXH_errorcode collapse_xxh3_128bits_update(XXH3_state_t *state, const void *bytes, size_t count) {
  return XXH3_128bits_update(state, bytes, count);
}

#endif
