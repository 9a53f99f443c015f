import CProcess
import Support
import SystemPackage

/// Lets the same people read and write an output that is made again: it keeps mode, owner, group and access list of the
/// file that it replaces.
enum KeptPermissions {
  /// When they are given.
  enum Moment {
    /// Its maker must be able to write it, even if the file to replace is read-only.
    case whileWritten
    case whenComplete
  }

  /// Gives `file`, which was made for its owner alone, the permissions of the file `model`, if there is one. It never
  /// has more than those.
  ///
  /// Only root can keep a foreign owner. Without the group or the list, the group may do what everybody may. Some file
  /// systems have no permissions; there, nothing happens.
  static func copy(of model: String, to file: FileDescriptor, _ moment: Moment) {
    var own = stat()
    guard let status = Files.status(model), fstat(file.rawValue, &own) == 0 else { return }
    if own.st_uid != status.st_uid { _ = fchown(file.rawValue, status.st_uid, own.st_gid) }
    let hasGroup = own.st_gid == status.st_gid || fchown(file.rawValue, own.st_uid, status.st_gid) == 0
    let hasList = FileName.withBytes(of: model) { collapse_copy_access_list($0, file.rawValue) } == 0
    var mode = status.st_mode & 0o777
    if !hasGroup || !hasList { mode &= 0o707 | (mode & 0o007) << 3 }
    if moment == .whileWritten { mode |= 0o600 }
    _ = fchmod(file.rawValue, mode)
  }
}
