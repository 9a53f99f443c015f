#ifndef COLLAPSE_PROCESS_H
#define COLLAPSE_PROCESS_H

// Sets the I/O priority of a thread, in the form of ioprio_set(2): class << 13 | level. Returns 0 or an errno.
int collapse_set_io_priority(int thread, int priority);

// The I/O priority of a thread; -1 on failure.
int collapse_io_priority(int thread);

// Makes all threads share one arena of the allocator. Otherwise each arena reserves at least 64 MiB of address space.
void collapse_share_one_arena(void);

// Gives memory that was freed back to the system, from between blocks in use too.
void collapse_give_back_freed_memory(void);

// The type of the file system a descriptor is on, as in statfs(2); 0 if unknown.
long collapse_file_system(int descriptor);

// Gives an open file the access list (POSIX ACL) of the file `model`, or none if that has none. Returns 0, or -1 if the
// list could not be given.
int collapse_copy_access_list(const char *model, int descriptor);

// The number of processors the calling thread may run on; 0 if unknown.
int collapse_processors(void);

// A descriptor of a process, which stands for it even if another process comes to have its id; -1 on failure.
int collapse_open_process(int process);

// Sends a signal to the process of a descriptor. Returns 0, or -1 and sets errno.
int collapse_signal_process(int descriptor, int signal);

// From now on, each of these signals writes its number, one byte, into a pipe. No signal is lost, however busy the
// machine. Returns the pipe's end for reading, which does not block, or -1 and sets errno. Call it from one thread.
int collapse_signals_as_bytes(const int *numbers, int count);

// A file that is removed if the process fails, such as a lock.
typedef struct collapse_held_file collapse_held_file;

// Removes `path` if the process fails while the file contains `token`. Returns NULL if that cannot be arranged.
collapse_held_file *collapse_hold_file(const char *path, const char *token);

// Keeps the file from now on. NULL is allowed.
void collapse_let_go(collapse_held_file *file);

// Handles failed allocations, traps and invalid accesses: removes the held files, writes one line to standard error, and
// exits with status 1. If `keeps_handlers`, the handler that was there before, such as one that prints a backtrace,
// ends the process instead.
void collapse_handle_failures(int keeps_handlers);

// Sets the line: `out_of_memory`, or else `error`, the name of the signal, and `report`.
void collapse_set_failure_texts(const char *out_of_memory, const char *error, const char *report);

// Lets the calling thread handle a failure even if its stack is full.
void collapse_use_signal_stack(void);

#endif
