#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { most_token = 64, most_text = 1024, stack_size = 1 << 15 };

// A file of this process. Nodes are never freed, so that the handler can walk the list at any time; those that are not
// held are used again.
struct collapse_held_file {
  char path[PATH_MAX];
  char token[most_token];
  atomic_int is_held;
  struct collapse_held_file *next;
};

static _Atomic(collapse_held_file *) first;

collapse_held_file *collapse_hold_file(const char *path, const char *token) {
  if (strlen(path) >= PATH_MAX || strlen(token) >= most_token || !token[0]) return NULL;
  collapse_held_file *file = NULL;
  for (collapse_held_file *free = atomic_load(&first); free && !file; free = free->next) {
    int is_held = 0;
    // −1 keeps others, and the handler, away until the node is filled in.
    if (atomic_compare_exchange_strong(&free->is_held, &is_held, -1)) file = free;
  }
  if (file) {
    strcpy(file->path, path);
    strcpy(file->token, token);
  } else {
    if (!(file = calloc(1, sizeof *file))) return NULL;
    strcpy(file->path, path);
    strcpy(file->token, token);
    file->next = atomic_load(&first);
    while (!atomic_compare_exchange_weak(&first, &file->next, file)) {}
  }
  atomic_store(&file->is_held, 1);
  return file;
}

void collapse_let_go(collapse_held_file *file) {
  if (file) atomic_store(&file->is_held, 0);
}

static const struct {
  int number;
  const char *name;
} failures[] = {{SIGABRT, "SIGABRT"}, {SIGILL, "SIGILL"}, {SIGTRAP, "SIGTRAP"}, {SIGSEGV, "SIGSEGV"},
                {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"}, {SIGSYS, "SIGSYS"}};

enum { failure_count = sizeof failures / sizeof *failures };

static struct sigaction before[failure_count];
static char out_of_memory_text[most_text], error_text[most_text], report_text[most_text];
static int keeps_old_handlers, is_terminal;
static pid_t process;
static atomic_flag has_failed = ATOMIC_FLAG_INIT;
static pthread_t failing;

// Everything below that the handler calls is async-signal-safe.

static void put(const char *text) {
  size_t left = strlen(text);
  while (left > 0) {
    ssize_t written = write(STDERR_FILENO, text, left);
    if (written <= 0) return;
    text += written, left -= (size_t)written;
  }
}

static int holds(const char *path, const char *token) {
  static char bytes[1 << 13];
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return 0;
  ssize_t count = read(file, bytes, sizeof bytes - 1);
  close(file);
  bytes[count > 0 ? count : 0] = 0;
  return strstr(bytes, token) != NULL;
}

static void remove_held_files(void) {
  for (collapse_held_file *file = atomic_load(&first); file; file = file->next) {
    if (atomic_load(&file->is_held) == 1 && holds(file->path, file->token)) unlink(file->path);
  }
}

// Whether nine tenths of a limit on memory are used.
static int is_near(int resource, unsigned long long used) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  return used > limit.rlim_cur / 10 * 9;
}

static int is_near_limit(void) {
  // The numbers of /proc/self/statm are in pages; the first is the address space, the sixth its writable part.
  char text[256];
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  unsigned long long numbers[7] = {0}, page = (unsigned long long)sysconf(_SC_PAGESIZE);
  for (int i = 0, number = 0; i < count && number < 7; i++) {
    if (text[i] < '0' || text[i] > '9') number++;
    else numbers[number] = numbers[number] * 10 + (unsigned long long)(text[i] - '0');
  }
  return is_near(RLIMIT_AS, numbers[0] * page) || is_near(RLIMIT_DATA, numbers[5] * page);
}

static void handle(int signal, siginfo_t *info, void *context) {
  (void)info, (void)context;
  int error = errno, index = 0;
  while (index < failure_count - 1 && failures[index].number != signal) index++;
  if (getpid() != process) {
    // A child that has not called exec yet must not touch its parent's files.
    struct sigaction end = {.sa_handler = SIG_DFL};
    sigaction(signal, &end, NULL);
    return;
  }
  if (atomic_flag_test_and_set(&has_failed)) {
    if (pthread_equal(failing, pthread_self())) _exit(1);
    for (;;) pause();
  }
  failing = pthread_self();
  remove_held_files();
  if (is_terminal) put("\n");
  if (error == ENOMEM || is_near_limit()) {
    put(out_of_memory_text);
  } else {
    put(error_text);
    put(failures[index].name);
    put(report_text);
  }
  if (!keeps_old_handlers) _exit(1);
  sigaction(signal, &before[index], NULL);
  raise(signal);
}

void collapse_set_failure_texts(const char *out_of_memory, const char *error, const char *report) {
  snprintf(out_of_memory_text, most_text, "%s", out_of_memory);
  snprintf(error_text, most_text, "%s", error);
  snprintf(report_text, most_text, "%s", report);
}

void collapse_handle_failures(int keeps_handlers) {
  process = getpid();
  is_terminal = isatty(STDERR_FILENO);
  keeps_old_handlers = keeps_handlers;
  collapse_use_signal_stack();
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < failure_count; i++) sigaction(failures[i].number, &action, &before[i]);
}

void collapse_use_signal_stack(void) {
  static _Thread_local char stack[stack_size];
  static _Thread_local int is_used;
  if (is_used) return;
  is_used = 1;
  stack_t own = {.ss_sp = stack, .ss_size = stack_size};
  sigaltstack(&own, NULL);
}
