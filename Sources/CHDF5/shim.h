#ifndef COLLAPSE_CHDF5_SHIM_H
#define COLLAPSE_CHDF5_SHIM_H

#include <hdf5.h>
#include <stdio.h>

// HDF5's predefined types and property classes are macros that first open the library. Swift cannot import those, so
// each one in use has a function here.
static inline hid_t collapse_h5t_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t collapse_h5t_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t collapse_h5t_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t collapse_h5t_ieee_f64le(void) { return H5T_IEEE_F64LE; }
static inline hid_t collapse_h5t_std_i32le(void) { return H5T_STD_I32LE; }
static inline hid_t collapse_h5t_std_i64le(void) { return H5T_STD_I64LE; }
static inline hid_t collapse_h5t_c_s1(void) { return H5T_C_S1; }
static inline hid_t collapse_h5p_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t collapse_h5p_dataset_access(void) { return H5P_DATASET_ACCESS; }
static inline hid_t collapse_h5p_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t collapse_h5p_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t collapse_h5p_file_access(void) { return H5P_FILE_ACCESS; }
static inline unsigned collapse_h5f_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned collapse_h5f_swmr_read(void) { return H5F_ACC_RDONLY | H5F_ACC_SWMR_READ; }
static inline unsigned collapse_h5f_truncate(void) { return H5F_ACC_TRUNC; }

static inline herr_t collapse_h5_silence(void) { return H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

// Room for a message, which may quote a long path before it says what went wrong.
enum { COLLAPSE_H5_ERROR_BYTES = 8192 };

static inline herr_t collapse_h5_keep_innermost(unsigned depth, const H5E_error2_t *error, void *text) {
  if (depth == 0 && error->desc != NULL) snprintf((char *)text, COLLAPSE_H5_ERROR_BYTES, "%s", error->desc);
  return 0;
}

// Copies the innermost message of the library's error stack to `text`, which has COLLAPSE_H5_ERROR_BYTES bytes.
static inline void collapse_h5_last_error(char *text) {
  text[0] = 0;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collapse_h5_keep_innermost, text);
}

#endif
