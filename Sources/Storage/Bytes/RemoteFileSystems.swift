import CProcess

/// File systems on a server, which may forget open files.
enum RemoteFileSystems {
  /// The statfs(2) numbers of NFS, SMB and SMB 2.
  private static let kinds: Set<Int> = [0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42]

  static func holds(_ descriptor: Int32) -> Bool { kinds.contains(collapse_file_system(descriptor)) }
}
