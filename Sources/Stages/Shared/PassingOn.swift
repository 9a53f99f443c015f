import Engine
import Formats

extension StageForecast {
  /// Of a stage that passes samples on, in blocks of its own.
  static func passingOn(_ stream: StreamShape?) -> StageForecast {
    var shape = stream
    shape?.blocksAtOnce = Passage.blocksAtOnce
    return StageForecast(stream: shape)
  }
}
