import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite(.serialized)
struct WeightShardsTests {
    private func open(_ map: String) throws -> [String: [Float]] {
        try withTemporaryFolder { folder in
            try SafetensorsWriter.write([("a", Tensor([1] as [Float]))], to: folder.appending(path: "1.safetensors"))
            try SafetensorsWriter.write([("b", Tensor([2] as [Float]))], to: folder.appending(path: "2.safetensors"))
            try folder.write(map, to: "x.index.json")
            let index = try WeightShards(folder.appending(path: "x.index.json"), name: "unet/x.index.json")
            return try Dictionary(
                uniqueKeysWithValues: index.keys.map {
                    ($0, try index.tensor($0, dtype: .float32, device: .cpu).floats())
                })
        }
    }

    @Test func findsKeysInShards() throws {
        let found = try open(
            #"{"metadata": {"total_size": 8}, "weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}"#)
        #expect(found == ["a": [1], "b": [2]])
    }

    @Test(
        arguments: [
            (#"{"weight_map": {"a": "1.safetensors", "c": "2.safetensors"}}"#, .missingKey, "unet/2.safetensors"),
            (#"{"weight_map": {"a": "2.safetensors", "b": "1.safetensors"}}"#, .missingKey, nil),
            (#"{"weight_map": {"a": "3.safetensors"}}"#, .missingFile, "unet/3.safetensors"),
            (#"{"weight_map": {"a": "../x.safetensors"}}"#, .malformed, "unet/x.index.json"),
            (#"{"weight_map": {"a": 1}}"#, .malformed, "unet/x.index.json"),
            (#"{"weight_map": []}"#, .malformed, "unet/x.index.json"), ("{", .malformed, "unet/x.index.json"),
        ] as [(String, CheckpointError.Kind, String?)])
    func refuses(_ map: String, _ kind: CheckpointError.Kind, _ file: String?) {
        let error = #expect(throws: CheckpointError.self) { try open(map) }
        #expect(error?.kind == kind)
        #expect(file == nil || error?.file == file)
    }

    @Test func refusesKeysThatTheIndexDoesNotName() throws {
        try withTemporaryFolder { folder in
            try SafetensorsWriter.write(
                [("a", Tensor([1] as [Float])), ("b", Tensor([1] as [Float]))],
                to: folder.appending(path: "1.safetensors"))
            try folder.write(#"{"weight_map": {"a": "1.safetensors"}}"#, to: "x.index.json")
            let error = #expect(throws: CheckpointError.self) {
                try WeightShards(folder.appending(path: "x.index.json"))
            }
            #expect(error?.key == "b")
        }
    }
}
