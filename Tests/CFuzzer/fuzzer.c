#include "CFuzzer.h"

// libFuzzer's own main, which is linked but never called, refers to it.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return 0; }
