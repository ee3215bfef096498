#pragma once
#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <initializer_list>
#include <optional>
#include <vector>

#include "ctorch_types.h"

namespace limn {

/// Keeps the first error of this thread.
void keepError(int32_t kind, const char *operation, const char *message) noexcept;
/// Turns the exception in flight into this thread's error, unless one is kept already.
void keepCurrentException(const char *operation) noexcept;

inline at::Tensor borrow(CTTensor tensor) {
    if (tensor == nullptr) return {};
    using Pointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
    return at::Tensor(Pointer::reclaim_copy(reinterpret_cast<c10::TensorImpl *>(tensor)));
}

inline CTTensor release(at::Tensor tensor) {
    return reinterpret_cast<CTTensor>(tensor.unsafeReleaseTensorImpl());
}

inline std::vector<at::Tensor> borrowAll(const CTTensor *tensors, size_t count) {
    std::vector<at::Tensor> result;
    result.reserve(count);
    for (size_t i = 0; i < count; ++i) {
        TORCH_CHECK(tensors[i] != nullptr, "an operand is missing because an earlier operation failed");
        result.push_back(borrow(tensors[i]));
    }
    return result;
}

inline std::optional<at::Tensor> optional(const at::Tensor &tensor) {
    return tensor.defined() ? std::optional<at::Tensor>(tensor) : std::nullopt;
}

inline std::optional<double> optionalDouble(const double *value) {
    return value ? std::optional<double>(*value) : std::nullopt;
}

/// An optional scalar that fits both `optional<Scalar>` and `optional<double>` parameters.
struct OptionalNumber {
    const double *value;
    operator std::optional<double>() const { return optionalDouble(value); }
    operator std::optional<at::Scalar>() const { return value ? std::optional<at::Scalar>(*value) : std::nullopt; }
};

inline OptionalNumber optional(const double *value) { return {value}; }

inline at::TensorOptions options(int32_t dtype, int32_t device = 0, int32_t index = -1) {
    auto type = static_cast<c10::DeviceType>(device);
    auto place = c10::Device(type, type == c10::DeviceType::CPU ? -1 : static_cast<c10::DeviceIndex>(index));
    return at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype)).device(place);
}

/// Runs one operation. A missing operand means that an earlier operation failed: its error is the one to tell.
template <typename Body>
CTTensor run(const char *operation, std::initializer_list<CTTensor> inputs, Body body) noexcept {
    for (auto input : inputs) {
        if (input == nullptr) {
            keepError(2, operation, "an operand is missing because an earlier operation failed");
            return nullptr;
        }
    }
    try {
        return release(body());
    } catch (...) {
        keepCurrentException(operation);
        return nullptr;
    }
}

/// As `run`, for what changes its operands and returns nothing.
template <typename Body>
bool runVoid(const char *operation, std::initializer_list<CTTensor> inputs, Body body) noexcept {
    for (auto input : inputs) {
        if (input == nullptr) {
            keepError(2, operation, "an operand is missing because an earlier operation failed");
            return false;
        }
    }
    try {
        body();
        return true;
    } catch (...) {
        keepCurrentException(operation);
        return false;
    }
}

}  // namespace limn
