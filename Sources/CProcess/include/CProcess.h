#ifndef COLLAPSE_PROCESS_H
#define COLLAPSE_PROCESS_H

// Sets the I/O priority of a thread, in the form of ioprio_set(2): class << 13 | level. Returns 0 or an errno.
int collapse_set_io_priority(int thread, int priority);

// The I/O priority of a thread; -1 on failure.
int collapse_io_priority(int thread);

// Makes all threads share one arena of the allocator. Otherwise each arena reserves at least 64 MiB of address space.
void collapse_share_one_arena(void);

// The type of the file system a descriptor is on, as in statfs(2); 0 if unknown.
long collapse_file_system(int descriptor);

// The number of processors the calling thread may run on; 0 if unknown.
int collapse_processors(void);

#endif
