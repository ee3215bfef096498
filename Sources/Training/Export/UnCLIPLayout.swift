import Models

/// The components of diffusers' unCLIP pipelines, as `model_index.json` names them.
enum UnCLIPLayout {
    /// The library of each component's class. `text_proj` is named by its module: the reference finds it nowhere else.
    static let libraries: [String: String] = [
        "prior": "diffusers", "decoder": "diffusers", "super_res_first": "diffusers", "super_res_last": "diffusers",
        "prior_scheduler": "diffusers", "decoder_scheduler": "diffusers", "super_res_scheduler": "diffusers",
        "text_proj": "diffusers.pipelines.deprecated.unclip.text_proj",
        "text_encoder": "transformers", "tokenizer": "transformers", "image_encoder": "transformers",
        "feature_extractor": "transformers",
    ]

    /// Classes of our own, whatever the component is called.
    private static let ownClasses: Set = [DynamicFilterUpsamplerConfig.className]

    /// The library that `model_index.json` names for a component; nil for one of our own, which `limn.json` lists.
    static func library(of component: ExportedComponent) -> String? {
        ownClasses.contains(component.className) ? nil : libraries[component.name]
    }

    /// What both pipelines have.
    private static let shared: Set = [
        "text_encoder", "tokenizer", "text_proj", "decoder", "decoder_scheduler", "super_res_first", "super_res_last",
        "super_res_scheduler",
    ]

    /// The pipelines, the one for texts first, and all that each needs.
    static let pipelines: [(className: String, components: Set<String>)] = [
        ("UnCLIPPipeline", shared.union(["prior", "prior_scheduler"])),
        ("UnCLIPImageVariationPipeline", shared.union(["image_encoder", "feature_extractor"])),
    ]

    /// Components that runs name otherwise: the two upsamplers share a scheduler.
    static let renamed = [
        "super_res_first_scheduler": "super_res_scheduler", "super_res_last_scheduler": "super_res_scheduler",
    ]
}
