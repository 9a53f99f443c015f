// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "library",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "linguistic-collapse", path: "../..")],
  targets: [
    .executableTarget(
      name: "library", dependencies: [.product(name: "NeuralCollapse", package: "linguistic-collapse")])
  ],
  swiftLanguageModes: [.v6]
)
