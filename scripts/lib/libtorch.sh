# Which libtorch to use, whether it is fit, and its description for SwiftPM. Sourced by scripts/bootstrap.

torch_default=2.13.0
torch_minimum=2.11
# CUDA 13, with which these wheels are built, needs this driver.
nvidia_driver_minimum=580

libtorch=$deps/libtorch

check_settings() {
    version=${LIMN_TORCH_VERSION:-$torch_default}
    [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] ||
        fail 2 "LIMN_TORCH_VERSION is '$version'" "Give a version such as $torch_default"
    at_least "$version" "$torch_minimum" ||
        fail 2 "LIMN_TORCH_VERSION is $version" "Limn needs libtorch $torch_minimum or newer"
    case ${LIMN_TORCH_BUILD:-auto} in
        auto | cpu | cuda) ;;
        *) fail 2 "LIMN_TORCH_BUILD is '$LIMN_TORCH_BUILD'" "Give cpu, cuda or auto" ;;
    esac
}

ensure_libtorch() {
    if [ -n "${LIMN_LIBTORCH:-}" ]; then
        use_existing "$LIMN_LIBTORCH"
        return
    fi
    choose_build
    is_chosen && check_libtorch "$libtorch" && return
    ensure_pip
    download
    unpack
    check_libtorch "$libtorch" ||
        fail 7 "The downloaded libtorch is not usable: $problem" "Set LIMN_LIBTORCH to one that is"
}

# Whether .deps/libtorch is what was asked for. A folder given earlier stays until a version or a build is asked for.
is_chosen() {
    if [ -L "$libtorch" ]; then
        [ -z "${LIMN_TORCH_VERSION:-}${LIMN_TORCH_BUILD:-}" ]
    else
        [ "$(cat "$libtorch/build" 2>/dev/null)" = "$version $build" ]
    fi
}

use_existing() {
    local folder
    folder=$(cd "$1" 2>/dev/null && pwd) || fail 7 "LIMN_LIBTORCH names no folder: $1" "$existing_advice"
    check_libtorch "$folder" || fail 7 "LIMN_LIBTORCH is not usable: $problem" "$existing_advice"
    [ "$(readlink "$libtorch" || true)" = "$folder" ] && return
    rm -rf "$libtorch"
    ln -s "$folder" "$libtorch"
}

existing_advice="Give a libtorch of version $torch_minimum or newer, as a Python environment has it:"
existing_advice+=" python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))'"

# check_libtorch FOLDER: whether it can be built against here; sets `problem` where not.
check_libtorch() {
    local file found suffix=so
    [ "$(uname -s)" = Darwin ] && suffix=dylib
    for file in lib/libtorch_cpu.$suffix lib/libc10.$suffix include/ATen/ATen.h; do
        [ -e "$1/$file" ] || { problem="it has no $file"; return 1; }
    done
    found=$(libtorch_version "$1")
    [ -n "$found" ] || { problem="its headers name no version"; return 1; }
    at_least "$found" "$torch_minimum" ||
        { problem="it is version $found, Limn needs $torch_minimum or newer"; return 1; }
    [ "$suffix" = so ] || return 0
    [ "$(machine_of "$1/lib/libc10.so")" = "$(machine_of "$(command -v "$BASH")")" ] ||
        { problem="it is built for another processor"; return 1; }
    grep -qF __cxx11 "$1/lib/libc10.so" || { problem="it is built with the old C++ string ABI"; return 1; }
}

libtorch_version() {
    local header
    for header in torch/headeronly/version.h torch/csrc/api/include/torch/version.h; do
        sed -n 's/^#define TORCH_VERSION_\(MAJOR\|MINOR\|PATCH\) \([0-9]*\)$/\2/p' "$1/include/$header" 2>/dev/null |
            paste -s -d . - | sed '/./!d'
    done | head -n 1
}

# The machine number in an ELF file's header.
machine_of() { od -An -tx1 -j18 -N2 "$1"; }

choose_build() {
    build=${LIMN_TORCH_BUILD:-auto}
    if [ "$(uname -s)" = Darwin ]; then build=macos; fi
    [ "$build" = auto ] || return 0
    local driver
    driver=$(nvidia_driver)
    if [ -z "$driver" ]; then
        build=cpu
    elif [ "$driver" -ge "$nvidia_driver_minimum" ]; then
        build=cuda
    else
        build=cpu
        [ -e "$libtorch/build" ] ||
            say "NVIDIA driver $driver is older than $nvidia_driver_minimum, which CUDA 13 needs: taking the CPU build"
    fi
}

# The loaded NVIDIA driver's major version; nothing without one.
nvidia_driver() {
    if [ -r /proc/driver/nvidia/version ]; then
        sed -n '1s/.*  *\([0-9][0-9]*\)\.[0-9][0-9.]* .*/\1/p' /proc/driver/nvidia/version
    elif command -v nvidia-smi >/dev/null; then
        nvidia-smi --query-gpu=driver_version --format=csv,noheader 2>/dev/null | sed -n '1s/^\([0-9][0-9]*\)\..*/\1/p'
    fi
}

# SwiftPM takes only -I, -L and -l flags from pkg-config, and warns at every build about others (-pthread in libvips's).
describe_for_swiftpm() {
    local prefix=${libtorch// /\\ }
    describe libtorch "$(libtorch_version "$libtorch")" \
        "-I$prefix/include -I$prefix/include/torch/csrc/api/include" "-L$prefix/lib" "# $(readlink "$libtorch" || true)"
    describe vips "$(pkg-config --modversion vips)" "$(pkg-config --cflags-only-I vips)" \
        "$(pkg-config --libs-only-L --libs-only-l vips)"
}

# describe MODULE VERSION CFLAGS LIBS [COMMENT]: written only if it changed, since builds look at its date.
describe() {
    local file=$deps/pkgconfig/$1.pc text
    text=$(printf 'Name: %s\nDescription: %s, for SwiftPM\nVersion: %s\nCflags: %s\nLibs: %s\n%s' "$1" "$@")
    [ "$(cat "$file" 2>/dev/null)" = "$text" ] && return
    printf '%s\n' "$text" >"$file.part"
    mv "$file.part" "$file"
}
