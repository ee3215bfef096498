// As libtorch itself is built: without it `RecordFunction` has another layout.
#ifndef NDEBUG
#define NDEBUG
#endif
#include <ATen/record_function.h>

#include <string>

#include "ctorch.h"

namespace {
struct Observer {
    void *context;
    void (*seen)(void *, const char *, const char *);
    at::CallbackHandle handle;
    Observer *outer;
};
/// The callback is a plain function; it finds its observer here.
thread_local Observer *current = nullptr;

/// `2x78x64,64x64`: the tensors' shapes in the order of the operands.
std::string shapes(const at::RecordFunction &function) {
    std::string text;
    for (const auto &input : function.inputs()) {
        if (!input.isTensor() || !input.toTensor().defined()) continue;
        if (!text.empty()) text += ',';
        bool first = true;
        for (auto size : input.toTensor().sizes()) {
            if (!first) text += 'x';
            text += std::to_string(size);
            first = false;
        }
    }
    return text;
}

std::unique_ptr<at::ObserverContext> start(const at::RecordFunction &function) {
    if (current != nullptr) current->seen(current->context, function.name(), shapes(function).c_str());
    return nullptr;
}
}  // namespace

void *ct_observe_begin(void *context, void (*seen)(void *, const char *, const char *)) {
    auto callback = at::RecordFunctionCallback(start).needsInputs(true).scopes({at::RecordScope::FUNCTION});
    auto observer = new Observer{context, seen, at::addThreadLocalCallback(callback), current};
    current = observer;
    return observer;
}

void ct_observe_end(void *observer) {
    auto ended = static_cast<Observer *>(observer);
    at::removeCallback(ended->handle);
    current = ended->outer;
    delete ended;
}
