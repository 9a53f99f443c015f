/// The names of a stream's arrays in a file that names them; nil lets ``ArrayMatching`` choose.
public struct ArrayNames: Sendable, Equatable {
  public var labels: String?
  public var features: String?
  public var predictions: String?

  public init(labels: String? = nil, features: String? = nil, predictions: String? = nil) {
    (self.labels, self.features, self.predictions) = (labels, features, predictions)
  }
}
