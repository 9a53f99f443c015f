/// The system's C library. Only this file names it; importing `Support` makes it visible.
#if canImport(Glibc)
  @_exported import Glibc
#else
  @_exported import Darwin
#endif
