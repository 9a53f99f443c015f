#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int ends[2] = {-1, -1};

// Only async-signal-safe calls. A full pipe means that as many signals wait already.
static void note(int number) {
  int error = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t written = write(ends[1], &byte, 1);
  (void)written;
  errno = error;
}

int collapse_signals_as_bytes(const int *numbers, int count) {
  if (ends[0] < 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  struct sigaction own;
  memset(&own, 0, sizeof own);
  own.sa_handler = note;
  own.sa_flags = SA_RESTART;
  sigemptyset(&own.sa_mask);
  for (int i = 0; i < count; i++) {
    if (sigaction(numbers[i], &own, NULL) != 0) return -1;
  }
  return ends[0];
}
