import CTorch

/// libtorch as a whole.
public enum Library {
    /// Its version, as `2.13.0`.
    public static var version: String { String(cString: ct_version()) }

    /// The threads that one operation may use on the CPU.
    public static var threads: Int {
        get { Int(ct_threads()) }
        set { ct_set_threads(Int32(Swift.max(1, newValue))) }
    }
    /// Gives the memory of tensors that are no more back to the system. The C library keeps some of it for itself
    /// otherwise, which after a network of some gigabytes is too much.
    public static func trimMemory() { ct_trim_memory() }
}
