// One import for programs that draw: requests and events, pictures and their files, and the engine.
//
// The module is not called Limn because the program's own module is `limn`, and file systems that do not tell upper from
// lower case cannot hold both.
@_exported import ImageGeneration
@_exported import Imaging
@_exported import Pipelines
