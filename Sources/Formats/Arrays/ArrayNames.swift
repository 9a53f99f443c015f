/// What the arrays of a stream are called in a file that names its arrays; nil is as ``ArrayPairing`` finds them.
public struct ArrayNames: Sendable, Equatable {
  public var labels: String?
  public var features: String?
  public var predictions: String?

  public init(labels: String? = nil, features: String? = nil, predictions: String? = nil) {
    (self.labels, self.features, self.predictions) = (labels, features, predictions)
  }
}
