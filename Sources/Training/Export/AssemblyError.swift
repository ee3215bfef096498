/// Why trained parts do not make a model folder. Folders are named by their last component alone.
public enum AssemblyError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The folder holds no component.
    case noComponents(folder: String)
    /// The component's files do not say of which class it is.
    case unknownClass(component: String, expected: String)
    /// Two folders have the component, and not the same.
    case givenTwice(component: String)
    /// Components that are needed and were not given.
    case missing([String], neededBy: String)
    /// Components that the reference's pipeline does not have, and no manifest to say what they are for.
    case undeclared([String])
    case badManifest(reason: String)
    /// The folder exists and is not a model.
    case occupied(folder: String)

    public var description: String {
        switch self {
        case .noComponents(let folder):
            "\(folder) holds no component in a folder of its own; give the folder that a run leaves, RUN/model"
        case .unknownClass(let component, let expected):
            "the files of \(component) do not say of which class it is; expected \(expected)"
        case .givenTwice(let component):
            "\(component) is in two of the folders, and not the same; leave one out"
        case .missing(let names, let reader):
            "\(reader) needs \(names.joined(separator: ", ")), which none of the folders has"
        case .undeclared(let names):
            "\(names.joined(separator: ", ")) is not part of the reference's pipeline; a --manifest should say what for"
        case .badManifest(let reason): "the manifest \(reason)"
        case .occupied(let folder): "\(folder) exists and is not a model folder; choose another one or remove it"
        }
    }
}
