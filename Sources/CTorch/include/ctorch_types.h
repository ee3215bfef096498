#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A counted reference to a tensor; NULL where the operation that should have made it failed.
typedef struct CTTensorImpl *CTTensor;
typedef struct CTGeneratorImpl *CTGenerator;
