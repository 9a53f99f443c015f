#ifndef COLLAPSE_CDEFLATE_SHIM_H
#define COLLAPSE_CDEFLATE_SHIM_H

#include <libdeflate.h>

#endif
