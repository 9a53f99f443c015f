#ifndef C_FILE_MAPPING_H
#define C_FILE_MAPPING_H

#include <stddef.h>
#include <stdint.h>

// Reads of mapped files that survive the file's end.
//
// A page of a mapping that its file no longer has, because someone cut the file short or the disk failed, is a SIGBUS where
// it is read, anywhere in the process. Within a guarded mapping such a page becomes one of zeros instead, and the mapping
// is remembered as broken; whoever reads it asks afterwards. A SIGBUS elsewhere is what it always was.

// Guards `count` bytes from `start` on, at a page's start; returns the guard's number, or −1 where there are too many.
int collapse_guard_mapping(void *start, size_t count);

// Whether a page of the guarded mapping was missing.
int collapse_mapping_is_broken(int guard);

// Ends the guard; the mapping is not read any more.
void collapse_release_mapping(int guard);

// Whether the system has a byte of a file in memory; 0 where it does not say.
int collapse_byte_is_cached(int descriptor, int64_t offset);

#endif
