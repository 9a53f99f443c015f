/// The system's calls on files, for names as text (``FileName``).
///
/// A call with a `String` would otherwise pass its UTF-8, which is not the name if that has other bytes. The compiler
/// prefers these functions to the C library's, wherever `Support` is imported.

@discardableResult
package func stat(_ name: String, _ status: UnsafeMutablePointer<stat>) -> CInt {
  FileName.withBytes(of: name) { fstatat(AT_FDCWD, $0, status, 0) }
}

@discardableResult
package func lstat(_ name: String, _ status: UnsafeMutablePointer<stat>) -> CInt {
  FileName.withBytes(of: name) { fstatat(AT_FDCWD, $0, status, AT_SYMLINK_NOFOLLOW) }
}

package func access(_ name: String, _ mode: CInt) -> CInt {
  FileName.withBytes(of: name) { faccessat(AT_FDCWD, $0, mode, 0) }
}

@discardableResult
package func unlink(_ name: String) -> CInt { FileName.withBytes(of: name) { unlinkat(AT_FDCWD, $0, 0) } }

@discardableResult
package func rmdir(_ name: String) -> CInt { FileName.withBytes(of: name) { unlinkat(AT_FDCWD, $0, AT_REMOVEDIR) } }

@discardableResult
package func rename(_ old: String, _ new: String) -> CInt {
  FileName.withBytes(of: old) { old in FileName.withBytes(of: new) { renameat(AT_FDCWD, old, AT_FDCWD, $0) } }
}

@discardableResult
package func link(_ old: String, _ new: String) -> CInt {
  FileName.withBytes(of: old) { old in FileName.withBytes(of: new) { linkat(AT_FDCWD, old, AT_FDCWD, $0, 0) } }
}

@discardableResult
package func mkdir(_ name: String, _ permissions: mode_t) -> CInt {
  FileName.withBytes(of: name) { mkdirat(AT_FDCWD, $0, permissions) }
}
