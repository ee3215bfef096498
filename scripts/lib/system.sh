# Swift and the system's packages. Sourced by scripts/bootstrap.

swift_minimum=6.2

# What the build needs: pkg-config module, Debian's package, Homebrew's formula.
system_packages='
vips    libvips-dev    vips
sqlite3 libsqlite3-dev sqlite
libpq   libpq-dev      libpq
'

check_swift() {
    local swift version checked=$deps/swift-checked
    swift=$(command -v swift) ||
        fail 3 "Swift was not found" "Install Swift $swift_minimum or newer from https://swift.org/install and put it on PATH"
    # Asking Swift for its version takes a moment, so a good answer is kept until the compiler changes.
    if [ "$checked" -nt "$swift" ] && [ "$(cat "$checked")" = "$swift $swift_minimum" ]; then return; fi
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1) || true
    [ -n "$version" ] || fail 3 "Swift at $swift does not start" "Run 'swift --version' to see why, or install it again"
    at_least "$version" "$swift_minimum" ||
        fail 3 "Swift $version is too old" "Install Swift $swift_minimum or newer from https://swift.org/install"
    echo "$swift $swift_minimum" >"$checked"
}

# at_least VERSION MINIMUM: compares the first two numbers.
at_least() {
    local have=${1%%[!0-9.]*} need=$2
    local have_minor=${have#*.} need_minor=${need#*.}
    [ "${have%%.*}" -gt "${need%%.*}" ] ||
        { [ "${have%%.*}" -eq "${need%%.*}" ] && [ "${have_minor%%.*}" -ge "${need_minor%%.*}" ]; }
}

ensure_system_packages() {
    has_modules && return
    local apt=() brew=() modules=() module debian formula
    command -v pkg-config >/dev/null || { apt+=(pkg-config) brew+=(pkgconf) modules+=(pkg-config); }
    while read -r module debian formula; do
        [ -n "$module" ] || continue
        pkg-config --exists "$module" 2>/dev/null && continue
        apt+=("$debian") brew+=("$formula") modules+=("$module")
    done <<<"$system_packages"
    install_packages "${apt[*]}" "${brew[*]}" "${modules[*]}"
    has_modules || fail 4 "Still missing after the installation: ${modules[*]}" "See $log"
}

# shellcheck disable=SC2046 # the modules are words
has_modules() { pkg-config --exists $(awk '{ print $1 }' <<<"$system_packages") 2>/dev/null; }

ensure_pip() {
    python3 -m pip --version >/dev/null 2>&1 && return
    install_packages "python3 python3-pip" "python" "python3 with pip (needed once, to fetch libtorch)"
    python3 -m pip --version >/dev/null 2>&1 ||
        fail 4 "python3 has no pip" "Install pip, or set LIMN_LIBTORCH to a libtorch that you have"
}

# install_packages DEBIAN-PACKAGES HOMEBREW-FORMULAS NAMES
install_packages() {
    if command -v apt-get >/dev/null; then
        apt_install "$1"
    elif command -v brew >/dev/null; then
        say "installing $2 with Homebrew"
        # shellcheck disable=SC2086 # the formulas are words
        HOMEBREW_NO_AUTO_UPDATE=1 brew install --quiet $2 >"$log" 2>&1 ||
            fail 4 "Homebrew could not install $2" "See $log, or run: brew install $2"
    else
        fail 4 "Missing: $3" "Install them with your system's package manager (their development packages), then run again"
    fi
}

apt_install() {
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; } ||
            fail 4 "No permission to install $1" "Run: sudo apt-get install $1"
        sudo=(sudo)
    fi
    say "installing $1"
    # shellcheck disable=SC2206 # the packages are words
    local apt=(${sudo[@]+"${sudo[@]}"} env LC_ALL=C DEBIAN_FRONTEND=noninteractive
        apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
    # Fresh images have no package lists, old ones have stale lists: update only if the first try fails.
    # shellcheck disable=SC2086
    "${apt[@]}" install --no-install-recommends $1 >"$log" 2>&1 ||
        { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends $1; } >>"$log" 2>&1 ||
        apt_failed "$1"
}

apt_failed() {
    if grep -qi 'no space left\|not enough free space\|enough free space in' "$log"; then
        fail 6 "The disk is full: apt could not install $1" "Free some space and run again"
    elif grep -qi 'could not resolve\|could not connect\|temporary failure\|failed to fetch\|unable to locate' "$log"; then
        fail 5 "apt could not download $1" "Check the network and apt's sources ($log), then run again"
    fi
    fail 4 "apt could not install $1" "See $log, or run: apt-get install $1"
}
