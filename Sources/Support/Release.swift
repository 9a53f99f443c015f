/// The release, as artefacts record it.
package let collapseVersion = "0.1.0"
