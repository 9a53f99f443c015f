#ifndef COLLAPSE_CHDF5_SHIM_H
#define COLLAPSE_CHDF5_SHIM_H

#include <hdf5.h>
#include <stdio.h>
#include <string.h>

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

// External links that lead nowhere: a file from elsewhere must not make this process open another one.
static inline hid_t collapse_h5_refuse_link(const char *name, hid_t group, const void *value, size_t bytes, hid_t access,
                                            hid_t transfer) {
  (void)name, (void)group, (void)value, (void)bytes, (void)access, (void)transfer;
  return -1;
}

static inline ssize_t collapse_h5_link_value(const char *name, const void *value, size_t bytes, void *buffer,
                                             size_t room) {
  (void)name;
  if (buffer != NULL) memcpy(buffer, value, bytes < room ? bytes : room);
  return (ssize_t)bytes;
}

static inline herr_t collapse_h5_refuse_external_links(void) {
  const H5L_class_t links = {
      .version = H5L_LINK_CLASS_T_VERS,
      .id = H5L_TYPE_EXTERNAL,
      .comment = "external links, refused",
      .trav_func = collapse_h5_refuse_link,
      .query_func = collapse_h5_link_value,
  };
  return H5Lregister(&links);
}

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
