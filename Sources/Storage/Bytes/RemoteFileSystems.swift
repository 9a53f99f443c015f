import CProcess

/// File systems whose files a server has, which may forget them.
enum RemoteFileSystems {
  /// NFS, SMB and SMB 2, as statfs(2) numbers them.
  private static let kinds: Set<Int> = [0x6969, 0x517B, 0xFE53_4D42, 0xFF53_4D42]

  static func holds(_ descriptor: Int32) -> Bool { kinds.contains(collapse_file_system(descriptor)) }
}
