/// The system's C library: named here alone, and seen by whoever imports `Support`.
#if canImport(Glibc)
  @_exported import Glibc
#else
  @_exported import Darwin
#endif
