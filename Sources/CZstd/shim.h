#ifndef COLLAPSE_CZSTD_SHIM_H
#define COLLAPSE_CZSTD_SHIM_H

#include <zstd.h>
#include <zstd_errors.h>

#endif
