extension Int {
    /// Bytes of memory, to a tenth: `3.1 GiB`.
    public var gibibytes: String {
        let tenths = (self * 10 + (1 << 29)) >> 30
        return "\(tenths / 10).\(tenths % 10) GiB"
    }
}
