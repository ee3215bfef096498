/// The fields of the endpoints that draw: the contract as data.
enum ImageFields {
    static let sizes = ["256x256", "512x512", "1024x1024"]
    static let pictureLimit = 4 << 20

    static let generations: [Field] =
        [
            Field("prompt", .string(1...1000), isRequired: true, "What to draw."),
            Field("negative_prompt", .string(0...1000), "What not to draw."),
        ] + common + files + streaming + drawing

    static let edits: [Field] =
        [
            Field(
                "image", .file, isRequired: true,
                "A square PNG of less than 4 MB. Without a mask it is painted anew where its own alpha is 0."),
            Field("mask", .file, "A PNG of the same size, which is painted anew where its alpha is 0."),
            Field("prompt", .string(1...1000), isRequired: true, "What the whole picture shall show."),
            Field("negative_prompt", .string(0...1000), "What it shall not show."),
        ] + common + files + streaming + drawing

    static let variations: [Field] =
        [Field("image", .file, isRequired: true, "A square PNG of less than 4 MB.")] + common + files + drawing

    private static let common: [Field] = [
        Field(
            "model", .string(1...200), standard: "dall-e-2",
            "The model's name; dall-e-2 is the server's default model."),
        Field("n", .integer(1...10), standard: 1, "How many pictures."),
        Field("size", .choice(sizes), standard: "1024x1024", "Width and height in pixels; auto is the default."),
        Field(
            "response_format", .choice(["url", "b64_json"]), standard: "url",
            "An address that is good for 60 minutes, or the file itself in base64."),
        Field("user", .string(0...1000), "Whatever the caller calls its user; not kept."),
        Field("safety_identifier", .string(0...1000), "As user."),
        Field("quality", .choice(["standard", "auto"]), standard: "auto", "Taken for the clients' sake."),
    ]

    private static let files: [Field] = [
        Field("output_format", .choice(["png", "jpeg", "webp"]), standard: "png", "The file format."),
        Field("output_compression", .integer(0...100), standard: 100, "The quality of jpeg and webp."),
        Field("background", .choice(["auto", "opaque"]), standard: "auto", "Taken for the clients' sake."),
        Field("style", .choice(["vivid", "natural"]), standard: "vivid", "Taken for the clients' sake."),
        Field("moderation", .choice(["auto"]), standard: "auto", "Taken for the clients' sake."),
    ]

    private static let streaming: [Field] = [
        Field("stream", .boolean, standard: false, "Whether to answer by server-sent events."),
        Field("partial_images", .integer(0...3), standard: 0, "How many unfinished states of each picture to send."),
    ]

    private static let drawing: [Field] = [
        Field(
            "seed", .integer(0...Int(UInt32.max)),
            "Picture i is drawn with seed + i, and the same seed draws the same picture."),
        Field("guidance_scale", .number(0...1000), "How closely the decoder follows the prompt; 1 is not at all."),
        Field("steps", .integer(1...1000), "How many steps the decoder takes."),
        Field("sampler", .string(1...40), "The decoder's solver, such as ddim."),
    ]
}
