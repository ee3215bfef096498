/// Which of the training timesteps a short run visits (Lin et al. 2023, table 2), largest first.
enum TimestepSpacing: String {
    case linspace
    case leading
    case trailing

    /// Integer timesteps with the reference's rounding (half to even).
    /// - Parameters:
    ///   - steps: how many.
    ///   - last: the number of usable training timesteps, `0..<last`.
    ///   - total: the number of training timesteps.
    ///   - leavesLast: whether the grid has one more point, the smallest, that is not visited (multistep solvers).
    func timesteps(_ steps: Int, last: Int, of total: Int, offset: Int, leavesLast: Bool) -> [Int] {
        let points = leavesLast ? steps + 1 : steps
        switch self {
        case .linspace:
            let grid = Numerics.linspace(0, Double(last - 1), points)
            return grid.reversed().prefix(steps).map(Self.round)
        case .leading:
            let stride = last / points
            return (0..<points).reversed().prefix(steps).map { $0 * stride + offset }
        case .trailing:
            let grid = Numerics.arange(from: Double(last), by: -(Double(total) / Double(steps)))
            // Rounding can give the grid one point too many, just above zero.
            return grid.map { Self.round($0) - 1 }.filter { $0 >= 0 }
        }
    }

    /// Karlo's own: round(i · (total − 1) / (steps − 1)), the first and the last timestep among them.
    static func unCLIP(_ steps: Int, of total: Int) -> [Int] {
        let ratio = Double(total - 1) / Double(steps - 1)
        return (0..<steps).reversed().map { round(Double($0) * ratio) }
    }

    private static func round(_ x: Double) -> Int { Int(x.rounded(.toNearestOrEven)) }
}
