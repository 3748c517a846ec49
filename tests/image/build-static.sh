#!/usr/bin/env bash
# Builds the program as one static file, for an image with nothing else in it, and prints where it is.
#
#   tests/image/build-static.sh                  the program
#   tests/image/build-static.sh --dependencies   only what it depends on, from Cargo.toml and Cargo.lock
set -euo pipefail
cd "$(dirname "$0")/../.."
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"

# Naming the target keeps the flags below away from procedural macros, which cannot be static.
target="$(rustc -vV | sed -n 's/^host: //p')"

# The second flag: randomness comes from the system call. The file that is the fallback of old
# kernels, /dev/urandom, is not there in an empty root.
static_flags='-C target-feature=+crt-static --cfg getrandom_backend="linux_raw"'

build() {
    RUSTFLAGS="$static_flags" cargo build --release --locked --target "$target"
}

# A package with our manifest and no code. It lies elsewhere, so that cargo does not take it for ours.
# Tests and benchmarks would have to exist, and are no part of the program.
build_dependencies() {
    local stand_in
    stand_in="$(mktemp -d)"
    mkdir "$stand_in/src"
    sed -e '/^\[\[test\]\]/,/^$/d' -e '/^\[\[bench\]\]/,/^$/d' -e '/^build = /d' Cargo.toml \
        >"$stand_in/Cargo.toml"
    cp Cargo.lock "$stand_in/"
    touch "$stand_in/src/lib.rs"
    echo 'fn main() {}' >"$stand_in/src/main.rs"
    (cd "$stand_in" && build)
    rm -r "$stand_in"
}

case "${1:-}" in
    --dependencies)
        build_dependencies
        ;;
    '')
        build
        echo "$CARGO_TARGET_DIR/$target/release/vipps-mock"
        ;;
    *)
        echo "unknown argument: $1" >&2
        exit 2
        ;;
esac
