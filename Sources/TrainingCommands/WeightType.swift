import ArgumentParser
import Torch

/// The type that weights are written in, by its name.
struct WeightType: ExpressibleByArgument {
    let dtype: DType

    init?(argument: String) {
        guard let dtype = DType(name: argument), dtype.isFloatingPoint else { return nil }
        self.dtype = dtype
    }

    static var allValueStrings: [String] { ["float32", "bfloat16", "float16"] }
}
