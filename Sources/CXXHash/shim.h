#ifndef COLLAPSE_CXXHASH_SHIM_H
#define COLLAPSE_CXXHASH_SHIM_H

#include <xxhash.h>

#endif
