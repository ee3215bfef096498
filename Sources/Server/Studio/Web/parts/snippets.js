// Programs that draw with a key. Code is code in every language.

export const snippets = {
  python: {
    name: "Python",
    text: (origin, key) => `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${key}")
image = client.images.generate(prompt="a sleepy owl", n=1, size="512x512")
print(image.data[0].url)`,
  },
  curl: {
    name: "curl",
    text: (origin, key) => `curl ${origin}/v1/images/generations \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"prompt": "a sleepy owl", "n": 1, "size": "512x512"}'`,
  },
  swift: {
    name: "Swift",
    text: (origin, key) => `import Foundation

var request = URLRequest(url: URL(string: "${origin}/v1/images/generations")!)
request.httpMethod = "POST"
request.setValue("Bearer ${key}", forHTTPHeaderField: "Authorization")
request.setValue("application/json", forHTTPHeaderField: "Content-Type")
request.httpBody = try JSONSerialization.data(
    withJSONObject: ["prompt": "a sleepy owl", "n": 1, "size": "512x512"])
let (data, _) = try await URLSession.shared.data(for: request)
print(String(decoding: data, as: UTF8.self))`,
  },
};
