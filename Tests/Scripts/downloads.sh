# Fetching libtorch: fresh, again, interrupted, damaged, without network, without room.

begin 'a fresh machine'
bootstrap
exits 0 'getting libtorch 9.9.9 for the CPU'
has "libtorch/lib/libtorch_cpu.$suffix"
has libtorch/include/ATen/ATen.h
has pkgconfig/libtorch.pc
lacks "libtorch/lib/libtorch_python.$suffix"
lacks cache
lacks unpack.part
lacks lock

name='a second run'
stand_in "$copy/bin/python3" <<<'exit 1'
bootstrap
exits 0

name='a library is lost'
rm "$copy/.deps/libtorch/lib/libc10.$suffix" "$copy/bin/python3"
bootstrap
exits 0 'getting libtorch'
has "libtorch/lib/libc10.$suffix"

begin 'interrupted in the download'
stand_in "$copy/bin/python3" <<<'
case "$*" in
    *download*)
        while [ "$1" != -d ]; do shift; done
        echo half >"$2/torch-9.9.9+cpu-py3-none-any.whl"
        kill -9 "$(cat .deps/lock/pid)"
        sleep 0.2 ;;
    *) exec "$(dirname "$0")/../../tools/python3" "$@" ;;
esac'
bootstrap
check 'it was killed' [ "$code" -gt 128 ]
has cache/torch__9.9.9+cpu.part
lacks cache/torch__9.9.9+cpu
lacks libtorch
rm "$copy/bin/python3"
bootstrap
exits 0 'getting libtorch'
has "libtorch/lib/libc10.$suffix"
lacks lock

begin 'interrupted after the download'
mkdir -p "$copy/.deps/cache/torch__9.9.9+cpu" "$copy/.deps/unpack.part/libtorch"
cp "$work/wheels/torch-9.9.9+cpu-py3-none-any.whl" "$copy/.deps/cache/torch__9.9.9+cpu/"
bootstrap PIP_FIND_LINKS=/nowhere
exits 0 'getting libtorch'
has "libtorch/lib/libc10.$suffix"

begin 'a damaged wheel'
mkdir -p "$copy/.deps/cache/torch__9.9.9+cpu"
head -c 500 "$work/wheels/torch-9.9.9+cpu-py3-none-any.whl" >"$copy/.deps/cache/torch__9.9.9+cpu/torch-9.9.9+cpu-py3-none-any.whl"
bootstrap
exits 5 'is damaged and has been deleted'
lacks cache
bootstrap
exits 0 'getting libtorch'

begin 'two at once'
(cd "$copy" && PATH="$copy/bin:$tools" scripts/bootstrap >"$copy/first" 2>&1) &
bootstrap
wait $! || check 'the first one succeeds' false
check 'the second one succeeds' [ "$code" -eq 0 ]
check 'only one fetches' [ "$(cat "$copy/first" "$copy/said" | grep -c 'getting libtorch')" -eq 1 ]

begin 'no network'
bootstrap -u PIP_NO_INDEX -u PIP_FIND_LINKS PIP_INDEX_URL=http://127.0.0.1:9/ PIP_TIMEOUT=2 LIMN_TORCH_BUILD=cuda
exits 5 'Check the network'
lacks libtorch

begin 'no such wheel'
bootstrap LIMN_TORCH_VERSION=9.9.8
exits 5 'pip finds no libtorch 9.9.8'

begin 'too little room'
stand_in "$copy/bin/df" <<<'printf "Filesystem 1024-blocks Used Available Capacity Mounted\n/ 1 1 102400 1%% /\n"'
bootstrap
exits 6 'Only 100 MB are free'
lacks cache

begin 'no room left on the way'
stand_in "$copy/bin/python3" <<<'
case "$*" in
    *download*) echo "ERROR: [Errno 28] No space left on device" >&2; exit 2 ;;
    *) exec "$(dirname "$0")/../../tools/python3" "$@" ;;
esac'
bootstrap
exits 6 'The disk is full'
lacks libtorch

if [ "$suffix" = so ]; then
    begin 'no CPU build'
    cp -R "$work/wheels" "$work/wheels-without-cpu"
    rm "$work"/wheels-without-cpu/*+cpu*
    bootstrap PIP_FIND_LINKS="$work/wheels-without-cpu"
    exits 0 'trying the one with CUDA'
    has nvidia/cu13/lib/libcublas.so.13
    bootstrap PIP_FIND_LINKS=/nowhere
    exits 0

    begin 'with CUDA'
    bootstrap LIMN_TORCH_BUILD=cuda
    exits 0 'with CUDA'
    has nvidia/cu13/lib/libcublas.so.13
    has nvidia/cu13/lib/libnvrtc.so.13
    has nvidia/cudnn/lib/libcudnn.so.9
    lacks nvidia/cu13/include
    check 'the build is noted' [ "$(cat "$copy/.deps/libtorch/build")" = '9.9.9 cuda' ]

    name='back to the CPU'
    bootstrap
    exits 0 'for the CPU'
    lacks nvidia
fi
