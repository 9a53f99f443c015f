import CProcess

/// Memory that the allocator keeps after it was freed, for later use.
package enum FreedMemory {
  /// Gives it back to the system. Call it between pieces of work that take and free large matrices of many sizes, which
  /// otherwise fragment the allocator's memory: every page that no block in use touches is given back.
  package static func giveBack() { collapse_give_back_freed_memory() }
}
