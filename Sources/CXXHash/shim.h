#ifndef COLLAPSE_CXXHASH_SHIM_H
#define COLLAPSE_CXXHASH_SHIM_H

// Gives the size of the checksum state, which is saved and restored. Functions are called in the library, not inlined.
#define XXH_STATIC_LINKING_ONLY
#include <string.h>
#include <xxhash.h>

// Lets the library choose code for the processor at run time, if it was built for that.
#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif
#endif

static inline XXH_errorcode collapse_xxh3_128bits_update(XXH3_state_t *state, const void *bytes, size_t count) {
  return XXH3_128bits_update(state, bytes, count);
}

// An unfinished checksum as bytes. Only the same release of the library can restore it; `collapse_xxh3_release`
// identifies the release.
enum { collapse_xxh3_state_bytes = sizeof(XXH3_state_t) };

static inline unsigned collapse_xxh3_release(void) { return XXH_versionNumber() * 1000 + XXH_VERSION_NUMBER % 1000; }

static inline void collapse_xxh3_save(const XXH3_state_t *state, void *bytes) {
  XXH3_state_t copy;
  memcpy(&copy, state, sizeof copy);
  // The address of the library's constants differs in every process.
  copy.extSecret = NULL;
  memcpy(bytes, &copy, sizeof copy);
}

// `state` must be freshly reset. Returns whether the bytes are a state of such a checksum: with other counters, the
// library would leave its buffer.
static inline int collapse_xxh3_restore(XXH3_state_t *state, const void *bytes) {
  XXH3_state_t saved;
  memcpy(&saved, bytes, sizeof saved);
  if (saved.bufferedSize > XXH3_INTERNALBUFFER_SIZE || saved.nbStripesSoFar > state->nbStripesPerBlock ||
      saved.nbStripesPerBlock != state->nbStripesPerBlock || saved.secretLimit != state->secretLimit ||
      saved.useSeed != state->useSeed || saved.seed != state->seed)
    return 0;
  saved.extSecret = state->extSecret;
  memcpy(state, &saved, sizeof saved);
  return 1;
}

#endif
