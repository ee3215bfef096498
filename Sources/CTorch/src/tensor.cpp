#include <cstring>

#include "ctorch.h"
#include "internal.h"

using namespace limn;

namespace {
c10::TensorImpl *impl(CTTensor tensor) { return reinterpret_cast<c10::TensorImpl *>(tensor); }
}  // namespace

void ct_release(CTTensor tensor) {
    if (tensor == nullptr) return;
    using Pointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
    Pointer::reclaim(impl(tensor));
}

int64_t ct_rank(CTTensor tensor) { return tensor ? impl(tensor)->dim() : 0; }

void ct_shape(CTTensor tensor, int64_t *sizes) {
    if (tensor == nullptr) return;
    auto shape = impl(tensor)->sizes();
    std::copy(shape.begin(), shape.end(), sizes);
}

int64_t ct_size(CTTensor tensor, int64_t dim) {
    if (tensor == nullptr) return 0;
    auto shape = impl(tensor)->sizes();
    int64_t rank = static_cast<int64_t>(shape.size());
    int64_t place = dim < 0 ? dim + rank : dim;
    return place >= 0 && place < rank ? shape[place] : 0;
}

int64_t ct_count(CTTensor tensor) { return tensor ? impl(tensor)->numel() : 0; }
int32_t ct_dtype(CTTensor tensor) {
    return static_cast<int32_t>(tensor ? c10::typeMetaToScalarType(impl(tensor)->dtype()) : c10::ScalarType::Float);
}
int32_t ct_device_type(CTTensor tensor) { return tensor ? static_cast<int32_t>(impl(tensor)->device().type()) : 0; }
int32_t ct_device_index(CTTensor tensor) { return tensor ? impl(tensor)->device().index() : -1; }

CTTensor ct_copy_in(const void *data, const int64_t *shape, size_t rank, int32_t dtype) {
    return run("copyIn", {}, [&] {
        auto result = at::empty(at::IntArrayRef(shape, rank), options(dtype));
        if (result.nbytes() > 0) std::memcpy(result.mutable_data_ptr(), data, result.nbytes());
        return result;
    });
}

CTTensor ct_map(void *data, const int64_t *shape, size_t rank, int32_t dtype, void *context, void (*releaser)(void *)) {
    return run("map", {}, [&] {
        return at::from_blob(data, at::IntArrayRef(shape, rank),
                             [context, releaser](void *) { releaser(context); }, options(dtype));
    });
}

bool ct_copy_out(CTTensor tensor, void *destination, size_t bytes, int32_t dtype) {
    return runVoid("copyOut", {tensor}, [&] {
        auto plain = borrow(tensor).detach().to(at::kCPU, static_cast<c10::ScalarType>(dtype)).contiguous();
        TORCH_CHECK(plain.nbytes() == bytes, "expected ", bytes, " bytes, the tensor has ", plain.nbytes());
        if (bytes > 0) std::memcpy(destination, plain.const_data_ptr(), bytes);
    });
}

CTTensor ct_full(const int64_t *shape, size_t rank, double value, int32_t dtype, int32_t device, int32_t index) {
    return run("full", {}, [&] { return at::full(at::IntArrayRef(shape, rank), value, options(dtype, device, index)); });
}

CTTensor ct_empty(const int64_t *shape, size_t rank, int32_t dtype, int32_t device, int32_t index) {
    return run("empty", {}, [&] { return at::empty(at::IntArrayRef(shape, rank), options(dtype, device, index)); });
}

CTTensor ct_arange(int64_t start, int64_t end, int32_t dtype, int32_t device, int32_t index) {
    return run("arange", {}, [&] { return at::arange(start, end, options(dtype, device, index)); });
}

CTTensor ct_eye(int64_t count, int32_t dtype) {
    return run("eye", {}, [&] { return at::eye(count, options(dtype)); });
}

CTTensor ct_to_dtype(CTTensor tensor, int32_t dtype) {
    return run("to(dtype)", {tensor}, [&] { return borrow(tensor).to(static_cast<c10::ScalarType>(dtype)); });
}

CTTensor ct_to_device(CTTensor tensor, int32_t device, int32_t index) {
    return run("to(device)", {tensor}, [&] {
        auto source = borrow(tensor);
        return source.to(options(static_cast<int32_t>(source.scalar_type()), device, index).device());
    });
}

void ct_copy_(CTTensor destination, CTTensor source) {
    runVoid("copy", {destination, source}, [&] {
        c10::AutoGradMode guard(false);
        borrow(destination).copy_(borrow(source));
    });
}

void ct_zero_(CTTensor tensor) {
    runVoid("zero", {tensor}, [&] { borrow(tensor).zero_(); });
}

void ct_mul_(CTTensor tensor, double factor) {
    runVoid("mul", {tensor}, [&] {
        c10::AutoGradMode guard(false);
        borrow(tensor).mul_(factor);
    });
}
