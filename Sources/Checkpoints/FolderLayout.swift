import Foundation

/// How the files of a model lie in a folder that has no `model_index.json`.
public struct FolderLayout: Sendable {
    /// The files of one component. All paths are relative to the model's folder; of several, the first that is there
    /// counts.
    public struct Component: Sendable {
        /// What `model_index.json` would call its class; nil: nothing.
        var className: String?
        /// The file that configures it.
        var configurations: [String]
        /// Files of weights, without their endings.
        var weights: [String]
        /// Folders of other files, such as vocabularies; `.` is the model's own, which is always there.
        var folders: [String]
        /// What the weights' names become; nil: they are the network's own.
        var keys: KeyMap?

        public init(
            className: String? = nil, configurations: [String] = [], weights: [String] = [], folders: [String] = [],
            keys: KeyMap? = nil
        ) {
            self.className = className
            (self.configurations, self.weights, self.folders, self.keys) = (configurations, weights, folders, keys)
        }
    }

    /// What stands for the class of the pipeline that `model_index.json` would name.
    public let pipelineClass: String
    public let components: [String: Component]
    /// The component whose weights tell this layout from others.
    let mark: String

    public init(pipelineClass: String, mark: String, components: [String: Component]) {
        (self.pipelineClass, self.mark, self.components) = (pipelineClass, mark, components)
    }

    /// Whether a folder holds a model of this layout, as far as file names tell.
    func isPresent(in folder: URL) -> Bool {
        WeightFiles.candidates(components[mark]?.weights ?? []).contains(where: folder.has)
    }
}

extension FolderLayout.Component {
    /// Whether a folder holds something of it.
    func isPresent(in folder: URL) -> Bool {
        configurations.contains(where: folder.has) || WeightFiles.candidates(weights).contains(where: folder.has)
            || folders.contains(where: folder.hasFolder)
    }

    /// A component in the diffusers layout: a folder, by its path from the model's.
    public static func diffusers(_ name: String, className: String? = nil) -> FolderLayout.Component {
        var component = FolderLayout.Component(
            configurations: ["config.json", "scheduler_config.json", "preprocessor_config.json"].map {
                "\(name)/\($0)"
            },
            weights: ["diffusion_pytorch_model", "model", "pytorch_model"].map { "\(name)/\($0)" }, folders: [name])
        component.className = className
        return component
    }
}

/// What files of weights are called.
enum WeightFiles {
    private static let endings = ["safetensors", "bin", "pt", "ckpt", "msgpack"]

    /// The files that may hold weights, the best first.
    ///
    /// - Parameter stems: paths without endings.
    static func candidates(_ stems: [String]) -> [String] {
        ["", ".fp16"].flatMap { variant in
            endings.flatMap { ending in
                stems.flatMap { ["\($0)\(variant).\(ending)", "\($0).\(ending).index\(variant).json"] }
            }
        }
    }

    static func isIndex(_ path: String) -> Bool { path.hasSuffix(".json") }
}

extension URL {
    /// Whether there is something in this folder under a relative path.
    func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: appending(path: path).path) }

    func hasFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: appending(path: path).path, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}
