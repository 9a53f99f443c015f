import ArgumentParser
import Engine

struct RestartOption: ParsableArguments {
  @Flag(help: "Start over, instead of going on from what an interrupted run has kept.")
  var restart = false
}
