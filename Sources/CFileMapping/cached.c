#define _GNU_SOURCE
#include "CFileMapping.h"

#include <sys/uio.h>

int collapse_byte_is_cached(int descriptor, int64_t offset) {
#ifdef RWF_NOWAIT
  char byte;
  struct iovec target = {&byte, 1};
  return preadv2(descriptor, &target, 1, offset, RWF_NOWAIT) == 1;
#else
  (void)descriptor, (void)offset;
  return 0;
#endif
}
