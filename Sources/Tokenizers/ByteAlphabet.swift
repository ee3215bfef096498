/// The printable character that stands for each byte in a byte-level vocabulary (GPT-2's `bytes_to_unicode`).
///
/// Bytes that Latin-1 prints stand for themselves; the others take the characters from U+0100 on, in order.
enum ByteAlphabet {
    /// Bytes in the order in which GPT-2 and CLIP number them: first the printable ones, then the rest.
    static let bytesInVocabularyOrder: [UInt8] = {
        let printable = Array(33...126) + Array(161...172) + Array(174...255) as [UInt8]
        let known = Set(printable)
        return printable + (0...255).filter { !known.contains($0) }
    }()

    /// The character for each byte, indexed by the byte.
    static let characters: [Unicode.Scalar] = {
        var table = [Unicode.Scalar](repeating: "\0", count: 256)
        let printableCount = 188
        for (index, byte) in bytesInVocabularyOrder.enumerated() {
            table[Int(byte)] =
                index < printableCount
                ? Unicode.Scalar(byte) : Unicode.Scalar(UInt16(256 + index - printableCount))!
        }
        return table
    }()
}
