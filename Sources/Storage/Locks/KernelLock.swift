import CProcess
import Support
import SystemPackage

/// The kernel's own lock on an open file, flock(2). It ends with the process that holds it, however that ends. Another
/// descriptor in the same process is refused it too.
enum KernelLock {
  enum Result {
    case taken
    /// Someone else holds it, so its holder is alive.
    case busy
    /// There are no such locks here.
    case none
  }

  /// Takes it without waiting.
  static func take(_ file: FileDescriptor) -> Result {
    // On SMB, others could not even read a locked file.
    guard !mandatory.contains(collapse_file_system(file.rawValue)) else { return .none }
    while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK: return .busy
      default: return .none
      }
    }
    return .taken
  }

  /// Whether every process that can open the file shares the lock. On file systems of a network it may be this
  /// machine's alone.
  static func isShared(_ file: FileDescriptor) -> Bool { local.contains(collapse_file_system(file.rawValue)) }

  /// The statfs(2) numbers of ext2 to ext4, XFS, Btrfs, tmpfs, ramfs, overlayfs, ZFS, F2FS, bcachefs, JFS, ReiserFS,
  /// FAT and exFAT. What is not listed counts as a network.
  private static let local: Set<Int> = [
    0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x8584_58F6, 0x794C_7630, 0x2FC1_2FC1, 0xF2F5_2010, 0xCA45_1A4E,
    0x3153_464A, 0x5265_4973, 0x4D44, 0x2011_BAB0,
  ]

  /// The numbers of SMB and SMB 2.
  private static let mandatory: Set<Int> = [0x517B, 0xFE53_4D42, 0xFF53_4D42]
}
