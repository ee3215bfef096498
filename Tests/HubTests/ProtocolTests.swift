import Foundation
import HubCache
import Testing

@testable import Hub

struct ProtocolTests {
    @Test func tokensGoToTheHubOverPrivateWaysOnly() {
        let hub = "https://hub.example.org"
        #expect(HubClient.mayCarryToken("https://hub.example.org/api/models/a/b", endpoint: hub))
        #expect(HubClient.mayCarryToken("https://hub.example.org:443/x", endpoint: hub))
        #expect(!HubClient.mayCarryToken("https://hub.example.org:444/x", endpoint: hub))
        #expect(!HubClient.mayCarryToken("https://cdn.example.org/x", endpoint: hub))
        #expect(!HubClient.mayCarryToken("http://hub.example.org/x", endpoint: hub))
        #expect(!HubClient.mayCarryToken("http://mirror.example.org/x", endpoint: "http://mirror.example.org"))
        #expect(HubClient.mayCarryToken("http://127.0.0.1:8080/x", endpoint: "http://127.0.0.1:8080"))
    }

    @Test func retryAfterIsSecondsOrADate() {
        let now = Date(timeIntervalSince1970: 784_111_770)
        #expect(HubClient.retryAfter("120") == .seconds(120))
        #expect(HubClient.retryAfter("Sun, 06 Nov 1994 08:49:37 GMT", now: now) == .seconds(7))
        #expect(HubClient.retryAfter("soon") == nil && HubClient.retryAfter("-1") == nil)
    }

    @Test func pausesGrowAndEnd() {
        let policy = RetryPolicy()
        for failures in 1...8 {
            let whole = min(Duration.seconds(1 << (failures - 1)), .seconds(30))
            #expect((whole / 2...whole).contains(policy.delay(failures: failures)))
        }
    }

    @Test func theNextPageIsFound() {
        #expect(HubClient.nextPage("<https://h/p?cursor=a>; rel=\"next\"") == "https://h/p?cursor=a")
        #expect(HubClient.nextPage("<https://h/p>; rel=\"prev\", <https://h/q>; rel=\"next\"") == "https://h/q")
        #expect(HubClient.nextPage("<https://h/p>; rel=\"prev\"") == nil && HubClient.nextPage(nil) == nil)
    }

    @Test func byteCountsReadWell() {
        #expect(
            "\(ByteCount(0)) \(ByteCount(999)) \(ByteCount(1500)) \(ByteCount(3_540_000_000))"
                == "0 B 999 B 1.5 kB 3.5 GB")
        #expect("\(ByteCount(999_600)) \(ByteCount(12_300_000_000))" == "1.0 MB 12 GB")
    }
}
