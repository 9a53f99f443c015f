#!/usr/bin/env bash
# Builds `collapse` for machines that have neither Swift nor its C libraries. The only shared libraries it needs are
# those of the C and C++ compilers.
#
#   Examples/slurm/build.sh FOLDER     leaves FOLDER/collapse
#
# Uses Debian's static libraries: install the packages in README.md, libaec-dev, zlib1g-dev and libgfortran-12-dev.
set -euo pipefail
folder=$(mkdir -p "${1:?a folder to put collapse in}" && cd "$1" && pwd)
cd "$(dirname "$0")/../.."
made=$folder/build
rm -rf "$made/lib"
mkdir -p "$made/lib"

# A folder with only archives, so that the linker finds no shared libraries with these names.
libraries=/usr/lib/$(gcc -print-multiarch)
for archive in hdf5/serial/libhdf5.a openblas-pthread/libopenblas.a libzstd.a libdeflate.a libxxhash.a libsz.a libaec.a \
  libz.a; do
  ln -s "$libraries/$archive" "$made/lib/"
done
for archive in libgfortran.a libquadmath.a; do ln -s "$(gcc -print-file-name=$archive)" "$made/lib/"; done

# Debian's libxxhash.a lacks the function that picks a kernel by processor; any kernel gives the same checksums.
if [ "$(uname -m)" = x86_64 ]; then
  printf '%s\n' '#include <xxhash.h>' \
    'XXH_errorcode XXH3_128bits_update_dispatch(XXH3_state_t *state, const void *bytes, size_t count) {' \
    '  return XXH3_128bits_update(state, bytes, count);' '}' | gcc -O2 -x c -c - -o "$made/dispatch.o"
  ar rcs "$made/lib/libxxhash-dispatch.a" "$made/dispatch.o"
  dispatch="-lxxhash-dispatch "
fi

package() { # name, libraries
  printf 'Name: %s\nDescription: static\nVersion: %s\nCflags: %s\nLibs: -L%s %s\n' "$1" "$(pkg-config --modversion "$1")" \
    "$(pkg-config --cflags "$1")" "$made/lib" "$2" >"$made/$1.pc"
}
package hdf5 "-lhdf5 -lsz -laec -lz -ldl -lm"
package openblas "-lopenblas -lgfortran -lquadmath -lm"
package libzstd -lzstd
package libdeflate -ldeflate
package libxxhash "${dispatch:-}-lxxhash"

PKG_CONFIG_PATH=$made swift build -c release --static-swift-stdlib --product collapse --scratch-path "$made/swift"
strip -o "$folder/collapse" "$made/swift/release/collapse"
ldd "$folder/collapse"
