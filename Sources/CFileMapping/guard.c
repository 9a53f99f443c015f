#define _GNU_SOURCE
#include "CFileMapping.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { most = 256 };

// A slot is in use while its end is not zero. The start is written before the end. The handler only reads both.
static struct {
  _Atomic uintptr_t start, end;
  atomic_int broken;
} guards[most];

static struct sigaction before;
static size_t page_size;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

// POSIX does not list mmap as async-signal-safe, but it is a plain system call on every system this is compiled for.
static void handle(int signal, siginfo_t *info, void *context) {
  uintptr_t address = (uintptr_t)info->si_addr;
  for (int i = 0; i < most; i++) {
    uintptr_t end = atomic_load(&guards[i].end);
    if (address >= end || address < atomic_load(&guards[i].start)) continue;
    void *page = (void *)(address & ~(uintptr_t)(page_size - 1));
    if (mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) break;
    atomic_store(&guards[i].broken, 1);
    return;
  }
  if (before.sa_flags & SA_SIGINFO) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
    before.sa_handler(signal);
  } else {
    // When this returns, the read is repeated and ends the process.
    struct sigaction end = {.sa_handler = SIG_DFL};
    sigaction(SIGBUS, &end, NULL);
  }
}

static void install(void) {
  page_size = (size_t)sysconf(_SC_PAGESIZE);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &before);
}

int collapse_guard_mapping(void *start, size_t count) {
  pthread_once(&once, install);
  int found = -1;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < most && found < 0; i++) {
    if (atomic_load(&guards[i].end) != 0) continue;
    atomic_store(&guards[i].broken, 0);
    atomic_store(&guards[i].start, (uintptr_t)start);
    atomic_store(&guards[i].end, (uintptr_t)start + count);
    found = i;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

int collapse_mapping_is_broken(int guard) { return atomic_load(&guards[guard].broken); }

void collapse_release_mapping(int guard) { atomic_store(&guards[guard].end, 0); }
