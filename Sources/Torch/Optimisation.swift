import CTorch

/// Whole-list updates in place, as the optimisers need them. Lists have equal lengths; no gradient is recorded.
public enum TensorLists {
    /// One AdamW step (Loshchilov & Hutter 2019, algorithm 2) in libtorch's fused kernel.
    /// `steps` are float32 scalars, one a parameter, which the kernel counts up.
    public static func adamW(
        _ parameters: [Tensor], gradients: [Tensor], means: [Tensor], squares: [Tensor], steps: [Tensor],
        rate: Double, betas: (Double, Double), decay: Double, eps: Double
    ) {
        increment(steps)
        withReferences(parameters) { p in
            withReferences(gradients) { g in
                withReferences(means) { m in
                    withReferences(squares) { v in
                        withReferences(steps) { s in
                            ct_adamw_(p, g, m, v, s, parameters.count, rate, betas.0, betas.1, decay, eps)
                        }
                    }
                }
            }
        }
        withExtendedLifetime((parameters, gradients, means, squares, steps)) {}
    }

    /// The Euclidean norm of all elements of all tensors together.
    public static func globalNorm(_ tensors: [Tensor]) -> Tensor {
        withExtendedLifetime(tensors) { Tensor(owning: withReferences(tensors) { ct_global_norm($0, tensors.count) }) }
    }

    /// Multiplies every tensor by a scalar tensor.
    public static func scale(_ tensors: [Tensor], by factor: Tensor) {
        withExtendedLifetime((tensors, factor)) {
            withReferences(tensors) { ct_scale_all_($0, tensors.count, factor.reference) }
        }
    }

    /// Moves every tensor by `weight` of the way towards its end.
    public static func lerp(_ tensors: [Tensor], towards ends: [Tensor], weight: Double) {
        withExtendedLifetime((tensors, ends)) {
            withReferences(tensors) { a in withReferences(ends) { b in ct_lerp_all_(a, b, tensors.count, weight) } }
        }
    }

    private static func increment(_ steps: [Tensor]) {
        withExtendedLifetime(steps) { withReferences(steps) { ct_increment_all_($0, steps.count) } }
    }
}
