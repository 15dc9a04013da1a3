#include "engine/api/engine.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "api_stamp.h"
#include "engine/base/error.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
constexpr const char* kModuleName = "libspritekiln_engine.so";

// SPRITEKILN_ENGINE, else beside the program, else where `make install` puts it.
fs::path module_path() {
  if (const char* given = std::getenv("SPRITEKILN_ENGINE")) return given;
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (fs::exists(folder / kModuleName, error)) return folder / kModuleName;
  return folder.parent_path() / "lib" / "spritekiln" / kModuleName;
}

}  // namespace

std::unique_ptr<Engine> open_engine(const EngineOptions& options) {
  const fs::path path = module_path();
  if (!fs::exists(path))
    throw Failure(ErrorCode::kNotFound, "the engine is missing: " + path.string(), "install or build Spritekiln again");
  void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr)
    throw Failure(ErrorCode::kInternal, "the engine cannot be loaded", "install the packages that the README names", dlerror());
  const auto stamp = reinterpret_cast<const char* (*)()>(dlsym(module, "spritekiln_api_stamp"));
  const auto make = reinterpret_cast<Engine* (*)(const EngineOptions&)>(dlsym(module, "spritekiln_make_engine"));
  if (stamp == nullptr || make == nullptr || std::string_view(stamp()) != SPRITEKILN_API_STAMP) {
    throw Failure(ErrorCode::kInternal, "the engine " + path.string() + " does not belong to this program",
                  "build or install both again, from one version");
  }
  return std::unique_ptr<Engine>(make(options));
}

}  // namespace kiln
