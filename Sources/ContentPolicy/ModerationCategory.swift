/// What a text or a picture may be held to be; raw values are the keys of the moderations endpoint.
public enum ModerationCategory: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    case hate
    case hateThreatening = "hate/threatening"
    case harassment
    case harassmentThreatening = "harassment/threatening"
    case illicit
    case illicitViolent = "illicit/violent"
    case selfHarm = "self-harm"
    case selfHarmIntent = "self-harm/intent"
    case selfHarmInstructions = "self-harm/instructions"
    case sexual
    case sexualMinors = "sexual/minors"
    case violence
    case violenceGraphic = "violence/graphic"

    /// One sentence for people who read the policy.
    public var explanation: String {
        switch self {
        case .hate: "Contempt for people because of what they are: their origin, faith, sex, orientation or disability."
        case .hateThreatening: "Such contempt together with violence against them."
        case .harassment: "Insults and humiliation of a person."
        case .harassmentThreatening: "Threats against a person."
        case .illicit: "Instructions for crimes, such as making drugs or forging documents."
        case .illicitViolent: "Instructions for weapons, explosives and attacks."
        case .selfHarm: "Suicide, self-injury and eating disorders, shown or promoted."
        case .selfHarmIntent: "A person says that they are about to harm themselves."
        case .selfHarmInstructions: "How to harm oneself."
        case .sexual: "Sexual acts, pornography and nudity meant to arouse."
        case .sexualMinors: "Anything sexual that involves somebody under 18."
        case .violence: "Killing, torture and injury."
        case .violenceGraphic: "Gore: mutilation, entrails, executions in detail."
        }
    }
}
