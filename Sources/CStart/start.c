#define _GNU_SOURCE
#include "CStart.h"

#ifdef __linux__
#include <signal.h>
#include <string.h>
#include <unistd.h>

static struct sigaction before;

static void refuse(int number, siginfo_t *signal, void *context) {
  static const char message[] =
      "collapse: expected to start threads, found no room for another process or thread\n"
      "  \xE2\x86\x92 raise the limit, as in ulimit -u 4096, or close other programs\n";
  // Somebody else's signal ends the process as ever.
  if (signal->si_pid != getpid()) _exit(128 + number);
  ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  _exit(written < 0 ? 2 : 1);
}

// Runs before the libraries' own initializers.
static void watch(int count, char **arguments, char **environment) {
  struct sigaction own;
  memset(&own, 0, sizeof own);
  own.sa_sigaction = refuse;
  own.sa_flags = SA_SIGINFO;
  sigaction(SIGINT, &own, &before);
}

__attribute__((section(".preinit_array"), used)) static void (*const watching)(int, char **, char **) = watch;

void collapse_libraries_are_loaded(void) { sigaction(SIGINT, &before, NULL); }

#else
void collapse_libraries_are_loaded(void) {}
#endif
