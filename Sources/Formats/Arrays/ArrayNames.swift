/// The names of a stream's arrays in a file that names them; nil lets ``ArrayMatching`` choose.
package struct ArrayNames: Sendable, Equatable {
  package var labels: String?
  package var features: String?
  package var predictions: String?

  package init(labels: String? = nil, features: String? = nil, predictions: String? = nil) {
    (self.labels, self.features, self.predictions) = (labels, features, predictions)
  }
}
