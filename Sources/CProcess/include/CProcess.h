#ifndef COLLAPSE_PROCESS_H
#define COLLAPSE_PROCESS_H

// The I/O priority of one thread, as ioprio_set(2) has it: class << 13 | level. Returns 0, or an errno.
int collapse_set_io_priority(int thread, int priority);

// The I/O priority of one thread; -1 where there is none.
int collapse_io_priority(int thread);

// Has the allocator share one arena among threads: each arena else reserves 64 MiB of addresses and more.
void collapse_share_one_arena(void);

// The kind of the file system a descriptor is on, as statfs(2) has it; 0 where it is not known.
long collapse_file_system(int descriptor);

// Processors that the calling thread may run on; 0 where it is not known.
int collapse_processors(void);

#endif
