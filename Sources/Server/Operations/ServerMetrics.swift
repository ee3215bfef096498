import Synchronization

/// Figures of the requests, in the text format of Prometheus. Labels hold methods, routes and statuses alone.
final class ServerMetrics: Sendable {
    private struct Series: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private struct Histogram {
        var buckets = [Int](repeating: 0, count: ServerMetrics.bounds.count)
        var count = 0
        var sum = 0.0
    }

    /// Seconds.
    private static let bounds = [0.005, 0.02, 0.1, 0.5, 1, 5, 20, 60]
    private static let methods: Set = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"]

    private let state = Mutex<(requests: [Series: Int], times: [String: Histogram])>(([:], [:]))

    func note(method: String, route: String, status: Int, seconds: Double) {
        // Other methods are whatever a client makes up.
        let series = Series(method: Self.methods.contains(method) ? method : "other", route: route, status: status)
        state.withLock { state in
            state.requests[series, default: 0] += 1
            var histogram = state.times[route] ?? Histogram()
            for (place, bound) in Self.bounds.enumerated() where seconds <= bound { histogram.buckets[place] += 1 }
            histogram.count += 1
            histogram.sum += seconds
            state.times[route] = histogram
        }
    }

    func text(waiting: Int, running: Int) -> String {
        let (requests, times) = state.withLock { ($0.requests, $0.times) }
        var lines = [
            "# HELP limn_jobs_waiting Jobs that wait.", "# TYPE limn_jobs_waiting gauge",
            "limn_jobs_waiting \(waiting)",
            "# HELP limn_jobs_running Jobs that are drawn.", "# TYPE limn_jobs_running gauge",
            "limn_jobs_running \(running)", "# HELP limn_http_requests_total Requests that were answered.",
            "# TYPE limn_http_requests_total counter",
        ]
        lines += requests.map { series, count in
            "limn_http_requests_total{method=\"\(series.method)\",route=\"\(series.route)\",status=\"\(series.status)\"} "
                + "\(count)"
        }.sorted()
        lines += [
            "# HELP limn_http_request_seconds Time until an answer began.",
            "# TYPE limn_http_request_seconds histogram",
        ]
        for (route, histogram) in times.sorted(by: { $0.key < $1.key }) {
            let name = "limn_http_request_seconds"
            for (bound, count) in zip(Self.bounds, histogram.buckets) {
                lines.append("\(name)_bucket{route=\"\(route)\",le=\"\(bound)\"} \(count)")
            }
            lines.append("\(name)_bucket{route=\"\(route)\",le=\"+Inf\"} \(histogram.count)")
            lines.append("\(name)_sum{route=\"\(route)\"} \(histogram.sum)")
            lines.append("\(name)_count{route=\"\(route)\"} \(histogram.count)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
