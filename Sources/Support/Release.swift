/// The release, as artefacts record it.
public let collapseVersion = "0.1.0"
