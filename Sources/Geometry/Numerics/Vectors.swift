/// The inner product ⟨a, b⟩ of vectors of `count` numbers.
package func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
  var sums = SIMD8<Double>.zero
  var index = 0
  while index + 8 <= count {
    sums += load(a + index) * load(b + index)
    index += 8
  }
  var sum = sums.sum()
  while index < count {
    sum += a[index] * b[index]
    index += 1
  }
  return sum
}

/// The same with one vector in single precision, widened to double.
package func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Double>, count: Int) -> Double {
  var sums = SIMD8<Double>.zero
  var index = 0
  while index + 8 <= count {
    sums += SIMD8<Double>(UnsafeRawPointer(a + index).loadUnaligned(as: SIMD8<Float>.self)) * load(b + index)
    index += 8
  }
  var sum = sums.sum()
  while index < count {
    sum += Double(a[index]) * b[index]
    index += 1
  }
  return sum
}

/// ‖a − (b + carry)‖², computed from the difference.
package func squaredDifference(
  _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, lowPart: UnsafePointer<Double>, count: Int
) -> Double {
  var sum = 0.0
  for index in 0..<count {
    let difference = (a[index] - b[index]) - lowPart[index]
    sum += difference * difference
  }
  return sum
}

/// ‖s·a − t·b‖², computed from the difference, so that it does not cancel if the two are nearly equal.
package func squaredDifference(
  _ a: UnsafePointer<Double>, times s: Double = 1, _ b: UnsafePointer<Double>, times t: Double = 1, count: Int
) -> Double {
  var sums = SIMD8<Double>.zero
  var index = 0
  while index + 8 <= count {
    let difference = load(a + index) * s - load(b + index) * t
    sums += difference * difference
    index += 8
  }
  var sum = sums.sum()
  while index < count {
    let difference = a[index] * s - b[index] * t
    sum += difference * difference
    index += 1
  }
  return sum
}

private func load(_ pointer: UnsafePointer<Double>) -> SIMD8<Double> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Double>.self)
}
