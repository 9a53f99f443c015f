// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "linguistic-collapse",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "collapse", targets: ["collapse"]),
    .library(name: "NeuralCollapse", targets: ["NeuralCollapse"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
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
    .target(name: "CStart"),
    .target(name: "CollapseKernels"),
    .target(
      name: "Support", dependencies: ["CProcess", .product(name: "SystemPackage", package: "swift-system")]),
    .target(name: "Samples", dependencies: ["Support", "CollapseKernels"]),
    .target(
      name: "Storage",
      dependencies: [
        "Support", "CFileMapping", "CProcess", "CXXHash", .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "HDF5", dependencies: ["Support", "Samples", "Storage", "CDeflate", "CHDF5", "CZstd"]),
    .target(
      name: "Formats",
      dependencies: [
        "Support", "Samples", "Storage", "HDF5", "CHDF5", "CZstd", "CollapseKernels",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Vocabulary", dependencies: ["Support", "Storage"]),
    .target(name: "Moments", dependencies: ["Support", "Samples", "CollapseKernels"]),
    .target(
      name: "Geometry",
      dependencies: ["Support", "Samples", "Moments", "CollapseKernels", "COpenBLAS"]),
    .target(
      name: "Deciding",
      dependencies: ["Support", "Samples", "Moments", "Geometry", "CollapseKernels", "COpenBLAS"]),
    .target(
      name: "Artefacts",
      dependencies: ["Support", "Samples", "Storage", "HDF5", "Formats", "Moments", "Geometry", "Deciding"]),
    .target(
      name: "NeuralCollapse",
      dependencies: ["Support", "Samples", "Storage", "Formats", "Moments", "Geometry", "Deciding", "Artefacts"]),
    .target(name: "Study", dependencies: ["Support"]),
    .target(
      name: "Report",
      dependencies: [
        "Support", "Samples", "Storage", "Formats", "Vocabulary", "Geometry", "Artefacts", "Study",
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Plan", dependencies: ["Support", "Storage", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "Engine",
      dependencies: [
        "Support", "Samples", "Storage", "Formats", "Plan", "CProcess",
        .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "Stages",
      dependencies: [
        "Support", "Samples", "Storage", "HDF5", "Formats", "Vocabulary", "Moments", "Geometry", "Deciding",
        "Artefacts", "Study", "Report", "Plan", "Engine",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "Slurm",
      dependencies: [
        "Support", "Storage", "Formats", "Plan", "Engine", "Stages",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    .target(
      name: "Bench",
      dependencies: [
        "Support", "Samples", "Storage", "Formats", "Moments", "Geometry", "Deciding", "Artefacts", "Plan", "Engine",
        "Stages",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .executableTarget(
      name: "collapse",
      dependencies: [
        "CProcess", "CStart", "Support", "Samples", "Storage", "Formats", "Plan", "Engine", "Stages", "Slurm", "Bench",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(name: "KindsForTests", dependencies: ["Plan", "Slurm"], path: "Tests/KindsForTests"),
    .target(
      name: "TestSupport",
      dependencies: ["Support", "Samples", "Storage", "HDF5", "Formats", "Moments", "CHDF5", "CZstd"],
      path: "Tests/TestSupport"),
    .testTarget(name: "CollapseKernelsTests", dependencies: ["CollapseKernels", "TestSupport"]),
    .testTarget(name: "SupportTests", dependencies: ["Support", "TestSupport"]),
    .testTarget(name: "SamplesTests", dependencies: ["Samples", "Support", "TestSupport"]),
    .testTarget(name: "StorageTests", dependencies: ["Formats", "Storage", "Support", "TestSupport"]),
    .testTarget(
      name: "HDF5Tests", dependencies: ["CDeflate", "Formats", "HDF5", "Storage", "Support", "TestSupport"]),
    .testTarget(
      name: "FormatsTests", dependencies: ["CZstd", "Formats", "HDF5", "Samples", "Storage", "Support", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "MomentsTests",
      dependencies: ["CollapseKernels", "Moments", "Samples", "Support", "TestSupport"]),
    .testTarget(
      name: "GeometryTests",
      dependencies: ["CollapseKernels", "Deciding", "Geometry", "Moments", "Samples", "Support", "TestSupport"]),
    .testTarget(name: "VocabularyTests", dependencies: ["Storage", "Support", "Vocabulary", "TestSupport"]),
    .testTarget(
      name: "ArtefactsTests",
      dependencies: ["Artefacts", "Geometry", "HDF5", "Moments", "Samples", "Storage", "Support", "TestSupport"]),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Artefacts", "Formats", "Geometry", "Moments", "Report", "Samples", "Storage", "Support", "TestSupport",
        "Vocabulary",
      ]),
    .testTarget(
      name: "NeuralCollapseTests", dependencies: ["NeuralCollapse", "Samples", "Storage", "TestSupport", "collapse"]),
    .testTarget(name: "StudyTests", dependencies: ["Study", "Support", "TestSupport"], exclude: ["Fixtures"]),
    .testTarget(
      name: "PlanTests",
      dependencies: [
        "Artefacts", "Engine", "Formats", "Geometry", "KindsForTests", "Plan", "Slurm", "Stages", "Support",
        "TestSupport",
      ]),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Artefacts", "Engine", "Formats", "KindsForTests", "Plan", "Samples", "Storage", "Support", "TestSupport",
      ]),
    .testTarget(
      name: "StagesTests",
      dependencies: [
        "Artefacts", "Engine", "Formats", "Geometry", "HDF5", "KindsForTests", "Moments", "Plan", "Samples", "Stages",
        "Storage", "Study", "Support", "TestSupport", "Vocabulary",
      ]),
    .testTarget(
      name: "SlurmTests",
      dependencies: ["Engine", "KindsForTests", "Plan", "Slurm", "TestSupport"]),
    .testTarget(
      name: "BenchTests",
      dependencies: [
        "Bench", "Engine", "Formats", "Geometry", "Moments", "Plan", "Samples", "Storage", "Support", "TestSupport",
      ]),
    .testTarget(
      name: "collapseTests",
      dependencies: ["CProcess", "Geometry", "Plan", "Slurm", "Stages", "Support", "TestSupport", "collapse"],
      exclude: ["Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)

// Fuzz targets need libFuzzer, so only `.ci/fuzz` builds them. Tests run the targets over seeds and past findings.
let fuzzed: [Target.Dependency] = [
  "Artefacts", "Engine", "Formats", "Geometry", "HDF5", "Moments", "Plan", "Report", "Samples", "Slurm", "Stages",
  "Storage", "Support", .product(name: "Logging", package: "swift-log"),
]
if Context.environment["COLLAPSE_FUZZ"] != nil {
  package.targets += [
    .target(name: "CFuzzer", path: "Tests/CFuzzer"),
    .executableTarget(
      name: "fuzz",
      dependencies: ["CFuzzer"] + fuzzed,
      path: "Tests/Fuzz",
      exclude: ["Corpus", "make_corpus.py", "CorpusTests.swift"]),
  ]
} else {
  package.targets.append(
    .testTarget(
      name: "FuzzTests",
      dependencies: ["TestSupport"] + fuzzed,
      path: "Tests/Fuzz", exclude: ["Corpus", "make_corpus.py", "main.swift"]))
}
