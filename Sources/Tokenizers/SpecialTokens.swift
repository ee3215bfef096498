/// The special tokens of a tokenizer folder, put together from its files as transformers 5 does.
struct SpecialTokens: Sendable {
    /// The names that configurations give to special tokens, in the order in which transformers adds them.
    enum Role: String, CaseIterable {
        case bos = "bos_token", eos = "eos_token", unk = "unk_token", sep = "sep_token"
        case pad = "pad_token", cls = "cls_token", mask = "mask_token"
    }

    let ids: [Role: Int32]
    /// Looked for in the text as given.
    let raw: AddedTokens
    /// Looked for in the normalised text.
    let normalized: AddedTokens
    /// `model_max_length`, where it is a length.
    let contextLength: Int?

    /// - Parameter defaults: the tokens of the tokenizer's class, which the folder's files override.
    init(folder: TokenizerFolder, vocabulary: Vocabulary, defaults: [Role: String]) throws {
        let configuration = try folder.json("tokenizer_config.json", as: Configuration.self) ?? Configuration()
        var roles = defaults.mapValues { AddedTokenDescription($0) }
        roles.merge(configuration.roles) { $1 }
        var listed = configuration.addedTokens
        if listed == nil {
            roles.merge(try folder.json("special_tokens_map.json", as: Configuration.self)?.roles ?? [:]) { $1 }
            let extra = try folder.json("added_tokens.json", as: [String: Int32].self) ?? [:]
            listed =
                extra.sorted { $0.value < $1.value }.map { AddedTokenDescription($0.key) }
                + vocabulary.addedTokens
        }
        // A token that is described by itself keeps that description; otherwise the last role to name it decides.
        var described = Dictionary(listed!.map { ($0.content, $0) }) { $1 }
        let own = Set(described.keys)
        for role in Role.allCases {
            if let token = roles[role], !own.contains(token.content) { described[token.content] = token }
        }

        var found: [(description: AddedTokenDescription, id: Int32)] = []
        for token in described.values {
            guard let id = vocabulary.ids[token.content] else {
                throw TokenizerError(
                    .unknownToken, file: "tokenizer_config.json",
                    "names the special token \"\(token.content.prefix(40))\", which the vocabulary does not have")
            }
            found.append((token, id))
        }
        ids = roles.compactMapValues { vocabulary.ids[$0.content] }
        raw = AddedTokens(found.filter { !$0.description.normalized })
        normalized = AddedTokens(found.filter(\.description.normalized))
        contextLength = configuration.contextLength
    }

    /// The id of a role's token.
    func id(_ role: Role) throws -> Int32 {
        guard let id = ids[role] else {
            throw TokenizerError(.unknownToken, file: "tokenizer_config.json", "has no \(role.rawValue)")
        }
        return id
    }
}

extension SpecialTokens {
    /// The ids of a text as transformers makes them: special tokens by their own ids, found before and after the text
    /// between them is normalised, and the words of what is left.
    func ids(
        of text: String, normalize: (Scalars) -> Scalars = { $0 }, words: (Scalars, inout [Int32]) -> Void
    ) -> [Int32] {
        var ids: [Int32] = []
        for segment in raw.split(Array(text.unicodeScalars)[...]) {
            switch segment {
            case .token(let id): ids.append(id)
            case .text(let between):
                for segment in normalized.split(normalize(between)) {
                    switch segment {
                    case .token(let id): ids.append(id)
                    case .text(let rest): words(rest, &ids)
                    }
                }
            }
        }
        return ids
    }
}

/// What `tokenizer_config.json` and `special_tokens_map.json` say about special tokens.
private struct Configuration: Decodable {
    var roles: [SpecialTokens.Role: AddedTokenDescription] = [:]
    var addedTokens: [AddedTokenDescription]?
    var contextLength: Int?

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        for role in SpecialTokens.Role.allCases {
            roles[role] = try container.decodeIfPresent(AddedTokenDescription.self, forKey: Key(role.rawValue))
        }
        addedTokens =
            try container
            .decodeIfPresent([String: AddedTokenDescription].self, forKey: Key("added_tokens_decoder"))
            .map { $0.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }.map(\.value) }
        // A tokenizer without a limit writes 1e30 here.
        let length = try container.decodeIfPresent(Double.self, forKey: Key("model_max_length"))
        contextLength = length.flatMap { Int(exactly: $0) }.flatMap { (2...1_000_000).contains($0) ? $0 : nil }
    }
}
