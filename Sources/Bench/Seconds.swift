/// The seconds that some work takes. Throws `CancellationError` before the work if the task is cancelled.
func seconds(_ work: () throws -> Void) throws -> Double {
  try Task.checkCancellation()
  let start = ContinuousClock.now
  try work()
  return (ContinuousClock.now - start) / .seconds(1)
}
