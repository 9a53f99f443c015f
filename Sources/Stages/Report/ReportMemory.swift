import Engine
import Report
import Storage
import Support

extension ReportInputs {
  /// What a report needs in memory, from the sizes of its inputs.
  var memoryNeed: MemoryNeed {
    var need = MemoryNeed()
    need.add(MemoryBudget.share * FileSizes.total(measures), for: "the measurements")
    for (file, what) in [
      (classes, "the table of classes"), (histograms, "the histograms"), (eigenvalues, "the eigenvalues"),
      (timeline, "the timeline"),
    ] {
      if let file { need.add(MemoryBudget.share * FileSizes.total([file]), for: what) }
    }
    if let tokenizer { need.addTokenizer(tokenizer) }
    return need
  }
}
