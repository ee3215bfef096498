# Sourced by the scripts: the folders, the system's search path of pkg-config, and how to speak.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
deps=$root/.deps

# Homebrew keeps libpq and SQLite out of pkg-config's own path.
if [ "$(uname -s)" = Darwin ] && command -v brew >/dev/null; then
    brew_prefix=$(brew --prefix)
    export PKG_CONFIG_PATH=${PKG_CONFIG_PATH:+$PKG_CONFIG_PATH:}$brew_prefix/opt/libpq/lib/pkgconfig:$brew_prefix/opt/sqlite/lib/pkgconfig
fi

# OpenMP's threads spin while they wait for each other: by default for so long that on busy cores a small step takes up to
# a hundred times as long, and not at all (OMP_WAIT_POLICY=PASSIVE) makes it take twice as long on idle ones.
if [ -z "${OMP_WAIT_POLICY:-}" ]; then export GOMP_SPINCOUNT=${GOMP_SPINCOUNT:-1000}; fi

say() { printf 'limn: %s\n' "$*" >&2; }

# fail CODE WHAT-HAPPENED WHAT-TO-DO: one line, then out.
fail() {
    say "$2. $3."
    exit "$1"
}
