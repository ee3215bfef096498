import Imaging
import Store

/// Something that happened to a job.
public struct JobEvent: Sendable {
    /// The event's place: of one run of the server, and a number that grows.
    public struct ID: Hashable, Sendable, CustomStringConvertible {
        var epoch: String
        var number: Int

        init(epoch: String, number: Int) {
            self.epoch = epoch
            self.number = number
        }

        /// Reads what `description` gave, such as a `Last-Event-ID`; nil for anything else.
        public init?(_ text: String) {
            let parts = text.split(separator: "-")
            guard parts.count == 2, let number = Int(parts[1]), number >= 0 else { return nil }
            self.init(epoch: String(parts[0]), number: number)
        }

        public var description: String { "\(epoch)-\(number)" }
    }

    public enum Kind: Sendable {
        /// The job changed; the one with a final state is the job's last event.
        case status(JobStatus)
        /// A picture that is not finished: its place in the job, and how many previews of it came before.
        case preview(index: Int, number: Int, ImageBuffer)
        /// A picture is done and in the store.
        case picture(Picture)
        /// Something that the asker should know.
        case note(String)
        /// Nothing happened for a while.
        case keepalive
    }

    public var id: ID
    /// Nil for a keepalive.
    public var job: Job.ID?
    public var kind: Kind
}
