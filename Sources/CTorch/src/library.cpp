#include <ATen/Parallel.h>
#include <ATen/cpu/Utils.h>
#include <ATen/detail/MPSHooksInterface.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <torch/headeronly/version.h>

#include "ctorch.h"
#include "internal.h"

using namespace limn;

const char *ct_version(void) { return TORCH_VERSION; }
void ct_set_threads(int32_t count) { at::set_num_threads(count); }
int32_t ct_threads(void) { return at::get_num_threads(); }

bool ct_load_cuda(void) {
    try {
        if (at::hasCUDA()) return true;
        // Its constructors register the CUDA kernels with the dispatcher that libtorch_cpu holds.
        if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) return false;
        return at::hasCUDA();
    } catch (...) {
        return false;
    }
}

int32_t ct_cuda_devices(void) {
    try {
        if (!at::hasCUDA()) return 0;
        return static_cast<int32_t>(at::globalContext().getAcceleratorHooksInterface(c10::DeviceType::CUDA).deviceCount());
    } catch (...) {
        return 0;
    }
}

bool ct_has_mps(void) {
    try {
        return at::hasMPS();
    } catch (...) {
        return false;
    }
}

bool ct_cpu_has_fast_bfloat16(void) {
    try {
        auto capabilities = at::cpu::get_cpu_capabilities();
        // Not avx512_bf16: with it alone a training step takes longer than in float32.
        for (auto name : {"amx_bf16", "bf16"}) {
            auto found = capabilities.find(name);
            if (found != capabilities.end() && found->second.isBool() && found->second.toBool()) return true;
        }
        return false;
    } catch (...) {
        return false;
    }
}

void ct_trim_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void ct_synchronize(int32_t device, int32_t index) {
    runVoid("synchronize", {}, [&] {
        auto type = static_cast<c10::DeviceType>(device);
        if (type == c10::DeviceType::CPU) return;
        c10::impl::VirtualGuardImpl(type).synchronizeDevice(static_cast<c10::DeviceIndex>(index));
    });
}
