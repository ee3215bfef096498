# Fetches libtorch as the wheels that pip finds, and unpacks them into .deps. Sourced by scripts/bootstrap.
# What is fetched stays in .deps/cache until all of it is unpacked, so an interrupted run goes on from there.

pytorch_cpu_index=https://download.pytorch.org/whl/cpu
cache=$deps/cache

download() {
    # torch has wheels for these Pythons. Any other one fetches 3.12's, which serve as well: only lib and include count.
    pip_options=()
    python3 -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' ||
        pip_options=(--python-version 3.12)
    : >"$log"
    case $build in
        cpu) download_cpu ;;
        cuda) download_cuda ;;
        macos)
            need_space 900
            say "getting libtorch $version (about 100 MB, once)"
            fetch "torch===$version" || download_failed ;;
    esac
}

download_cpu() {
    need_space 900
    say "getting libtorch $version for the CPU (about 200 MB, once)"
    fetch "torch==$version+cpu" && return
    fetch "torch==$version+cpu" --index-url "$pytorch_cpu_index" && return
    # What every mirror of the default index has runs on the CPU as well.
    say "pip finds no CPU build: trying the one with CUDA"
    download_cuda
}

download_cuda() {
    need_space 7000
    say "getting libtorch $version with CUDA (about 2.5 GB, once)"
    # Three equals signs: not the +cpu build, which two would accept.
    fetch "torch===$version" || download_failed
    fetch_needs "torch===$version"
}

# fetch REQUIREMENT [PIP-OPTION…]: that one wheel, into a cache folder of its own, which appears only when complete.
fetch() {
    local into
    into=$(cached "$1")
    [ -d "$into" ] && return
    rm -rf "$into.part"
    # pip unpacks and renames in TMPDIR; /tmp may be small.
    mkdir -p "$into.part/tmp"
    TMPDIR=$into.part/tmp PIP_REQUIRE_VIRTUALENV=0 python3 -m pip --disable-pip-version-check \
        download --no-deps --only-binary=:all: --no-cache-dir --retries 2 -d "$into.part" \
        ${pip_options[@]+"${pip_options[@]}"} "${@:2}" "$1" 2>>"$log" | show_progress || return 1
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
    [ "$free" -ge "$1" ] ||
        fail 6 "Only $free MB are free in $deps, libtorch needs $1 MB" "Free some space and run again"
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
            "Check the network and pip's settings ($log) and run again, or set LIMN_LIBTORCH to a libtorch you have"
    fi
    fail 5 "pip finds no libtorch $version ($build) for $(uname -sm)" \
        "Choose another LIMN_TORCH_VERSION or LIMN_TORCH_BUILD, or set LIMN_LIBTORCH to a libtorch you have"
}
