#ifndef COLLAPSE_START_H
#define COLLAPSE_START_H

// Ends the watch over the loading of libraries. OpenBLAS starts threads then, and raises SIGINT if it cannot. Until this
// call, that ends the process with a message and status 1.
void collapse_libraries_are_loaded(void);

// Gives blocks of 1 MiB and more back to the system when they are freed. Otherwise the allocator keeps those of up to 32 MiB
// once it has seen one, and work that takes and frees matrices of many sizes, as a jackknife does, fragments them.
void collapse_return_large_blocks(void);

#endif
