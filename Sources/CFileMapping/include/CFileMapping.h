#ifndef C_FILE_MAPPING_H
#define C_FILE_MAPPING_H

#include <stddef.h>
#include <stdint.h>

// Lets reads of a mapped file survive if the file is truncated.
//
// If a mapped page is missing, because the file was truncated or the disk failed, reading it raises SIGBUS. In a
// guarded mapping, the page is replaced by zeros instead, and the mapping is marked as broken. Readers must check for
// that afterwards. A SIGBUS elsewhere is handled as before.

// Guards `count` bytes from `start`, which must be the start of a page. Returns the guard's number, or −1 if there are
// too many guards.
int collapse_guard_mapping(void *start, size_t count);

// Whether a page of the guarded mapping was missing when read.
int collapse_mapping_is_broken(int guard);

// Ends the guard. The mapping must no longer be read.
void collapse_release_mapping(int guard);

// Whether a byte of a file is in the page cache; 0 if the system does not say.
int collapse_byte_is_cached(int descriptor, int64_t offset);

#endif
