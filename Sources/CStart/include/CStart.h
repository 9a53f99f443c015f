#ifndef COLLAPSE_START_H
#define COLLAPSE_START_H

// Ends the watch over the loading of libraries. OpenBLAS starts threads then, and raises SIGINT if it cannot. Until this
// call, that ends the process with a message and status 1.
void collapse_libraries_are_loaded(void);

#endif
