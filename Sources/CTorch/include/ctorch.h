#pragma once
#include "ctorch_ops.h"
#include "ctorch_types.h"

#ifdef __cplusplus
extern "C" {
#endif

// Errors. Each thread keeps the first one until it is taken.
enum { CT_ERROR_NONE = 0, CT_ERROR_OUT_OF_MEMORY = 1, CT_ERROR_INVALID_ARGUMENT = 2, CT_ERROR_DEVICE = 3 };
int32_t ct_error_kind(void);
const char *_Nonnull ct_error_operation(void);
const char *_Nonnull ct_error_message(void);
void ct_error_clear(void);
void ct_keep_error(int32_t kind, const char *_Nonnull operation, const char *_Nonnull message);

// Life, facts and data. Data types are c10::ScalarType's numbers, device types c10::DeviceType's.
void ct_release(CTTensor _Nullable tensor);
int64_t ct_rank(CTTensor _Nullable tensor);
void ct_shape(CTTensor _Nullable tensor, int64_t *_Nullable sizes);
int64_t ct_size(CTTensor _Nullable tensor, int64_t dim);
int64_t ct_count(CTTensor _Nullable tensor);
int32_t ct_dtype(CTTensor _Nullable tensor);
int32_t ct_device_type(CTTensor _Nullable tensor);
int32_t ct_device_index(CTTensor _Nullable tensor);
CTTensor _Nullable ct_copy_in(const void *_Nullable data, const int64_t *_Nullable shape, size_t rank, int32_t dtype);
CTTensor _Nullable ct_map(void *_Nonnull data, const int64_t *_Nullable shape, size_t rank, int32_t dtype,
                void *_Nullable context, void (*_Nonnull release)(void *_Nullable));
/// Copies the elements, contiguous and as `dtype`, to `destination`, which has room for `bytes`. False on failure.
bool ct_copy_out(CTTensor _Nullable tensor, void *_Nonnull destination, size_t bytes, int32_t dtype);
CTTensor _Nullable ct_full(const int64_t *_Nullable shape, size_t rank, double value, int32_t dtype, int32_t device, int32_t index);
CTTensor _Nullable ct_empty(const int64_t *_Nullable shape, size_t rank, int32_t dtype, int32_t device, int32_t index);
CTTensor _Nullable ct_arange(int64_t start, int64_t end, int32_t dtype, int32_t device, int32_t index);
CTTensor _Nullable ct_eye(int64_t count, int32_t dtype);
CTTensor _Nullable ct_to_dtype(CTTensor _Nullable tensor, int32_t dtype);
CTTensor _Nullable ct_to_device(CTTensor _Nullable tensor, int32_t device, int32_t index);

// In place
void ct_copy_(CTTensor _Nullable destination, CTTensor _Nullable source);
void ct_zero_(CTTensor _Nullable tensor);
void ct_mul_(CTTensor _Nullable tensor, double factor);

// Random numbers
CTGenerator _Nonnull ct_generator(uint64_t seed);
void ct_generator_release(CTGenerator _Nonnull generator);
CTTensor _Nullable ct_generator_state(CTGenerator _Nonnull generator);
bool ct_generator_set_state(CTGenerator _Nonnull generator, CTTensor _Nullable state);
CTTensor _Nullable ct_randn(CTGenerator _Nonnull generator, const int64_t *_Nullable shape, size_t rank, int32_t dtype);
CTTensor _Nullable ct_rand(CTGenerator _Nonnull generator, const int64_t *_Nullable shape, size_t rank, int32_t dtype);
CTTensor _Nullable ct_randint(CTGenerator _Nonnull generator, int64_t low, int64_t high, const int64_t *_Nullable shape, size_t rank);
CTTensor _Nullable ct_randperm(CTGenerator _Nonnull generator, int64_t count);

// Autograd. Modes belong to the calling thread.
bool ct_grad_mode(void);
void ct_set_grad_mode(bool enabled);
void *_Nonnull ct_inference_begin(void);
void ct_inference_end(void *_Nonnull guard);
/// Returns the dtype that was in force before, or -1; `end` wants it back.
int32_t ct_autocast_begin(int32_t device, int32_t dtype);
void ct_autocast_end(int32_t device, int32_t before);
void ct_set_requires_grad(CTTensor _Nullable tensor, bool required);
bool ct_requires_grad(CTTensor _Nullable tensor);
bool ct_backward(CTTensor _Nullable loss);
CTTensor _Nullable ct_grad(CTTensor _Nullable tensor);
void ct_clear_grad(CTTensor _Nullable tensor);

// Optimisation over lists of equal length
void ct_adamw_(const CTTensor _Nullable *_Nonnull parameters, const CTTensor _Nullable *_Nonnull gradients,
               const CTTensor _Nullable *_Nonnull means, const CTTensor _Nullable *_Nonnull squares,
               const CTTensor _Nullable *_Nonnull steps, size_t count,
               double rate, double beta1, double beta2, double decay, double eps);
void ct_increment_all_(const CTTensor _Nullable *_Nonnull tensors, size_t count);
CTTensor _Nullable ct_global_norm(const CTTensor _Nullable *_Nonnull tensors, size_t count);
void ct_scale_all_(const CTTensor _Nullable *_Nonnull tensors, size_t count, CTTensor _Nullable factor);
void ct_lerp_all_(const CTTensor _Nullable *_Nonnull tensors, const CTTensor _Nullable *_Nonnull ends, size_t count, double weight);

// The library
const char *_Nonnull ct_version(void);
void ct_set_threads(int32_t count);
int32_t ct_threads(void);
/// Loads the CUDA part of libtorch when it lies beside the CPU part. True if a device can then be used.
bool ct_load_cuda(void);
int32_t ct_cuda_devices(void);
bool ct_has_mps(void);
/// True if this CPU multiplies matrices faster in bfloat16 than in float32 (AMX, Arm's BF16).
bool ct_cpu_has_fast_bfloat16(void);
/// Gives memory that is free back to the system, where the C library keeps it.
void ct_trim_memory(void);
/// Tells of every operation that this thread runs, with the shapes of its tensors as `2x78x64,64x64`, until `end`.
void *_Nonnull ct_observe_begin(void *_Nullable context,
                void (*_Nonnull seen)(void *_Nullable, const char *_Nonnull, const char *_Nonnull));
void ct_observe_end(void *_Nonnull observer);
void ct_synchronize(int32_t device, int32_t index);

#ifdef __cplusplus
}
#endif
