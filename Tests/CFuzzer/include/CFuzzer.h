#ifndef COLLAPSE_CFUZZER_H
#define COLLAPSE_CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's loop, with the arguments that its own main would take.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));

#endif
