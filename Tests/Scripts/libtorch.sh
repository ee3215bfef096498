# A libtorch that is there already, good or bad.

# library FOLDER VERSION [TEXT]: a folder that looks like torch's
library() {
    mkdir -p "$1/lib" "$1/include/ATen" "$1/include/torch/headeronly"
    touch "$1/include/ATen/ATen.h"
    { head -c 64 "$BASH"; echo "${3-__cxx11}"; } | tee "$1/lib/libc10.$suffix" >"$1/lib/libtorch_cpu.$suffix"
    printf '#define TORCH_VERSION_MAJOR %s\n#define TORCH_VERSION_MINOR %s\n#define TORCH_VERSION_PATCH %s\n' ${2//./ } \
        >"$1/include/torch/headeronly/version.h"
}

begin 'no such folder'
bootstrap LIMN_LIBTORCH="$copy/nowhere"
exits 7 'names no folder'
lacks libtorch

begin 'an empty folder'
mkdir "$copy/empty"
bootstrap LIMN_LIBTORCH="$copy/empty"
exits 7 "it has no lib/libtorch_cpu.$suffix"

begin 'an old libtorch'
library "$copy/old" 2.1.0
bootstrap LIMN_LIBTORCH="$copy/old"
exits 7 'it is version 2.1.0, Limn needs 2.11 or newer'

if [ "$suffix" = so ]; then
    begin 'the old string ABI'
    library "$copy/abi" 2.13.0 ''
    bootstrap LIMN_LIBTORCH="$copy/abi"
    exits 7 'old C++ string ABI'

    begin 'another processor'
    library "$copy/other" 2.13.0
    printf '\xff\xff' | dd of="$copy/other/lib/libc10.so" bs=1 seek=18 conv=notrunc status=none
    bootstrap LIMN_LIBTORCH="$copy/other"
    exits 7 'another processor'
fi

begin 'a good libtorch is linked and remembered'
library "$copy/good" 2.11.0
bootstrap LIMN_LIBTORCH="$copy/good"
exits 0
has "libtorch/lib/libc10.$suffix"
check 'the description names its version' grep -q '^Version: 2.11.0$' "$copy/.deps/pkgconfig/libtorch.pc"
stand_in "$copy/bin/python3" <<<'exit 1'
bootstrap -u LIMN_TORCH_VERSION -u LIMN_TORCH_BUILD
exits 0
mv "$copy/good" "$copy/gone"
bootstrap -u LIMN_TORCH_VERSION
exits 4 'could not install python3'
