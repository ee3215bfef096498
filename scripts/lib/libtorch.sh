# libtorch: chosen, downloaded as the wheels that pip finds, unpacked into .deps, checked. Sourced by scripts/bootstrap.

torch_default=2.13.0
torch_minimum=2.11
# CUDA 13, with which these wheels are built, needs this driver.
nvidia_driver_minimum=580
pytorch_cpu_index=https://download.pytorch.org/whl/cpu

libtorch=$deps/libtorch
cache=$deps/cache

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
    # A folder chosen earlier stays until a version or a build is asked for.
    if [ -L "$libtorch" ] && [ -z "${LIMN_TORCH_VERSION:-}${LIMN_TORCH_BUILD:-}" ] && check_libtorch "$libtorch"; then return; fi
    choose_build
    if [ ! -L "$libtorch" ] && [ "$(cat "$libtorch/build" 2>/dev/null)" = "$version $build" ] && check_libtorch "$libtorch"; then return; fi
    ensure_pip
    download
    unpack
    check_libtorch "$libtorch" || fail 7 "The downloaded libtorch is not usable: $problem" "Set LIMN_LIBTORCH to one that is"
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
    at_least "$found" "$torch_minimum" || { problem="it is version $found, Limn needs $torch_minimum or newer"; return 1; }
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

download() {
    local megabytes=900 advice requirement
    [ "$build" = cuda ] && megabytes=9000
    need_space "$megabytes"
    # torch has wheels for these Pythons; any other one fetches for 3.12, which serves as well: only lib and include count.
    pip_options=()
    python3 -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' || pip_options=(--python-version 3.12)
    : >"$log"
    case $build in
        cpu)
            say "getting libtorch $version for the CPU (about 200 MB, once)"
            fetch "torch==$version+cpu" || fetch "torch==$version+cpu" --index-url "$pytorch_cpu_index" || download_failed ;;
        macos)
            say "getting libtorch $version (about 100 MB, once)"
            fetch "torch===$version" || download_failed ;;
        cuda)
            say "getting libtorch $version with CUDA (about 3 GB, once)"
            # Three equals signs: not the +cpu build, which two would accept.
            fetch "torch===$version" || download_failed
            fetch_needs "torch===$version" ;;
    esac
}

# fetch REQUIREMENT [PIP-OPTION…]: that one wheel, into a folder of its own in the cache, which appears only when complete.
fetch() {
    local into
    into=$(cached "$1")
    [ -d "$into" ] && return
    rm -rf "$into.part"
    # pip unpacks and renames in TMPDIR; /tmp may be small.
    mkdir -p "$into.part/tmp"
    TMPDIR=$into.part/tmp PIP_REQUIRE_VIRTUALENV=0 python3 -m pip --disable-pip-version-check download --no-deps \
        --only-binary=:all: --no-cache-dir --retries 3 -d "$into.part" ${pip_options[@]+"${pip_options[@]}"} "${@:2}" "$1" \
        2>>"$log" | show_progress || return 1
    rm -rf "$into.part/tmp"
    mv "$into.part" "$into"
}

# pip's progress, for a person at a terminal only.
show_progress() { if [ -t 2 ]; then cat >&2; else cat >>"$log"; fi; }

# The cache folder of a requirement such as cuda-toolkit[cublas]==13.0.3.
cached() { printf '%s/%s' "$cache" "${1//[^a-zA-Z0-9.+-]/_}"; }

# fetch_needs REQUIREMENT: the NVIDIA wheels that an already fetched one names.
fetch_needs() {
    local requirement needs
    needs=$(wheel needs "$1" "$(cached "$1")"/*.whl) || damaged
    for requirement in $needs; do
        fetch "$requirement" || download_failed
        case $requirement in *\[*) fetch_needs "$requirement" ;; esac
    done
}

wheel() { python3 "$here/lib/wheel.py" "$@" 2>>"$log"; }

unpack() {
    local part=$deps/unpack.part
    rm -rf "$part"
    wheel unpack "$part" "$cache"/*/*.whl || damaged
    echo "$version $build" >"$part/libtorch/build"
    rm -rf "$libtorch" "$deps/nvidia"
    # libtorch looks for NVIDIA's libraries in ../../nvidia, as in a Python environment.
    if [ -d "$part/nvidia" ]; then mv "$part/nvidia" "$deps/nvidia"; fi
    mv "$part/libtorch" "$libtorch"
    rm -rf "$part" "$cache"
}

free_megabytes() { df -Pk "$deps" | awk 'NR == 2 { print int($4 / 1024) }'; }

need_space() {
    local free
    free=$(free_megabytes)
    [ "$free" -ge "$1" ] || fail 6 "Only $free MB are free in $deps, libtorch needs $1 MB" "Free some space and run again"
}

# The log may have had no room for the word either.
fail_if_full() {
    if grep -qi 'no space left' "$log" || [ "$(free_megabytes)" -lt 20 ]; then
        fail 6 "The disk is full" "Free some space and run again; what arrived is kept"
    fi
}

damaged() {
    rm -rf "$deps/unpack.part"
    fail_if_full
    rm -rf "$cache"
    fail 5 "What was downloaded is damaged and has been deleted" "Run again"
}

download_failed() {
    rm -rf "$cache"/*.part
    fail_if_full
    if grep -qiE 'connection|timed out|timeout|resolv|unreachable|max retries|proxy|ssl|HTTP error' "$log"; then
        fail 5 "libtorch could not be downloaded" \
            "Check the network and pip's settings ($log) and run again, or set LIMN_LIBTORCH to a libtorch that you have"
    fi
    fail 5 "pip finds no libtorch $version ($build) for $(uname -sm)" \
        "Choose another LIMN_TORCH_VERSION or LIMN_TORCH_BUILD, or set LIMN_LIBTORCH to a libtorch that you have"
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
    text=$(printf 'Name: %s\nDescription: %s, for SwiftPM\nVersion: %s\nCflags: %s\nLibs: %s\n%s' "$1" "$1" "$2" "$3" "$4" "${5:-}")
    [ "$(cat "$file" 2>/dev/null)" = "$text" ] && return
    printf '%s\n' "$text" >"$file.part"
    mv "$file.part" "$file"
}
