// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "linguistic-collapse",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "collapse", targets: ["collapse"]),
    .library(name: "NeuralCollapse", targets: ["Embeddings", "Streams", "Moments", "Geometry", "Study", "Plan", "Engine", "Stages"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"]), .brew(["xxhash"])]),
    .target(name: "CFileMapping"),
    .target(name: "CProcess"),
    .target(name: "CollapseKernels"),
    .target(name: "Embeddings", dependencies: ["CollapseKernels"]),
    .target(
      name: "Streams",
      dependencies: [
        "Embeddings", "CFileMapping", "CProcess", "CollapseKernels", "CZstd", "CDeflate", "CHDF5", "CXXHash",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Moments", dependencies: ["Embeddings", "Streams", "CollapseKernels"]),
    .target(name: "Geometry", dependencies: ["Embeddings", "Moments", "CollapseKernels", "COpenBLAS"]),
    .target(name: "Study", dependencies: ["Embeddings"]),
    .target(
      name: "Report",
      dependencies: [
        "Embeddings", "Streams", "Geometry",
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "Plan", dependencies: ["Embeddings", "Streams", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "Engine",
      dependencies: [
        "Embeddings", "Streams", "Plan", "CProcess",
        .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "Stages",
      dependencies: [
        "Embeddings", "Streams", "Moments", "Geometry", "Study", "Report", "Plan", "Engine",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "Slurm",
      dependencies: [
        "Embeddings", "Streams", "Plan", "Engine", "Stages",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    .target(
      name: "Bench",
      dependencies: [
        "Embeddings", "Streams", "Moments", "Geometry", "Plan", "Engine", "Stages",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .executableTarget(
      name: "collapse",
      dependencies: [
        "Embeddings", "Streams", "Plan", "Engine", "Stages", "Slurm", "Bench",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    .target(name: "TestSupport", dependencies: ["Embeddings"], path: "Tests/TestSupport"),
    .target(name: "KindsForTests", dependencies: ["Plan", "Slurm"], path: "Tests/KindsForTests"),
    .testTarget(name: "CollapseKernelsTests", dependencies: ["CollapseKernels", "TestSupport"]),
    .testTarget(name: "EmbeddingsTests", dependencies: ["Embeddings", "TestSupport"]),
    .testTarget(
      name: "StreamsTests", dependencies: ["Streams", "Embeddings", "CDeflate", "CZstd", "CHDF5", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(name: "MomentsTests", dependencies: ["Moments", "TestSupport"]),
    .testTarget(name: "GeometryTests", dependencies: ["Geometry", "TestSupport"]),
    .testTarget(name: "ReportTests", dependencies: ["Report", "Embeddings", "Moments", "Geometry", "TestSupport"]),
    .testTarget(name: "StudyTests", dependencies: ["Study", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(name: "PipelineTests", dependencies: ["Pipeline", "TestSupport"]),
    .testTarget(
      name: "collapseTests", dependencies: ["collapse", "CProcess", "TestSupport"], exclude: ["Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzz targets, which need libFuzzer: `.ci/fuzz` builds them. Tests run them over their seeds and past findings.
if Context.environment["COLLAPSE_FUZZ"] != nil {
  package.targets += [
    .target(name: "CFuzzer", path: "Tests/CFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: ["CFuzzer", "Embeddings", "Streams", "Moments", "Pipeline"], path: "Tests/Fuzz",
      exclude: ["Corpus", "make_corpus.py", "CorpusTests.swift"]),
  ]
} else {
  package.targets.append(
    .testTarget(
      name: "FuzzTests", dependencies: ["Embeddings", "Streams", "Moments", "Pipeline", "TestSupport"],
      path: "Tests/Fuzz", exclude: ["Corpus", "make_corpus.py", "main.swift"]))
}
