#include "ctorch.h"
#include "internal.h"

using namespace limn;

void ct_adamw_(const CTTensor *parameters, const CTTensor *gradients, const CTTensor *means, const CTTensor *squares,
               const CTTensor *steps, size_t count, double rate, double beta1, double beta2, double decay, double eps) {
    runVoid("adamw", {}, [&] {
        c10::AutoGradMode guard(false);
        at::_fused_adamw_(borrowAll(parameters, count), borrowAll(gradients, count), borrowAll(means, count),
                          borrowAll(squares, count), {}, borrowAll(steps, count), rate, beta1, beta2, decay, eps,
                          /*amsgrad=*/false, /*maximize=*/false);
    });
}

CTTensor ct_global_norm(const CTTensor *tensors, size_t count) {
    return run("globalNorm", {}, [&] {
        c10::AutoGradMode guard(false);
        return at::linalg_vector_norm(at::stack(at::_foreach_norm(borrowAll(tensors, count), 2)), 2);
    });
}

void ct_scale_all_(const CTTensor *tensors, size_t count, CTTensor factor) {
    runVoid("scaleAll", {factor}, [&] {
        c10::AutoGradMode guard(false);
        at::_foreach_mul_(borrowAll(tensors, count), borrow(factor));
    });
}

void ct_lerp_all_(const CTTensor *tensors, const CTTensor *ends, size_t count, double weight) {
    runVoid("lerpAll", {}, [&] {
        c10::AutoGradMode guard(false);
        at::_foreach_lerp_(borrowAll(tensors, count), borrowAll(ends, count), weight);
    });
}

void ct_increment_all_(const CTTensor *tensors, size_t count) {
    runVoid("incrementAll", {}, [&] {
        c10::AutoGradMode guard(false);
        at::_foreach_add_(borrowAll(tensors, count), 1);
    });
}
