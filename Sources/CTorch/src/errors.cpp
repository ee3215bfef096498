#include <c10/util/Exception.h>

#include <new>
#include <string>

#include "ctorch.h"
#include "internal.h"

namespace {
struct Kept {
    int32_t kind = CT_ERROR_NONE;
    std::string operation, message;
};
thread_local Kept kept;
}  // namespace

namespace limn {

void keepError(int32_t kind, const char *operation, const char *message) noexcept {
    if (kept.kind != CT_ERROR_NONE) return;
    try {
        kept.operation = operation;
        kept.message = message;
    } catch (...) {
        // Out of memory while telling of it: the kind alone must do.
    }
    kept.kind = kind;
}

void keepCurrentException(const char *operation) noexcept {
    try {
        throw;
    } catch (const c10::OutOfMemoryError &error) {
        keepError(CT_ERROR_OUT_OF_MEMORY, operation, error.what_without_backtrace());
    } catch (const c10::AcceleratorError &error) {
        keepError(CT_ERROR_DEVICE, operation, error.what_without_backtrace());
    } catch (const c10::Error &error) {
        std::string text = error.what_without_backtrace();
        // The CPU allocator reports a failed allocation as a plain error.
        bool memory = text.find("not enough memory") != std::string::npos ||
                      text.find("allocate memory") != std::string::npos;
        keepError(memory ? CT_ERROR_OUT_OF_MEMORY : CT_ERROR_INVALID_ARGUMENT, operation, text.c_str());
    } catch (const std::bad_alloc &) {
        keepError(CT_ERROR_OUT_OF_MEMORY, operation, "no memory left");
    } catch (const std::exception &error) {
        keepError(CT_ERROR_INVALID_ARGUMENT, operation, error.what());
    } catch (...) {
        keepError(CT_ERROR_INVALID_ARGUMENT, operation, "unknown exception");
    }
}

}  // namespace limn

int32_t ct_error_kind(void) { return kept.kind; }
const char *ct_error_operation(void) { return kept.operation.c_str(); }
const char *ct_error_message(void) { return kept.message.c_str(); }
void ct_error_clear(void) { kept = Kept(); }
void ct_keep_error(int32_t kind, const char *operation, const char *message) {
    limn::keepError(kind, operation, message);
}
