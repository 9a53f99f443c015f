/// The seconds that some work takes, unless the task is cancelled before.
func seconds(_ work: () throws -> Void) throws -> Double {
  try Task.checkCancellation()
  let start = ContinuousClock.now
  try work()
  return (ContinuousClock.now - start) / .seconds(1)
}
