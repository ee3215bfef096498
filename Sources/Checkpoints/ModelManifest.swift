/// What Limn says about a model beside `model_index.json`, in `limn.json`: all that the reference's files cannot.
///
/// The file also says how pictures are drawn, which the pipelines read from it.
public struct ModelManifest: Codable, Equatable, Sendable {
    /// The manifest's own version; 1 is the only one.
    public var format: Int
    /// What a user calls the model.
    public var name: String
    /// The family whose pipeline runs it: `unclip`, `kandinsky22`, …
    public var family: String
    /// What the model can do: `text_to_image`, `variation`, `inpainting`, … Nil where the components say it all.
    public var capabilities: [String]?
    /// Components that the reference's pipeline does not have, each in a folder of its name, with the class of each.
    public var components: [String: String]?
    /// SHA-256 of the files, hexadecimal, by path relative to the folder.
    public var digests: [String: String]?

    public init(
        name: String, family: String, capabilities: [String]? = nil, components: [String: String]? = nil,
        digests: [String: String]? = nil
    ) {
        format = 1
        self.name = name
        self.family = family
        self.capabilities = capabilities
        self.components = components
        self.digests = digests
    }
}
