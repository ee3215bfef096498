import Torch

/// How predicted clean pictures are kept in range.
enum SampleLimit: Equatable {
    case none
    /// Clamped to ±range.
    case clip(Double)
    /// Dynamic thresholding (Saharia et al. 2022, section 2.3): clamped to ±s and divided by s, where s is the
    /// picture's quantile of absolute values, at least 1 and at most `maximum`.
    case threshold(ratio: Double, maximum: Double)

    init(_ config: SchedulerConfig) {
        if config.flag("thresholding") {
            self = .threshold(
                ratio: config.number("dynamic_thresholding_ratio"), maximum: config.number("sample_max_value"))
        } else if config.flag("clip_sample") {
            self = .clip(config.number("clip_sample_range"))
        } else {
            self = .none
        }
    }

    /// - Parameter pictures: `[B, …]` float32.
    func callAsFunction(_ pictures: Tensor) -> Tensor {
        switch self {
        case .none:
            return pictures
        case .clip(let range):
            return pictures.clamp(min: -range, max: range)
        case .threshold(_, let maximum) where maximum <= 1:
            return pictures.clamp(min: -maximum, max: maximum) / maximum
        case .threshold(let ratio, let maximum):
            let quantile = pictures.abs().flatten(from: 1).quantile(ratio, dim: 1)
            let column = [pictures.size(0)] + Array(repeating: 1, count: pictures.rank - 1)
            let scale = quantile.clamp(min: 1, max: maximum).reshape(column)
            return pictures.minimum(scale).maximum(-scale) / scale
        }
    }
}
