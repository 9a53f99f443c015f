#ifndef COLLAPSE_CXXHASH_SHIM_H
#define COLLAPSE_CXXHASH_SHIM_H

// For the layout of a sum's state, which is kept and restored. Calls of the library itself: nothing is inlined.
#define XXH_STATIC_LINKING_ONLY
#include <string.h>
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

// A sum under way as bytes, for the release of the library that made them alone: `collapse_xxh3_release` tells releases apart.
enum { collapse_xxh3_state_bytes = sizeof(XXH3_state_t) };

static inline unsigned collapse_xxh3_release(void) { return XXH_versionNumber() * 1000 + XXH_VERSION_NUMBER % 1000; }

static inline void collapse_xxh3_save(const XXH3_state_t *state, void *bytes) {
  XXH3_state_t copy;
  memcpy(&copy, state, sizeof copy);
  // Where the library has its constants is another place in every process.
  copy.extSecret = NULL;
  memcpy(bytes, &copy, sizeof copy);
}

// `state` is a fresh one.
static inline void collapse_xxh3_restore(XXH3_state_t *state, const void *bytes) {
  const unsigned char *constants = state->extSecret;
  memcpy(state, bytes, sizeof *state);
  state->extSecret = constants;
}

#endif
