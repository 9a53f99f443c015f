#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>

#ifdef __linux__
#include <malloc.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { of_one_thread = 1 };

int collapse_set_io_priority(int thread, int priority) {
  return syscall(SYS_ioprio_set, of_one_thread, thread, priority) == 0 ? 0 : errno;
}

int collapse_io_priority(int thread) { return (int)syscall(SYS_ioprio_get, of_one_thread, thread); }

void collapse_share_one_arena(void) {
#ifdef M_ARENA_MAX
  mallopt(M_ARENA_MAX, 1);
#endif
}

void collapse_give_back_freed_memory(void) {
#ifdef M_TRIM_THRESHOLD
  malloc_trim(0);
#endif
}

long collapse_file_system(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) == 0 ? (long)status.f_type : 0;
}

int collapse_open_process(int process) {
#ifdef SYS_pidfd_open
  return (int)syscall(SYS_pidfd_open, process, 0);
#else
  return -1;
#endif
}

int collapse_signal_process(int descriptor, int signal) {
#ifdef SYS_pidfd_send_signal
  return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, (void *)0, 0);
#else
  errno = ENOSYS;
  return -1;
#endif
}

int collapse_copy_access_list(const char *model, int descriptor) {
  // No list is longer than an extended attribute.
  enum { most = 1 << 16 };
  const char *name = "system.posix_acl_access";
  char list[most];
  ssize_t count = getxattr(model, name, list, most);
  if (count >= 0) return fsetxattr(descriptor, name, list, (size_t)count, 0);
  if (errno != ENODATA) return errno == ENOTSUP ? 0 : -1;
  return fremovexattr(descriptor, name) == 0 || errno == ENODATA || errno == ENOTSUP ? 0 : -1;
}

int collapse_processors(void) {
  // The kernel rejects a set smaller than its own, whose size is unknown here.
  for (int most = 1024; most <= 1 << 20; most *= 2) {
    cpu_set_t *set = CPU_ALLOC(most);
    if (!set) return 0;
    size_t size = CPU_ALLOC_SIZE(most);
    int result = sched_getaffinity(0, size, set);
    int count = result == 0 ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (result == 0) return count;
    if (errno != EINVAL) return 0;
  }
  return 0;
}

#else

int collapse_set_io_priority(int thread, int priority) { return ENOTSUP; }
int collapse_io_priority(int thread) { return -1; }
void collapse_share_one_arena(void) {}
void collapse_give_back_freed_memory(void) {}
long collapse_file_system(int descriptor) { return 0; }
int collapse_copy_access_list(const char *model, int descriptor) { return 0; }
int collapse_processors(void) { return 0; }
int collapse_open_process(int process) { return -1; }
int collapse_signal_process(int descriptor, int signal) {
  errno = ENOSYS;
  return -1;
}

#endif
