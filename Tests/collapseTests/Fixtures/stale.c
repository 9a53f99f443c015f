// Makes a file look like one of a network file system whose server forgets it. To be preloaded: after STALE_AFTER
// reads of the file whose path ends in STALE_FILE, the next STALE_COUNT fail with ESTALE (-1 for all).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

static int is_meant(int descriptor) {
  const char *name = getenv("STALE_FILE");
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t count = readlink(link, path, sizeof path - 1);
  if (!name || count < (ssize_t)strlen(name)) return 0;
  path[count] = 0;
  return strcmp(path + count - strlen(name), name) == 0;
}

static int is_stale(int descriptor) {
  static int let_through, failed;
  if (!is_meant(descriptor)) return 0;
  const char *after = getenv("STALE_AFTER"), *count = getenv("STALE_COUNT");
  if (let_through < (after ? atoi(after) : 0)) return let_through++, 0;
  int most = count ? atoi(count) : 0;
  if (most >= 0 && failed >= most) return 0;
  failed++;
  return 1;
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
  static ssize_t (*next)(int, void *, size_t, off_t);
  if (!next) next = (ssize_t(*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread");
  if (is_stale(descriptor)) return errno = ESTALE, -1;
  return next(descriptor, bytes, count, offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off_t offset) {
  return pread(descriptor, bytes, count, offset);
}

int fstatfs(int descriptor, struct statfs *status) {
  static int (*next)(int, struct statfs *);
  if (!next) next = (int (*)(int, struct statfs *))dlsym(RTLD_NEXT, "fstatfs");
  int result = next(descriptor, status);
  if (result == 0 && is_meant(descriptor)) status->f_type = 0x6969;
  return result;
}
