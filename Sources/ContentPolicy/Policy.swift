import Foundation
import Imaging

/// What a host allows: rules for prompts, and a policy for pictures in and out.
public struct Policy: Sendable {
    public var prompts: PromptPolicy
    public var pictures: any PicturePolicy

    public init(prompts: PromptPolicy, pictures: any PicturePolicy = UncheckedPictures()) {
        self.prompts = prompts
        self.pictures = pictures
    }

    /// The rules that come with Limn.
    public static func standard(pictures: any PicturePolicy = UncheckedPictures()) throws(RulesError) -> Policy {
        Policy(prompts: PromptPolicy(try RuleSet.standard()), pictures: pictures)
    }

    /// The rules of a file in the format of `docs/policy.md`.
    /// - Throws: `RulesError` with the line and the rule, or with line 0 if the file cannot be read.
    public init(contentsOf file: URL, pictures: any PicturePolicy = UncheckedPictures()) throws(RulesError) {
        self.init(prompts: PromptPolicy(try RuleSet(contentsOf: file)), pictures: pictures)
    }

    /// Microseconds of work for a prompt of ordinary length; linear in its length.
    public func decide(prompt: String) -> Decision { prompts.decide(prompt) }

    /// - Throws: what kept `pictures` from judging; such a picture must not be shown.
    public func decide(picture: ImageBuffer, as role: PictureRole) async throws -> Decision {
        try await pictures.decide(picture, as: role)
    }

    /// What the policy page and `limn policy rules` tell.
    public var summary: PolicySummary { PolicySummary(self) }
}
