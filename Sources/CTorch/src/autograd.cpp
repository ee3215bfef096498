#include <ATen/autocast_mode.h>
#include <c10/core/InferenceMode.h>

#include "ctorch.h"
#include "internal.h"

using namespace limn;

bool ct_grad_mode(void) { return at::GradMode::is_enabled(); }
void ct_set_grad_mode(bool enabled) { at::GradMode::set_enabled(enabled); }

void *ct_inference_begin(void) { return new c10::InferenceMode(true); }
void ct_inference_end(void *guard) { delete static_cast<c10::InferenceMode *>(guard); }

int32_t ct_autocast_begin(int32_t device, int32_t dtype) {
    auto type = static_cast<c10::DeviceType>(device);
    auto before = at::autocast::is_autocast_enabled(type) ? static_cast<int32_t>(at::autocast::get_autocast_dtype(type)) : -1;
    at::autocast::set_autocast_dtype(type, static_cast<c10::ScalarType>(dtype));
    at::autocast::set_autocast_enabled(type, true);
    at::autocast::increment_nesting();
    return before;
}

void ct_autocast_end(int32_t device, int32_t before) {
    auto type = static_cast<c10::DeviceType>(device);
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    if (before >= 0) at::autocast::set_autocast_dtype(type, static_cast<c10::ScalarType>(before));
    at::autocast::set_autocast_enabled(type, before >= 0);
}

void ct_set_requires_grad(CTTensor tensor, bool required) {
    runVoid("setRequiresGrad", {tensor}, [&] { borrow(tensor).set_requires_grad(required); });
}

bool ct_requires_grad(CTTensor tensor) { return tensor != nullptr && borrow(tensor).requires_grad(); }

bool ct_backward(CTTensor loss) {
    return runVoid("backward", {loss}, [&] { borrow(loss).backward(); });
}

CTTensor ct_grad(CTTensor tensor) {
    if (tensor == nullptr) return nullptr;
    auto gradient = borrow(tensor).grad();
    return gradient.defined() ? release(gradient) : nullptr;
}

void ct_clear_grad(CTTensor tensor) {
    runVoid("clearGrad", {tensor}, [&] { borrow(tensor).mutable_grad() = at::Tensor(); });
}
