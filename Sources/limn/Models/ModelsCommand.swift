import ArgumentParser
import Foundation
import HubCache
import Pipelines

struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Fetch models, show what is installed and what it can do.",
        discussion: """
            Models are looked for by name in the folders that LIMN_MODELS lists (separated by colons), in Models beside \
            the program, in the user's data folder, and by OWNER/NAME in the cache that huggingface_hub keeps. A folder's \
            path works everywhere a name does.

            EXAMPLES
              limn models                                  what is installed
              limn models list --available                 what can be pulled by a short name
              limn models pull karlo                       all that Karlo needs
              limn draw "a red frog" --model karlo         and a picture by it
              limn models info limn-mini
              limn models import ~/checkpoints/karlo
              limn models verify karlo
              limn models remove karlo

            ENVIRONMENT
              HF_HOME, HF_HUB_CACHE   where pulled files lie (default: ~/.cache/huggingface/hub)
              HF_ENDPOINT             a mirror of the hub
              HF_TOKEN                a token for repositories that want one
              HF_HUB_OFFLINE          1 leaves the network alone
            """,
        subcommands: [List.self, Info.self, Pull.self, Import.self, Verify.self, Remove.self],
        defaultSubcommand: List.self)

    /// The user's own folder of models.
    static func userFolder() throws -> URL {
        guard let folder = ModelLibrary.userFolder() else {
            throw HubError(.unwritable, "models", "there is no data folder for this user; set XDG_DATA_HOME")
        }
        return folder
    }
}
