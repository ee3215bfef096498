#include <ATen/CPUGeneratorImpl.h>

#include <mutex>

#include "ctorch.h"
#include "internal.h"

using namespace limn;

namespace {
at::Generator &unwrap(CTGenerator generator) { return *reinterpret_cast<at::Generator *>(generator); }
}  // namespace

CTGenerator ct_generator(uint64_t seed) {
    return reinterpret_cast<CTGenerator>(new at::Generator(at::detail::createCPUGenerator(seed)));
}

void ct_generator_release(CTGenerator generator) { delete &unwrap(generator); }

CTTensor ct_generator_state(CTGenerator generator) {
    return run("generatorState", {}, [&] {
        std::lock_guard<std::mutex> lock(unwrap(generator).mutex());
        return unwrap(generator).get_state();
    });
}

bool ct_generator_set_state(CTGenerator generator, CTTensor state) {
    return runVoid("setGeneratorState", {state}, [&] {
        std::lock_guard<std::mutex> lock(unwrap(generator).mutex());
        unwrap(generator).set_state(borrow(state));
    });
}

CTTensor ct_randn(CTGenerator generator, const int64_t *shape, size_t rank, int32_t dtype) {
    return run("randn", {}, [&] { return at::randn(at::IntArrayRef(shape, rank), unwrap(generator), options(dtype)); });
}

CTTensor ct_rand(CTGenerator generator, const int64_t *shape, size_t rank, int32_t dtype) {
    return run("rand", {}, [&] { return at::rand(at::IntArrayRef(shape, rank), unwrap(generator), options(dtype)); });
}

CTTensor ct_randint(CTGenerator generator, int64_t low, int64_t high, const int64_t *shape, size_t rank) {
    return run("randint", {}, [&] {
        return at::randint(low, high, at::IntArrayRef(shape, rank), unwrap(generator), at::TensorOptions().dtype(at::kLong));
    });
}

CTTensor ct_randperm(CTGenerator generator, int64_t count) {
    return run("randperm", {}, [&] {
        return at::randperm(count, unwrap(generator), at::TensorOptions().dtype(at::kLong));
    });
}
