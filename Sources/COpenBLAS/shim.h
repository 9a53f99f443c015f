#ifndef COLLAPSE_COPENBLAS_SHIM_H
#define COLLAPSE_COPENBLAS_SHIM_H

#include <cblas.h>

// LAPACK's symmetric eigensolver (divide and conquer); Fortran symbol, all arguments by reference, column-major.
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);

// LAPACK's singular values (divide and conquer).
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u,
             const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *iwork, int *info);

#endif
