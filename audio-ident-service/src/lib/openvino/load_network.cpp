#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "lib/openvino/network.hpp"

#if AUDIO_IDENT_SANITIZED
// OpenVINO keeps some memory until the program ends. That is not a leak of ours.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer requires this name
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libopenvino\nleak:libtbb\nleak:libhwloc\n";
}
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer requires this name
extern "C" const char* __lsan_default_options() {
    return "print_suppressions=0";
}
// The sanitizers misjudge how OpenVINO's libraries keep thread-local data.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer requires this name
extern "C" const char* __asan_default_options() {
    return "intercept_tls_get_addr=0";
}
#endif

namespace audio_ident::openvino {

namespace {

namespace fs = std::filesystem;

constexpr int kFirstOnnxByte = 8;  // The protobuf tag of the field ir_version.
constexpr const char* kModule = "audio-ident-openvino.so";

struct Module {
    LoadFunction load = nullptr;
    std::string problem;
};

/// The module's installed path, relative to the program; otherwise its path in the build folder.
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
    setenv("TBB_ENABLE_SANITIZERS", "1", 0);  // TBB would otherwise load a library in a way that the sanitizers reject.
#endif
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* function = handle ? dlsym(handle, kLoadFunction) : nullptr;
    if (!function) return {nullptr, dlerror()};
    return {reinterpret_cast<LoadFunction>(function), {}};
}

}  // namespace

Result<std::unique_ptr<Network>> load_network(const NetworkSource& onnx, const NetworkOptions& options) {
    // The module stays loaded, because threads of its libraries run until the program ends.
    static const Module module = open_module();
    if (!module.load) {
        return fail(ErrorKind::not_available,
                    "cannot run music models: {}; run `make setup` to download OpenVINO, then build and install again",
                    module.problem);
    }
    if (const auto* path = std::get_if<fs::path>(&onnx)) {
        std::error_code ignored;
        if (!fs::is_regular_file(*path, ignored))
            return fail(ErrorKind::not_available, "the file {} does not exist", path->string());
        // OpenVINO would otherwise try to read the file as another format.
        if (std::ifstream(*path, std::ios::binary).get() != kFirstOnnxByte)
            return fail(ErrorKind::corrupt, "{} is not an ONNX file", path->string());
    }
    Result<std::unique_ptr<Network>> loaded;
    module.load(onnx, options, loaded);
    return loaded;
}

}  // namespace audio_ident::openvino
