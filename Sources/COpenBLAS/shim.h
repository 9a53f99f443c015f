#ifndef COLLAPSE_COPENBLAS_SHIM_H
#define COLLAPSE_COPENBLAS_SHIM_H

#include <cblas.h>

// LAPACK's symmetric eigensolver (divide and conquer); Fortran symbol, all arguments by reference, column-major.
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);

#endif
