import ContentPolicy
import Imaging
import Service
import Store

/// The content policy as what looks at drawn pictures before anybody sees them.
struct PolicyScreen: PictureScreen {
    private let policy: Policy

    /// Nil where the policy looks at no pictures.
    init?(_ policy: Policy) {
        guard policy.pictures.checksPictures else { return nil }
        self.policy = policy
    }

    func decision(on image: ImageBuffer, subject: PolicyDecision.Subject) async throws -> PolicyDecision? {
        let decision = try await policy.decide(picture: image, as: subject == .output ? .output : .upload)
        return PolicyDecision(decision, on: subject)
    }
}
