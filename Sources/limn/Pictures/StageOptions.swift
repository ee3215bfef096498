import ArgumentParser
import ImageGeneration

/// How carefully a model draws: a preset, and what a stage does otherwise.
struct StageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("One of the model's presets, such as draft, standard or best.", valueName: "name"))
    var preset: String?

    @Option(help: ArgumentHelp("Steps of the decoder, or of another stage: prior=25. May be repeated.", valueName: "n"))
    var steps: [StageValue<Int>] = []

    @Option(
        help: ArgumentHelp(
            "Guidance scale of the decoder, or of another stage: prior=4. May be repeated.", valueName: "scale"))
    var guidance: [StageValue<Double>] = []

    @Option(
        help: ArgumentHelp(
            "Solver of the decoder, or of another stage: super_res=ddim. May be repeated.", valueName: "name"))
    var solver: [StageValue<String>] = []

    @Option(
        help: ArgumentHelp(
            "Of models that draw tokens: what logits are divided by; 0 takes the likeliest token.", valueName: "t"))
    var temperature: [StageValue<Double>] = []

    @Option(
        help: ArgumentHelp(
            "Of models that draw tokens: how many of the likeliest are chosen from.", valueName: "k"))
    var topK: [StageValue<Int>] = []

    var stages: [String: StageSettings] {
        var stages: [String: StageSettings] = [:]
        for value in steps { stages[value.stage, default: StageSettings()].steps = value.value }
        for value in guidance { stages[value.stage, default: StageSettings()].guidance = value.value }
        for value in solver { stages[value.stage, default: StageSettings()].solver = value.value }
        for value in temperature { stages[value.stage, default: StageSettings()].temperature = value.value }
        for value in topK { stages[value.stage, default: StageSettings()].topK = value.value }
        return stages
    }
}
