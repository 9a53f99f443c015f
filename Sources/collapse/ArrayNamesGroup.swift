import ArgumentParser
import Formats
import Plan
import Stages

/// The names of arrays that every verb over a stream takes.
struct ArrayNamesGroup: ParsableArguments {
  @Option(help: Verb.help(ReadStage.self, "labels"))
  var labels: String?

  @Option(help: Verb.help(ReadStage.self, "features"))
  var features: String?

  @Option(help: Verb.help(ReadStage.self, "predictions"))
  var predictions: String?

  var names: ArrayNames { ArrayNames(labels: labels, features: features, predictions: predictions) }

  /// As the stage takes them.
  var options: [String: StageDescription.Option?] {
    [
      "labels": Verb.option("labels", labels), "features": Verb.option("features", features),
      "predictions": Verb.option("predictions", predictions),
    ]
  }
}
