import Scenes

/// Regions to erase when a decoder learns to inpaint.
enum Regions {
    /// A mask of size × size, 1 where the picture is known and 0 where it is to be painted: one to three erased boxes
    /// or ellipses, or everything erased but one.
    static func random(size: Int, _ random: inout Randomness) -> [Float] {
        let inverted = random.chance(0.25)
        var mask = [Float](repeating: inverted ? 0 : 1, count: size * size)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let wide = Int.random(in: size / 6...size * 3 / 4, using: &random)
            let high = Int.random(in: size / 6...size * 3 / 4, using: &random)
            let left = Int.random(in: -wide / 3...size - wide * 2 / 3, using: &random)
            let top = Int.random(in: -high / 3...size - high * 2 / 3, using: &random)
            let round = random.chance(0.5)
            for y in max(0, top)..<min(size, top + high) {
                for x in max(0, left)..<min(size, left + wide) {
                    let dx = (Float(x - left) + 0.5) / Float(wide) * 2 - 1
                    let dy = (Float(y - top) + 0.5) / Float(high) * 2 - 1
                    if !round || dx * dx + dy * dy <= 1 { mask[y * size + x] = inverted ? 1 : 0 }
                }
            }
        }
        return mask
    }
}
