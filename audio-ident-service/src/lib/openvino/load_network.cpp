#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "lib/openvino/network.hpp"

#if AUDIO_IDENT_SANITIZED
// What OpenVINO keeps until the end is not ours to free.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that the sanitizer looks for
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libopenvino\nleak:libtbb\nleak:libhwloc\n";
}
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that the sanitizer looks for
extern "C" const char* __lsan_default_options() {
    return "print_suppressions=0";
}
// They mistake how OpenVINO's libraries keep data of threads.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the name that the sanitizer looks for
extern "C" const char* __asan_default_options() {
    return "intercept_tls_get_addr=0";
}
#endif

namespace audio_ident::openvino {

namespace {

namespace fs = std::filesystem;

constexpr int kFirstOnnxByte = 8;  // the tag of ir_version
constexpr const char* kModule = "audio-ident-openvino.so";

struct Module {
    LoadFunction load = nullptr;
    std::string problem;
};

/// Where the module is installed, seen from the program; otherwise where the build left it.
fs::path module_path() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    fs::path installed = program.parent_path().parent_path() / "lib" / "audio-ident" / kModule;
    if (!error && fs::exists(installed, error)) return installed;
    return fs::path(AUDIO_IDENT_MODULE_FOLDER) / kModule;
}

Module open_module() {
    std::error_code ignored;
    const fs::path path = module_path();
    if (!fs::exists(path, ignored)) return {nullptr, "this program was built without OpenVINO"};
#if AUDIO_IDENT_SANITIZED
    setenv("TBB_ENABLE_SANITIZERS", "1", 0);  // TBB would load a library in a way that they refuse
#endif
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* function = handle ? dlsym(handle, kLoadFunction) : nullptr;
    if (!function) return {nullptr, dlerror()};
    return {reinterpret_cast<LoadFunction>(function), {}};
}

}  // namespace

Result<std::unique_ptr<Network>> load_network(const NetworkSource& onnx, const NetworkOptions& options) {
    static const Module module = open_module();  // stays loaded: threads of its libraries run until the end
    if (!module.load) {
        return fail(ErrorKind::not_available,
                    "cannot run music models: {}; `make setup` fetches OpenVINO, then build and install again",
                    module.problem);
    }
    if (const auto* path = std::get_if<fs::path>(&onnx)) {
        std::error_code ignored;
        if (!fs::is_regular_file(*path, ignored))
            return fail(ErrorKind::not_available, "there is no file {}", path->string());
        // OpenVINO would take it for something else, and try what it may be.
        if (std::ifstream(*path, std::ios::binary).get() != kFirstOnnxByte)
            return fail(ErrorKind::corrupt, "{} is no ONNX file", path->string());
    }
    Result<std::unique_ptr<Network>> loaded;
    module.load(onnx, options, loaded);
    return loaded;
}

}  // namespace audio_ident::openvino
